import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { countTokens } from 'gpt-tokenizer';
import t from 'tap';
import { roughTokens } from '../../src/rooms/projects/tokens.ts';
import { Host } from './office-stage.ts';
import { type Answer, Stage } from './stage.ts';

const SAMPLE = fileURLToPath(new URL('../../fixtures/beads/sample.jsonl', import.meta.url));
const REAL = fileURLToPath(new URL('../../../shared/data/beads-issues.jsonl', import.meta.url));

const LONG = [
  'The scheduler drops a wake-up when two timers expire within the same millisecond and nobody looks again until restart',
  'Der Planer übergeht eine Weckzeit, wenn zwei Zeitgeber in derselben Millisekunde ablaufen, und niemand sieht noch einmal nach',
  '計画者は同じミリ秒に二つのタイマーが切れたとき起床を失い、再起動するまで誰ももう一度見ません。これは長い題名です',
  'fix: `TimerWheel#advance(now_ms: u64)` returns Err(E_OVERFLOW) @ src/sched/wheel.rs:1184 — see #4217, #4390 && CVE-2025-31337',
  '🚧🔥 URGENT!!! 🧨 a/b/c/d.e.f_g-h-i+j=k|l~m^n%o$p;q:r,s.t?u!v "w" \'x\' {y} [z] (0x7f3a9c2b41d8e5f6a0b1c2d3e4f5)',
];
const tokens = (value: unknown): number => countTokens(JSON.stringify(value));

async function begin(dir: string) {
  const stage = new Stage(dir);
  const cwd = await stage.repository('home');
  await stage.ok(cwd, ['init']);
  return { stage, cwd };
}

/** A project with more of everything than a brief shows. */
async function full(host: Host, project = 'sched', words: readonly string[] = LONG) {
  const word = (n: number): string => words[n % words.length]!;
  await host.ok('project_create', { project, title: 'The scheduler', charter: words.join(' '), owner: 'anna' });
  for (const [n, name] of ['core', 'web', 'docs'].entries()) {
    await host.ok('repo_register', { slug: `acme-${name}`, remote_url: `https://github.com/acme/${name}` });
    await host.ok('repo_link', { project, repo: `acme-${name}`, role: n === 1 ? 'primary' : 'secondary' });
  }
  const made = Array.from({ length: 30 }, (_, n) => ({
    key: `k${n}`,
    project,
    title: `${n} ${word(n)}`.slice(0, 190),
    priority: n % 5,
  }));
  await host.ok('task_create_many', { tasks: made });
  for (let n = 0; n < 12; n++) {
    const title = `${n} ${word(n)}`.slice(0, 190);
    await host.ok('decision_log', { title, choice: word(n), rationale: 'so', project });
    await host.ok('knowledge_write', { title, body: `secret body ${n}`, kind: n === 3 ? 'runbook' : 'note', project });
  }
  const { tasks } = await host.ok('task_query', { project, limit: 5 });
  for (let n = 0; n < 22; n++) await host.ok('task_note', { task_id: tasks[n % 5].id, text: `${n} ${word(n)}` });
  return { project, ids: tasks.map((task: { id: string }) => task.id) as string[] };
}

t.test('a brief costs at most 900 tokens, however much there is and in whatever script', async t => {
  const { stage, cwd } = await begin(t.testdir());
  const host = await Host.start(stage, cwd, 'anna');
  t.teardown(() => host.client.close());
  const commit = await stage.git(cwd, 'rev-parse', 'HEAD');
  const { project, ids } = await full(host);
  const brief = await host.ok('project_brief', { project });
  t.ok(tokens(brief) <= 900, `${tokens(brief)} tokens`);
  t.equal(brief.tasks.length, 10);
  t.equal(brief.decisions.length, 5);
  t.equal(brief.knowledge.length, 5);
  t.equal(brief.knowledge[0].kind, 'runbook', 'runbooks first');
  t.notMatch(JSON.stringify(brief), /secret body/);
  t.ok(brief.activity.length >= 2, 'what happened last gives way, and it is said where the rest is');
  t.match(brief, { truncated: true, hints: { more: `ledgenter activity query --project ${project}` } });
  t.ok(brief.tasks[0].title.length >= 24, 'a title can be read');
  t.same(
    brief.repos.map((row: { slug: string }) => row.slug),
    ['acme-web', 'acme-core', 'acme-docs'],
    'primary first',
  );
  t.same(brief.counts, { open_tasks: 30, ready: 30, blocked: 0, in_review: 0, unassigned_ready: 30, done_last_7d: 0 });

  const most = await host.ok('project_brief', { project, tasks: 25, decisions: 10, knowledge: 10, activity: 25 });
  t.same([most.tasks.length, most.decisions.length, most.knowledge.length, most.activity.length], [25, 10, 10, 25]);
  t.match(await host.call('call', { tool: 'project_brief', input: { project, tasks: 26 } }), {
    error: { code: 'BAD_INPUT' },
  });

  const [first, second, third, fourth] = ids as [string, string, string, string];
  const pr = (task_id: string, ref: object) => host.ok('task_code_ref', { task_id, ref_type: 'pr', ...ref });
  await pr(first, { url: 'https://github.com/acme/core/pull/7' });
  await pr(second, { url: 'https://github.com/acme/core/pull/7' });
  await pr(second, { url: 'https://github.com/acme/core/pull/8/files' });
  await pr(third, { name: '12', repo: 'acme-docs' });
  await pr(third, { name: '13' });
  await pr(fourth, { url: 'https://github.com/acme/web/pull/99' });
  await host.ok('task_claim', { task_id: fourth });
  await host.ok('task_code_ref', { task_id: fourth, ref_type: 'commit', sha: commit });
  await host.ok('task_update', { task_id: fourth, status: 'done' });
  const { decision } = await host.ok('decision_log', {
    title: 'Newest',
    choice: 'this',
    rationale: 'so',
    project,
    supersedes: brief.decisions[0].id,
  });
  const later = await host.ok('project_brief', { project });
  t.match(
    later.repos,
    [
      { slug: 'acme-web', open_prs: 1 },
      { slug: 'acme-core', open_prs: 2 },
      { slug: 'acme-docs', open_prs: 1 },
    ],
    'open: of tasks that are not over, each once; without a name it is the primary one',
  );
  t.match(later.counts, { open_tasks: 29, done_last_7d: 1 });
  await host.ok('code_ref_update', { pr: 'github:acme/core#8', state: 'merged' });
  await host.ok('code_ref_update', { task_id: third, pr: 'https://github.com/acme/docs/pull/14', state: 'draft' });
  const told = await host.ok('code_ref_update', { pr: 'https://github.com/Acme/Core/pull/7', state: 'closed' });
  t.same(
    told.answers.map(({ code_ref }: { code_ref: { state: string } }) => code_ref.state),
    ['closed', 'closed'],
    'every task that has it',
  );
  const states = await host.ok('project_brief', { project });
  t.match(states.repos, [
    { slug: 'acme-web', open_prs: 1, prs: undefined },
    { slug: 'acme-core', open_prs: 0, prs: { merged: 1, closed: 1 } },
    { slug: 'acme-docs', open_prs: 2, prs: { draft: 1 } },
  ]);
  t.ok(tokens(states) <= 900, `${tokens(states)} tokens`);
  const ruled = later.decisions.map((row: { id: string }) => row.id);
  t.equal(ruled[0], decision.id);
  t.notOk(ruled.includes(brief.decisions[0].id), 'rulings that hold, not history');
  t.match(later.activity[0], /^\d\d-\d\d \d\d:\d\d anna /);
});

