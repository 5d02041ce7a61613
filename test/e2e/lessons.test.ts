import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { together } from '../races/race.ts';
import { BOOK, Stage } from './stage.ts';

t.test(
  'lesson 2: a second agent that takes what is assigned or held is refused, never exit 0, and steals nothing',
  async t => {
    const stage = new Stage(t.testdir());
    const { clones } = await stage.team(['one']);
    const cwd = clones[0]!;
    const assigned = await stage.task(cwd, 'bert’s', '--assignee', 'bert');
    t.match(await stage.run(cwd, ['task', 'claim', assigned], { as: 'carla' }), { code: 77, answer: { ok: false } });
    t.match(await stage.run(cwd, ['task', 'claim', assigned], { as: 'bert' }), { code: 0 });
    t.match(await stage.run(cwd, ['task', 'claim', assigned], { as: 'carla' }), { code: 75 });
    for (const args of [
      ['--status', 'done'],
      ['--assignee', 'carla'],
      ['--title', 'mine'],
    ])
      t.match(await stage.run(cwd, ['task', 'update', assigned, ...args], { as: 'carla' }), {
        code: 77,
        answer: { error: { message: /bert/ } },
      });
    t.match(await stage.ok(cwd, ['task', 'get', assigned]), {
      task: { assignee: 'bert', title: 'bert’s', status: 'in_progress' },
    });
  },
);

t.test('lesson 5: a refused claim leaves no commit, no ref and no hold that a later push could publish', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['one', 'two']);
  const [one, two] = clones as [string, string];
  const task = await stage.task(one, 'for the first', '--sync');
  await stage.ok(one, ['task', 'claim', task]);
  await stage.ok(two, ['sync']);
  const refs = await stage.git(two, 'for-each-ref');
  t.match(await stage.run(two, ['task', 'claim', task], { as: 'bert' }), { code: 75 });
  t.equal(await stage.git(two, 'for-each-ref'), refs, 'no ref moved');
  await stage.git(two, 'push', '-q', 'origin', 'refs/ledgenter/*:refs/ledgenter/*');
  await stage.ok(two, ['sync'], { as: 'bert' });
  t.notMatch(await stage.git(remote, 'log', '--format=%B', '--glob=refs/ledgenter'), /bert/);
  t.match(await stage.ok(two, ['status'], { as: 'bert' }), { claims: [], parked: 0, waiting: 0 });
});

t.test(
  'lesson 7: a lost race shows in several words of git, and is a loss in each: none of many claimants gets another answer',
  async t => {
    const stage = new Stage(t.testdir());
    const { remote, clones } = await stage.team(['one', 'two', 'three']);
    const task = await stage.task(clones[0]!, 'wanted by all', '--sync');
    for (const cwd of clones.slice(1)) await stage.ok(cwd, ['sync']);
    // A lock that another push holds at this moment.
    const lock = join(remote, 'refs', 'ledgenter', 'main', 'book.lock');
    writeFileSync(lock, '');
    const ran = await together(6, index =>
      stage.run(clones[index % 3]!, ['task', 'claim', task], { as: `worker${index}` }),
    );
    rmSync(lock);
    const codes = ran.map(({ code }) => code).sort();
    t.same(codes, [0, 75, 75, 75, 75, 75], ran.map(({ out }) => out).join(''));
  },
);

t.test('lesson 11: a lapsed claim says when it lapsed, who has it and what to run', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one', 'two']);
  const [one, two] = clones as [string, string];
  const task = await stage.task(one, 'held too long', '--sync');
  await stage.ok(two, ['sync']);
  const { lease_until } = await stage.ok(one, ['task', 'claim', task]);
  const bert = { as: 'bert' };
  t.match(await stage.run(two, ['task', 'claim', task], bert), { code: 75 }, 'live: not to be had');
  const later = stage.later(63 * 60_000);
  const taken = await stage.run(two, ['task', 'claim', task], { ...bert, env: later });
  t.match(taken, { code: 0, answer: { claimed: true, took_over_from: 'anna' } });
  await stage.ok(one, ['sync'], { env: later });
  const late = await stage.run(one, ['task', 'note', task, '--text', 'too late'], { env: later });
  t.match(late, {
    code: 75,
    answer: { error: { code: 'LEASE_LAPSED', retryable: true, hint: `ledgenter task claim ${task}` } },
  });
  t.ok(late.answer.error.message.includes(`lapsed at ${lease_until}`));
  t.match(late.answer.error.message, /bert/);
});

t.test('lesson 12: claims do not depend on the branch that is checked out', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one', 'two']);
  const cwd = clones[0]!;
  const task = await stage.task(cwd, 'on every branch', '--sync');
  await stage.ok(cwd, ['task', 'claim', task]);
  await stage.git(cwd, 'checkout', '-q', '--orphan', 'empty');
  await stage.git(cwd, 'rm', '-rfq', '.');
  t.match(await stage.ok(cwd, ['task', 'note', task, '--text', 'elsewhere']), { ok: true });
  await stage.ok(cwd, ['sync']);
  await stage.git(cwd, 'checkout', '-q', '--detach', 'trunk');
  await stage.ok(clones[1]!, ['sync']);
  t.match(await stage.run(clones[1]!, ['task', 'claim', task], { as: 'bert' }), { code: 75 }, 'still held');
  t.match(await stage.ok(cwd, ['task', 'update', task, '--status', 'done', '--sync']), { landed: true });
});

t.test('lesson 13: a second init joins what the remote has, and no init destroys', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['one']);
  await stage.task(clones[0]!, 'there first', '--sync');
  const before = await stage.git(remote, 'rev-parse', BOOK);
  const other = await stage.clone(remote, 'two');
  t.match(await stage.ok(other, ['init']), { joined: true, created: false });
  for (const cwd of [...clones, other]) await stage.ok(cwd, ['init']);
  t.equal(await stage.git(remote, 'rev-parse', BOOK), before, 'nothing was made or rewritten');
  t.match(await stage.run(other, ['init', '--force']), { code: 64 });
});

