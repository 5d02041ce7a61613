import { countTokens } from 'gpt-tokenizer';
import t, { type Test } from 'tap';
import { entryId } from '../../src/kernel/entry.ts';
import type { Who } from '../../src/kernel/operation.ts';
import type { TaskRow } from '../../src/rooms/tasks/ports.ts';
import { ada, bob, type Person, TestOffice } from './office.ts';
import { viewPorts } from './ports.ts';

const CHECKOUT = { fingerprint: 'github/acme/web', remote_url: 'https://github.com/acme/web' };
const as = (who: Person, more: Partial<Who>): Person => ({ ...who, ...more }) as Person;
const loop = (who: Person): Person => as(who, { mode: 'loop', series: 'night' });

/** `ready`: what the pool has, as the index lists it. */
const asks = (office: TestOffice, who: Person = ada, ready: Partial<TaskRow>[] = []) =>
  office.asks('whoami', {}, who, viewPorts(office, ready));
const next = async (office: TestOffice, who: Person = ada, ready: Partial<TaskRow>[] = []) =>
  ((await asks(office, who, ready)).hints as { next: string }).next;

/** A project whose work is in `github/acme/<slug>`. */
async function project(office: TestOffice, key: string, slug: string): Promise<void> {
  await office.does('project.create', { project: key, title: `The project ${key}` });
  await office.does('repo.register', { slug, remote_url: `https://github.com/acme/${slug}` });
  await office.does('repo.link', { project: key, repo: slug, role: 'primary' });
}

/** The newest entry is the last one that this actor was told of. */
async function ends(office: TestOffice, who: Person): Promise<void> {
  await office.does('run.end', {}, who, { seen: entryId(office.entries.at(-1)!) });
}

for (const [script, words] of [
  ['Latin', 'Rewrite the scheduler so that overdue sweeps are never started twice, '],
  ['Japanese', '期限切れの掃除が二度と始まらないようにスケジューラを書き直す、'],
] as const) {
  t.test(
    `whoami of an actor who holds, asked, was asked, and comes back is below 400 tokens: ${script} titles`,
    async t => {
      await busy(t, words.repeat(4).slice(0, 130));
    },
  );
}

async function busy(t: Test, long: string): Promise<void> {
  const office = new TestOffice();
  await office.creates({ title: 'first' });
  await ends(office, ada);
  for (let index = 0; index < 6; index++) {
    await project(office, `a-project-with-a-long-key-${index}`, `repository-${index}`);
    await office.does('repo.link', { project: `a-project-with-a-long-key-${index}`, repo: 'repository-0' });
  }
  for (let index = 0; index < 6; index++) {
    const task_id = await office.creates({ title: `${index} ${long}`, project: 'a-project-with-a-long-key-1' });
    await office.does('task.claim', { task_id });
    const done = await office.creates({ title: `${index} ${long} done` }, bob);
    await office.does('task.claim', { task_id: done }, bob);
    await office.does('task.update', { task_id: done, status: 'done' }, bob);
    await office.does('handoff.create', { to: ['ada'], kind: 'question', title: long }, bob);
    await office.does('decision.log', { title: long, choice: 'yes', rationale: 'because' }, bob);
    await office.does('knowledge.write', { title: `${index} ${long}`, body: 'text' }, bob);
  }
  const child = as(ada, {
    run: ['r-0123456789', ada.run[0]!],
    mode: 'loop',
    series: 'a-night-shift-with-a-long-name',
    host: 'claude-code',
    checkout: { fingerprint: 'github/acme/repository-0' },
  });
  const got = await asks(office, child, [{ id: 't-0000000000', project: 'a-project-with-a-long-key-2' }]);
  t.match(got, {
    actor: 'ada',
    mode: 'loop',
    run: 'r-0123456789',
    parent_run: ada.run[0],
    series: 'a-night-shift-with-a-long-name',
    repo: 'repository-0',
    more_claims: 3,
    inbox: 6,
    since_last_run: { tasks_done: 6, decisions: 6, knowledge: 6 },
  });
  t.equal((got.claims as object[]).length, 3);
  t.equal((got.projects as object[]).length, 5);
  const tokens = countTokens(JSON.stringify({ ok: true, ...got }));
  t.ok(tokens <= 400, `${tokens} tokens`);
  t.comment(`${tokens} tokens: ${JSON.stringify(got)}`);
}