for (const words of LONG)
  t.test(`a brief of nothing else than: ${words.slice(0, 20)}`, async t => {
    const { stage, cwd } = await begin(t.testdir());
    const host = await Host.start(stage, cwd, 'anna');
    t.teardown(() => host.client.close());
    const { project } = await full(host, 'sched', [words]);
    const brief = await host.ok('project_brief', { project });
    t.ok(tokens(brief) <= 900, `${tokens(brief)} tokens`);
    t.ok(tokens(brief) >= 700, `${tokens(brief)} tokens: what room there is is used`);
  });

t.test('one brief in four deliveries', async t => {
  const { stage, cwd } = await begin(t.testdir());
  const host = await Host.start(stage, cwd, 'anna');
  t.teardown(() => host.client.close());
  const { project, ids } = await full(host);
  const { ok: _ok, ...tool } = await host.ok('project_brief', { project });
  const { ok: _yes, ...cli } = await stage.ok(cwd, ['project', 'brief', project.toUpperCase()]);
  t.same(cli, tool, 'CLI');
  const task = await host.ok('task_get', { task_id: ids[0], include: ['brief'] });
  t.same(task.brief, tool, 'with a task');
  const read = await host.client.readResource({ uri: `ledgenter://project/${project}/brief` });
  const { ok: _read, ...resource } = JSON.parse(String((read.contents[0] as { text?: string }).text));
  t.same(resource, tool, 'resource');
  const { resources } = await host.client.listResources();
  t.ok(resources.some(one => one.uri === `ledgenter://project/${project}/brief`));
  const plain = await stage.plain(cwd, ['project', 'brief', project]);
  t.match(plain.out, /The scheduler/);
  t.match(await stage.run(cwd, ['project', 'brief', 'nowhere']), { code: 66 });
  const lone = await stage.task(cwd, 'Of no project');
  t.notOk('brief' in (await stage.ok(cwd, ['task', 'get', lone, '--include', 'brief'])));
});

for (const [what, file] of [
  ['the sample', SAMPLE],
  ['the real export', REAL],
] as const)
  t.test(
    `a brief of imported issues: ${what}`,
    { skip: !existsSync(file) && 'it is not beside this checkout' },
    async t => {
      const { stage, cwd } = await begin(t.testdir());
      await stage.ok(cwd, ['project', 'create', 'beads', '--title', 'Imported']);
      await stage.run(cwd, ['import', 'beads', file, '--project', 'beads'], { env: { LEDGENTER_KIND: 'human' } });
      const brief: Answer = await stage.ok(cwd, ['project', 'brief', 'beads']);
      t.ok(brief.counts.open_tasks > 0);
      t.ok(tokens(brief) <= 900, `${tokens(brief)} tokens`);
    },
  );

t.test('the estimate of tokens is near a real tokenizer, and seldom below it', async t => {
  for (const text of LONG) {
    const json = JSON.stringify({ id: 't-7k3qz0m4xv', title: text, status: 'open' });
    const [rough, real] = [roughTokens(json), countTokens(json)];
    t.ok(rough >= real * 0.93 && rough <= real * 1.4, `${rough} for ${real}: ${text.slice(0, 30)}`);
  }
});
