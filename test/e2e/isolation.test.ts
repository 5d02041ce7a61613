import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import t, { type Test } from 'tap';
import { type Operation, toolName } from '../../src/kernel/operation.ts';
import { RECORDS } from '../../src/rooms/index.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { recordFields, sampleOf, type Things } from '../surfaces/samples.ts';
import { type Answer, LAUNCHER, Stage } from './stage.ts';

/** Not walked, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  demo: 'works on clones of its own',
};
/** Walked last: after them a ledger is not what it was. */
const LAST = ['ledger.authority', 'leave'];
const WALK = [...OPERATIONS]
  .filter(({ name }) => !(name in ELSEWHERE))
  .sort((a, b) => LAST.indexOf(a.name) - LAST.indexOf(b.name));

/** One ledger with all that is in it, as an agent and a shell see it. */
interface Side {
  things: Things;
  call(operation: Operation, input: object): Promise<Answer>;
  /** Refs of this ledger, each with what it points at: nothing can change without one of them. */
  refs(): Promise<string>;
}

async function open(
  t: Test,
  stage: Stage,
  { name, cwd, gitDir, ledger = 'main' }: { name: string; cwd: string; gitDir: string; ledger?: string },
): Promise<Side & { look(): Promise<void> }> {
  const env = { LEDGENTER_ACTOR: `actor-${name}`, LEDGENTER_LEDGER: ledger };
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [LAUNCHER, 'mcp', '--toolsets', 'all'],
    cwd,
    env: stage.env(env),
    stderr: 'ignore',
  });
  const client = new Client({ name: 'isolation', version: '1.0.0' });
  await client.connect(transport);
  t.teardown(() => client.close());
  const side = {
    things: { mark: `only-in-${name}`, actor: 'me', ids: {} } as Things,
    async call(operation: Operation, input: object): Promise<Answer> {
      const tool = toolName(operation);
      if (operation.cliOnly)
        return (await stage.run(cwd, ['call', tool, JSON.stringify(input)], { as: env.LEDGENTER_ACTOR, env })).answer;
      const result = await client.callTool({ name: 'call', arguments: { tool, input } });
      return result.structuredContent;
    },
    async refs() {
      const all = await stage.git(gitDir, 'for-each-ref', `refs/ledgenter/${ledger}`, `refs/ledgenter-local/${ledger}`);
      // A look at the remote moves what was last seen there; it writes nothing.
      return all
        .split('\n')
        .filter(line => !line.endsWith('/seen'))
        .join('\n');
    },
    /** Learns an id of every kind that the book has. */
    async look() {
      const files = await stage.git(gitDir, 'ls-tree', '-r', '--name-only', `refs/ledgenter/${ledger}/book`);
      const ids: Record<string, string> = {};
      for (const path of files.split('\n'))
        for (const def of RECORDS) {
          const at = def.at(path);
          if (at) ids[def.kind] ??= at.id;
        }
      side.things = { ...side.things, ids };
    },
  };
  return side;
}

/** Walks all operations with good inputs, twice: the second time there are records to speak of. */
async function fill(side: Side & { look(): Promise<void> }, see: (operation: Operation, answer: Answer) => void) {
  for (const _ of ['first', 'second']) {
    for (const operation of WALK)
      if (!LAST.includes(operation.name)) see(operation, await side.call(operation, sampleOf(operation, side.things)));
    await side.look();
  }
}

/** The answer as text, without what was asked for: an error may name it. */
function textOf(answer: Answer, asked: string): string {
  return JSON.stringify(answer).replaceAll(asked, '');
}

/** Every operation of `one`, with its own inputs and then with each id and key of `other`. */
async function walk(t: Test, one: Side & { look(): Promise<void> }, other: Side) {
  const theirs = await other.refs();
  const { mark, ids } = other.things;
  await fill(one, (operation, answer) => {
    t.not(answer?.error?.code, 'INTERNAL', `${operation.name}: ${JSON.stringify(answer)}`);
    t.notMatch(JSON.stringify(answer), mark, `${operation.name} shows nothing of the other ledger`);
  });
  t.equal(await other.refs(), theirs, 'the other ledger is as it was');
  const tried = new Set<string>();
  for (const operation of WALK) {
    for (const { field, kind, many, makes } of recordFields(operation)) {
      const id = ids[kind];
      if (id === undefined || makes) continue;
      tried.add(kind);
      const before = await one.refs();
      const input = { ...sampleOf(operation, one.things), [field]: many ? [id] : id };
      const answer = await one.call(operation, input);
      const what = `${operation.name} ${field}=${id}`;
      t.notMatch(textOf(answer, id), mark, `${what}: nothing of it is shown`);
      // What an agent says of a task is kept as it says it, beside the book: it need not be there.
      if (answer.ok && operation.name !== 'event.log')
        t.equal(operation.kind, 'read', `${what}: ${JSON.stringify(answer)}`);
      t.equal(await one.refs(), before, `${what}: nothing is written`);
    }
  }
  t.ok(['task', 'project', 'skill'].every(kind => tried.has(kind)));
  for (const operation of WALK.filter(({ name }) => LAST.includes(name)))
    await one.call(operation, sampleOf(operation, one.things));
  t.equal(await other.refs(), theirs, 'the other ledger is as it was, to the end');
}

t.test('two ledgers in one repository: none finds or changes anything of the other', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('repo');
  const gitDir = join(cwd, '.git');
  for (const ledger of ['main', 'second'])
    await stage.ok(cwd, ['init'], { as: `actor-${ledger}`, env: { LEDGENTER_LEDGER: ledger } });
  const second = await open(t, stage, { name: 'second', cwd, gitDir, ledger: 'second' });
  const main = await open(t, stage, { name: 'main', cwd, gitDir });
  await fill(second, () => {});
  await walk(t, main, second);
});

t.test('two homes on one machine: none finds or changes anything of the other', async t => {
  const stage = new Stage(t.testdir());
  const sides: (Side & { look(): Promise<void> })[] = [];
  const seen = new Set<string>();
  for (const name of ['north', 'south']) {
    const hub = await stage.remote(`${name}.git`);
    const cwd = await stage.repository(`checkout-${name}`);
    await stage.ok(cwd, ['init', '--home', hub, '--publish'], { as: `actor-${name}` });
    const gitDir = homes(stage).find(path => !seen.has(path))!;
    seen.add(gitDir);
    sides.push(await open(t, stage, { name, cwd, gitDir }));
  }
  const [north, south] = sides;
  await fill(south!, () => {});
  await walk(t, north!, south!);
});

/** The bare clones that keep the books of homes. */
function homes(stage: Stage): string[] {
  const root = stage.path('home', '.ledgenter', 'ledgers');
  const found = readdirSync(root, { recursive: true }).map(String);
  return found.filter(path => path.endsWith('.git')).map(path => join(root, path));
}
