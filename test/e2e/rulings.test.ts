import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import t from 'tap';
import { Forger, recordText } from './forger.ts';
import { type Answer, LAUNCHER, Stage } from './stage.ts';

const RULING = ['--choice', 'UTC everywhere', '--rationale', 'two zones disagreed'];

async function begin(t: { testdir(): string }) {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['one', 'two']);
  const [one, two] = [clones[0]!, clones[1]!];
  const log = async (cwd: string, title: string, ...flags: string[]): Promise<string> =>
    (await stage.ok(cwd, ['decision', 'log', title, ...RULING, ...flags])).decision.id;
  const write = async (cwd: string, title: string, body: string, ...flags: string[]): Promise<string> =>
    (await stage.ok(cwd, ['knowledge', 'write', title, '--body', body, ...flags])).knowledge.id;
  const sync = (cwd: string) => stage.ok(cwd, ['sync']);
  return { stage, remote, one, two, log, write, sync };
}

t.test('two clones supersede one ruling offline: one holds, the other is parked and told', async t => {
  const { stage, one, two, log, sync } = await begin(t);
  const first = await log(one, 'Clock');
  await sync(one);
  await sync(two);
  const mine = await log(one, 'Clock of one', '--supersedes', first);
  const theirs = await log(two, 'Clock of two', '--supersedes', first);
  await sync(one);
  const { parked } = await sync(two);
  t.match(parked, [{ op: 'decision.log', reason: new RegExp(`superseded already, by ${mine}`) }]);
  for (const cwd of [one, two]) {
    const { decisions, total } = await stage.ok(cwd, ['decision', 'query']);
    t.match({ decisions, total }, { decisions: [{ id: mine, title: 'Clock of one' }], total: 1 });
    t.match(await stage.ok(cwd, ['decision', 'query', '--history']), {
      decisions: [{ id: first, superseded_by: mine }],
    });
  }
  t.equal((await stage.run(two, ['decision', 'get', theirs])).code, 66);
  t.same(await stage.faults(one), []);
});

t.test(
  'two clones revise one page offline: both revisions are kept, unless the later said which it had seen',
  async t => {
    const { stage, one, two, write, sync } = await begin(t);
    const page = await write(one, 'Restart', 'Stop it.');
    await sync(one);
    await sync(two);
    await write(one, 'Restart', 'Stop it, wait.', '--knowledge-id', page);
    await write(two, 'Restart', 'Stop it, start it.', '--knowledge-id', page);
    await sync(one);
    t.match(await sync(two), { parked: [] });
    t.match(await stage.ok(two, ['knowledge', 'get', page]), {
      knowledge: { revision: 3, body: 'Stop it, start it.' },
    });
    t.match(await stage.ok(two, ['knowledge', 'get', page, '--revision', '2']), {
      knowledge: { body: 'Stop it, wait.' },
    });
    await sync(one);
    await write(one, 'Restart', 'Call somebody.', '--knowledge-id', page, '--expected-revision', '3');
    await write(two, 'Restart', 'Call nobody.', '--knowledge-id', page, '--expected-revision', '3');
    await sync(one);
    t.match((await sync(two)).parked, [{ op: 'knowledge.write', reason: /has revision 4, not 3/ }]);
    t.match(await stage.ok(two, ['knowledge', 'get', page]), { knowledge: { revision: 4, body: 'Call somebody.' } });
    t.same(await stage.faults(two), []);
  },
);

t.test('a ruling edited, and a page whose past is changed, with plain git: verify names them', async t => {
  const { stage, one, log, write } = await begin(t);
  const [ruling, page] = [await log(one, 'Clock'), await write(one, 'Restart', 'Stop it.')];
  await write(one, 'Restart', 'Stop it, start it.', '--knowledge-id', page);
  const forger = new Forger(stage, one);
  const below = async (folder: string, name: string) => (await forger.list(folder)).find(path => path.endsWith(name))!;
  const forgeries = [
    { path: await below('decisions', '/decision.json'), patch: { choice: 'local time' }, law: 'append-only' },
    { path: await below('knowledge', '/1.json'), patch: { body: 'It never said that.' }, law: 'append-only' },
    { path: await below('knowledge', '/knowledge.json'), patch: { body: 'Unsaid.' }, law: 'knowledge.form' },
  ];
  const tip = await forger.tip();
  for (const { path, patch, law } of forgeries) {
    const text = recordText({ ...(await forger.read(path)), ...patch });
    const commit = await forger.commit({
      actor: 'anna',
      op: 'knowledge.write',
      input: { title: 'x', body: 'y' },
      files: { [path]: text },
    });
    await forger.show(commit);
    const ran = await stage.run(one, ['verify']);
    t.equal(ran.code, 65, path);
    t.match(JSON.stringify(ran.answer), new RegExp(`"law":"${law}"`), path);
    await forger.show(tip);
  }
  t.match(await stage.ok(one, ['decision', 'get', ruling]), { decision: { choice: 'UTC everywhere' } });
  t.equal((await stage.run(one, ['verify'])).code, 0);
});