t.test(
  'what changed is counted since the last run ended, without one’s own doing, and reading moves nothing',
  async t => {
    const office = new TestOffice();
    const mine = await office.creates({ assignee: 'ada' });
    t.equal((await asks(office)).since_last_run, undefined, 'nobody’s run has ended yet');
    await ends(office, ada);
    t.equal((await asks(office)).since_last_run, undefined, 'nothing happened');
    await office.creates({ title: 'my own' });
    await office.does('task.note', { task_id: mine, text: 'look here' }, bob);
    await office.creates({ title: 'of bob' }, bob);
    for (let again = 0; again < 2; again++)
      t.match((await asks(office)).since_last_run, { entries: 2, tasks_new: 1, notes_on_my_tasks: 1 });
    await ends(office, ada);
    t.equal((await asks(office)).since_last_run, undefined);
  },
);

t.test('a session is sent nowhere it did not ask to go', async t => {
  const office = new TestOffice();
  const ready = [{ id: 't-0000000000' }];
  t.equal(await next(office, ada, ready), 'ledgenter task query --ready');
  const { handoff_id } = await office.does('handoff.create', { to: ['ada'], kind: 'question', title: 'Which?' }, bob);
  t.equal(await next(office, ada, ready), `ledgenter handoff get ${handoff_id}`);
});

t.test('a loop drains its inbox, claims one task, finishes it, and ends its run', async t => {
  const office = new TestOffice();
  const tick = loop(ada);
  const ready = [{ id: 't-0000000000' }];
  t.equal(await next(office, tick), 'ledgenter task query --ready --explain', 'nothing to do, and nothing was done');
  const { handoff_id } = await office.does('handoff.create', { to: ['ada'], kind: 'question', title: 'Which?' }, bob);
  t.equal(await next(office, tick, ready), `ledgenter handoff claim ${handoff_id}`);
  await office.does('handoff.cancel', { handoff_id }, bob);
  t.equal(await next(office, tick, ready), 'ledgenter task claim');
  const task_id = await office.creates({}, tick);
  await office.does('task.claim', { task_id }, tick);
  t.equal(await next(office, tick, ready), `ledgenter task update ${task_id} --status done`);
  await office.does('task.update', { task_id, status: 'done' }, tick);
  t.match(await next(office, tick, ready), /^ledgenter run end /, 'one task a tick');
  await ends(office, tick);
  t.equal(await next(office, tick, ready), 'ledgenter task claim', 'the next tick');
});

t.test('a loop that found nothing after it wrote something ends its run', async t => {
  const office = new TestOffice();
  await office.creates({}, loop(ada));
  t.equal(await next(office, loop(ada)), 'ledgenter run end');
});

t.test('the hint names the repository where the work is elsewhere, and is silent without a checkout', async t => {
  const office = new TestOffice();
  await project(office, 'web', 'web');
  await project(office, 'parser', 'parser');
  const here = as(loop(ada), { checkout: CHECKOUT });
  const hints = async (who: Person, key: string) => (await asks(office, who, [{ id: 't-0', project: key }])).hints;
  t.same(await hints(here, 'web'), { next: 'ledgenter task claim' });
  t.same(await hints(here, 'parser'), { next: 'ledgenter task claim', repo: 'parser' });
  t.same(await hints(loop(ada), 'parser'), { next: 'ledgenter task claim' });
  t.match(await asks(office, here), { repo: 'web', projects: ['web'] });
  t.equal((await asks(office, loop(ada))).projects, undefined);
  const task_id = await office.creates({ project: 'parser' }, here);
  await office.does('task.claim', { task_id }, here);
  t.match((await asks(office, here)).hints, { repo: 'parser' });
});
