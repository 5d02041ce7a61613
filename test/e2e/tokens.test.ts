import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encode } from 'gpt-tokenizer';
import t from 'tap';
import { type Answer, Stage } from './stage.ts';

const REAL = fileURLToPath(new URL('../../../shared/data/beads-issues.jsonl', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../../fixtures/beads/sample.jsonl', import.meta.url));
/** The longest description of the real export, in characters. */
const LONGEST = 7_527;

const tokens = (answer: Answer): number => encode(JSON.stringify(answer)).length;

/** A ledger with imported issues, whose project is linked to a repository, and an actor with something of everything. */
async function busy(stage: Stage): Promise<string> {
  const { clones } = await stage.team(['one']);
  const cwd = clones[0]!;
  const data = existsSync(REAL) ? REAL : SAMPLE;
  await stage.ok(cwd, ['import', 'beads', data, '--project', 'beads']);
  await stage.ok(cwd, ['repo', 'register', 'acme-parser', '--remote-url', 'https://git.example.com/acme/parser.git']);
  await stage.ok(cwd, ['repo', 'register', 'acme-web', '--remote-url', 'https://git.example.com/acme/web.git']);
  await stage.ok(cwd, ['repo', 'link', 'beads', '--repo', 'acme-parser', '--paths', 'packages/parser']);
  await stage.ok(cwd, ['repo', 'link', 'beads', '--repo', 'acme-web']);
  const charter = 'Everything that the parser of the old editor could do, and half as slow. '.repeat(20);
  await stage.ok(cwd, [
    'project',
    'update',
    'beads',
    '--charter',
    charter,
    '--owner',
    'anna',
    '--target-on',
    '2027-01-31',
  ]);
  for (let n = 0; n < 7; n++) {
    const title = `Ruling number ${n} on the way in which tokens of the editor are kept between two runs of the parser`;
    await stage.ok(cwd, [
      'decision',
      'log',
      title,
      '--choice',
      'as strings',
      '--rationale',
      'plugins',
      '--project',
      'beads',
    ]);
    const page = ['knowledge', 'write', `Finding number ${n} about the parser and what it does to long files`];
    await stage.ok(cwd, [
      ...page,
      '--body',
      'See the profile.',
      '--kind',
      n % 2 ? 'runbook' : 'note',
      '--project',
      'beads',
    ]);
  }
  await stage.ok(cwd, ['sync']);
  return cwd;
}

t.test('answers that every agent reads stay within their tokens', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await busy(stage);

  const description = 'The suite is slow; measure, split and cache before anything is thrown away. '.repeat(120);
  const task = await stage.task(
    cwd,
    'Make the suite of the command line twice as fast as it is now',
    ...[
      '--description',
      description.slice(0, LONGEST),
      '--project',
      'beads',
      '--labels',
      'type:bug,area:tests',
      '--acceptance-criteria',
      'the whole suite takes less than four minutes on two cores',
      '--acceptance-criteria',
      'no test is skipped that was run before',
      '--sync',
    ],
  );
  const claim = await stage.ok(cwd, ['task', 'claim', task]);
  t.match(claim, { claimed: true, truncated: true, project_context: { repo_match: 'mismatch' } });
  t.match(claim.hints.whole, task, 'it says how to read the rest');
  t.ok(tokens(claim) <= 350, `task_claim: ${tokens(claim)} of 350`);

  const here = await stage.task(
    cwd,
    'Make the suite of the parser twice as fast as it is now',
    ...['--description', description.slice(0, LONGEST), '--labels', 'type:bug,area:tests', '--sync'],
  );
  const plain = await stage.ok(cwd, ['task', 'claim', here]);
  t.ok(plain.task.description.length > 3 * claim.task.description.length, 'more is told where no way has to be told');
  t.ok(tokens(plain) <= 350, `task_claim without a project: ${tokens(plain)} of 350`);

  const seven = await Promise.all(
    Array.from({ length: 3 }, (_, n) => stage.task(cwd, `Another piece of the work on the parser, number ${n}`)),
  );
  await stage.ok(cwd, ['sync']);
  for (const id of seven) await stage.ok(cwd, ['task', 'claim', id]);
  const asked = { as: 'boris' };
  for (let n = 0; n < 3; n++) {
    const question = ['handoff', 'create', `How long may a token of kind ${n} be, and who decides it in the end?`];
    await stage.ok(cwd, [...question, '--kind', 'question', '--to', 'anna'], asked);
  }
  await stage.ok(cwd, ['run', 'end'], asked);
  const whoami = await stage.ok(cwd, ['whoami']);
  t.equal(whoami.claims.length + (whoami.more_claims ?? 0), 5);
  t.ok(tokens(whoami) <= 400, `whoami: ${tokens(whoami)} of 400`);

  const brief = await stage.ok(cwd, ['project', 'brief', 'beads']);
  t.ok(brief.tasks.length === 10 && brief.decisions.length === 5 && brief.knowledge.length === 5, 'the brief is full');
  t.ok(tokens(brief) <= 900, `project_brief: ${tokens(brief)} of 900`);
});

t.test('tool lists are short', async t => {
  const size = (name: string) => {
    const tools = JSON.parse(
      readFileSync(fileURLToPath(new URL(`../snapshots/${name}`, import.meta.url)), 'utf8'),
    ) as object[];
    return { count: tools.length, bytes: Buffer.byteLength(JSON.stringify(tools)) };
  };
  const first = size('tools-default.json');
  t.ok(first.count <= 12, `${first.count} of 12 tools`);
  t.ok(first.bytes <= 6_500, `${first.bytes} of 6,500 bytes`);
  const all = size('tools-all.json');
  t.ok(all.bytes / all.count <= 550, `${Math.round(all.bytes / all.count)} of 550 bytes a tool`);
});