t.test('what one clone wrote down another finds, also by other words, misspelt, or by a name of the code', async t => {
  const { stage, one, two, log, write, sync } = await begin(t);
  const task = await stage.task(one, 'Wire the sweeper');
  await stage.ok(one, ['task', 'note', task, '--text', 'parseInput chokes on `v1.2.3-rc`']);
  const page = await write(
    one,
    'Sign in fails after a deploy',
    'The session store in src/auth/session.ts was emptied.',
    '--tags',
    'auth',
  );
  const ruling = await log(one, 'Clock', '--paths', 'src/time/**', '--task-ids', task);
  await sync(one);
  await sync(two);
  const find = async (text: string, ...flags: string[]) =>
    (await stage.ok(two, ['search', text, ...flags])).hits.map((hit: Answer) => hit.id);
  for (const words of ['login broken', 'deploys', 'sesion store', 'session.ts', 'src/auth', 'authentication'])
    t.equal((await find(words))[0], page, words);
  const [note] = (await stage.ok(two, ['search', 'input parsing'])).hits;
  t.match(note, { kind: 'note', task_id: task, title: 'Wire the sweeper', snippet: /parseInput/ });
  t.same(await find('1.2.3', '--kind', 'note'), [note.id]);
  t.same(await find('utc', '--kind', 'decision'), [ruling]);
  t.equal((await stage.run(two, ['search', 'x', '--kind', 'poem'])).code, 65);
  t.match(await stage.ok(two, ['search', 'zebra']), { hits: [], total: 0 });
  t.match(await stage.ok(two, ['knowledge', 'search', 'login', '--tags', 'auth']), {
    knowledge: [{ id: page }],
    total: 1,
  });
  await stage.ok(two, ['knowledge', 'archive', page]);
  t.match(await stage.ok(two, ['knowledge', 'search', 'login']), { knowledge: [], total: 0 });
  t.match(await stage.ok(two, ['knowledge', 'search', 'login', '--archived']), {
    knowledge: [{ id: page, archived: true }],
  });
  await write(two, 'Sign in fails after a deploy', 'Mended.', '--knowledge-id', page);
  t.match(await stage.ok(two, ['knowledge', 'search', 'login']), { knowledge: [{ id: page }] });
  const plain = await stage.plain(two, ['search', 'login']);
  t.match(plain.out, /KIND +ID +TITLE[\s\S]*knowledge +w-/);
});

t.test('an agent over MCP logs a ruling, meets it on its task, and finds what was written meanwhile', async t => {
  const { stage, one, write } = await begin(t);
  const task = await stage.task(one, 'Wire the sweeper');
  const client = new Client({ name: 'test-host', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [LAUNCHER, 'mcp'],
      cwd: one,
      env: stage.env({ LEDGENTER_ACTOR: 'robot' }),
      stderr: 'pipe',
    }),
  );
  const call = async (name: string, args: object): Promise<Answer> =>
    (await client.callTool({ name, arguments: { ...args } })).structuredContent;
  const listed = (await client.listTools()).tools.map(({ name }) => name);
  t.ok(listed.includes('decision_log') && listed.includes('knowledge_search'));
  const said = { title: 'Clock', choice: 'UTC', rationale: 'zones', paths: ['src/time/**'] };
  const { decision } = await call('decision_log', said);
  t.match(await call('decision_log', said), { idempotent_replay: true, decision: { id: decision.id } });
  t.match(await call('task_get', { task_id: task, paths: ['src/time/zone.ts'] }), {
    rulings: [{ id: decision.id, says: 'Clock: UTC' }],
  });
  t.match(await call('knowledge_search', { query: 'reboot' }), { ok: true, knowledge: [], total: 0 });
  const page = await write(one, 'Restart the sweeper', 'Stop it, start it.');
  t.match(await call('knowledge_search', { query: 'reboot' }), {
    knowledge: [{ id: page, snippet: 'Stop it, start it.' }],
  });
  t.match(await call('decision_log', { ...said, supersedes: 'd-0000' }), { error: { code: 'NOT_FOUND' } });
  t.match(await call('decision_log', { ...said, paths: ['/etc/passwd'] }), { error: { code: 'BAD_INPUT' } });
  await client.close();
});