t.test(
  'lesson 15: a mirror push from a plain clone deletes the hidden refs; any clone that has them tells, and brings them back',
  async t => {
    const stage = new Stage(t.testdir());
    const { remote, clones } = await stage.team(['one', 'two']);
    const task = await stage.task(clones[0]!, 'nearly lost', '--sync');
    await stage.ok(clones[1]!, ['sync']);
    const seen = await stage.git(remote, 'rev-parse', BOOK);
    const plain = await stage.clone(remote, 'plain');
    await stage.git(plain, 'push', '-q', '--mirror', 'origin');
    t.equal(await stage.git(remote, 'for-each-ref', 'refs/ledgenter'), '', 'all gone');
    const stopped = await stage.run(clones[1]!, ['sync']);
    t.match(stopped, { code: 65, answer: { error: { code: 'TAMPERED', hint: /doctor/ } } });
    const looked = await stage.run(clones[1]!, ['doctor']);
    t.equal(looked.code, 78);
    t.match(looked.out, /git push/, 'doctor names the command that brings the book back');
    await stage.git(clones[1]!, 'push', '-q', 'origin', `${BOOK}:${BOOK}`);
    t.equal(await stage.git(remote, 'rev-parse', BOOK), seen);
    t.match(await stage.run(clones[0]!, ['task', 'claim', task]), { code: 0 });
  },
);

t.test('lesson 16: git remote add works after init, and the user’s own fetches never meet a churning ref', async t => {
  const stage = new Stage(t.testdir());
  const alone = await stage.repository('alone');
  await stage.ok(alone, ['init']);
  const { remote, clones } = await stage.team(['one', 'two']);
  await stage.git(alone, 'remote', 'add', 'origin', remote);
  await stage.git(alone, 'fetch', '-q', 'origin');
  const [busy, user] = clones as [string, string];
  const task = await stage.task(busy, 'churning', '--sync');
  let churning = true;
  const churn = (async () => {
    while (churning) {
      await stage.ok(busy, ['task', 'claim', task]);
      await stage.ok(busy, ['task', 'release', task, '--sync']);
    }
  })();
  const fetches = await together(24, async index => {
    await new Promise(resolve => setTimeout(resolve, index * 40));
    return stage.tryGit(user, ['fetch', '-q']);
  });
  churning = false;
  await churn;
  t.same(
    fetches.filter(({ code }) => code !== 0),
    [],
  );
  t.notMatch(await stage.git(user, 'config', '--list', '--local'), /ledgenter/);
});

t.test(
  'lesson 22: equal titles, written at once in several clones, are as many tasks; nothing is overwritten',
  async t => {
    const stage = new Stage(t.testdir());
    const { clones } = await stage.team(['one', 'two']);
    const made = await together(10, index =>
      stage.ok(clones[index % 2]!, ['task', 'create', 'the same title'], { as: `worker${index}` }),
    );
    t.equal(new Set(made.map(({ task }) => task.id)).size, 10);
    for (const cwd of [...clones, ...clones]) await stage.ok(cwd, ['sync']);
    t.equal((await stage.ok(clones[0]!, ['task', 'query'])).total, 10);
    await stage.sameBook(...clones);
  },
);

t.test('lesson 26: no daemon, no hidden worktree, no file in the working tree', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one']);
  const cwd = clones[0]!;
  const before = readdirSync(cwd).sort();
  const task = await stage.task(cwd, 'leaves nothing lying about', '--sync');
  await stage.ok(cwd, ['task', 'claim', task]);
  await stage.ok(cwd, ['task', 'update', task, '--status', 'done', '--sync']);
  t.same(readdirSync(cwd).sort(), before);
  t.equal(await stage.git(cwd, 'status', '--porcelain', '--ignored'), '');
  t.equal((await stage.git(cwd, 'worktree', 'list')).split('\n').length, 1);
  t.notOk(existsSync(join(cwd, '.git', 'hooks', 'pre-commit')), 'no hook was installed');
});

t.test(
  'lesson 28: locks that the dead left never block: of a process that is gone, of another host, of git itself',
  async t => {
    const stage = new Stage(t.testdir());
    const cwd = await stage.repository('alone');
    await stage.ok(cwd, ['init']);
    await stage.task(cwd, 'before');
    const desk = join(cwd, '.git', 'ledgenter', 'main');
    const hour = new Date(Date.now() - 3_600_000);
    const lock = (path: string, text: string, old: boolean): void => {
      writeFileSync(path, text);
      if (old) utimesSync(path, hour, hour);
    };
    const gone = { pid: 4_194_303, host: hostname(), at: Date.now(), nonce: 'x' };
    const names = ['lock-book', 'number-lock', 'writer-lock', 'holds-lock'];
    for (const [what, text, old] of [
      ['a dead process', JSON.stringify(gone), false],
      ['another host', JSON.stringify({ ...gone, pid: 1, host: 'elsewhere' }), true],
      ['nothing', '', true],
      ['nothing, a moment ago,', '', false],
      ['a number', '4194303\n', true],
    ] as const) {
      for (const name of names) lock(join(desk, name), text, old);
      t.match(await stage.run(cwd, ['task', 'create', `with ${what} in the lock`]), { code: 0 });
    }
    lock(join(cwd, '.git', `${BOOK}.lock`), '', true);
    t.match(await stage.run(cwd, ['task', 'create', 'after git died']), { code: 0 });
    t.same(await stage.faults(cwd), []);
  },
);
