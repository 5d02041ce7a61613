import t from 'tap';
import { Forger, type Forgery, recordText } from './forger.ts';
import { BOOK, Stage } from './stage.ts';

t.test(
  'a commit forged with plain git is named by verify with entry, actor and law, and stops other clones',
  async t => {
    const stage = new Stage(t.testdir());
    const { remote, clones } = await stage.team(['forging', 'honest']);
    const [cwd, honest] = clones as [string, string];
    const mallory = { as: 'mallory' };
    const held = await stage.task(cwd, 'held by anna', '--sync');
    const gated = await stage.task(cwd, 'with a gate', '--acceptance-criteria', 'it works', '--requires-evidence');
    await stage.ok(cwd, ['task', 'note', held, '--text', 'as it was']);
    await stage.ok(cwd, ['task', 'claim', held, '--sync']);
    await stage.ok(cwd, ['task', 'claim', gated, '--sync'], mallory);
    const done = await stage.task(cwd, 'for the actor to be known');
    await stage.ok(cwd, ['task', 'note', done, '--text', 'hello', '--sync'], mallory);
    await stage.ok(honest, ['sync']);
    await stage.ok(cwd, ['sync']);

    const forger = new Forger(stage, cwd);
    const tip = await forger.tip();
    const paths = await forger.list('tasks');
    const path = (id: string): string => paths.find(file => file.endsWith(`/${id.slice(2)}/task.json`))!;
    const notes = paths.filter(file => file.includes(`/${held.slice(2)}/notes/`));
    const [heldTask, gatedTask, note] = await Promise.all(
      [path(held), path(gated), notes[0]!].map(file => forger.read(file)),
    );
    const at = new Date().toISOString();
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const { run } = (await forger.last('mallory')).intent;
    const own = { root: 'forged', oid: tip, actor: 'mallory', run: run[0], lease_until: later };
    const own1 = {
      root: gatedTask.hold.root,
      oid: tip,
      actor: 'mallory',
      run: gatedTask.hold.run,
      lease_until: gatedTask.hold.lease_until,
    };
    const { hold: _ended, ...unheld } = gatedTask;
    const finished = { ...unheld, status: 'done', updated_at: at, finished_at: at };
    const stolen = { root: 'forged', actor: 'mallory', run: run[0], since: at, lease_until: later };
    const by = { actor: 'mallory' };

    const forgeries: Record<string, Forgery & { law: string }> = {
      'done past its gates': {
        ...by,
        op: 'task.update',
        input: { task_id: gated, status: 'done' },
        intent: { at, claim: own1, run: [gatedTask.hold.run] },
        files: { [path(gated)]: recordText(finished) },
        law: 'task.status',
      },
      'an edited note': {
        ...by,
        op: 'task.note',
        input: { task_id: held, text: 'x' },
        files: { [notes[0]!]: recordText({ ...note, text: 'as mallory wants it' }) },
        law: 'append-only',
      },
      'a note taken away': {
        ...by,
        op: 'task.note',
        input: { task_id: held, text: 'x' },
        files: { [notes[0]!]: null },
        law: 'record.kept',
      },
      'work on a task another holds': {
        ...by,
        op: 'task.update',
        input: { task_id: held, title: 'mine' },
        intent: { at, claim: own },
        files: { [path(held)]: recordText({ ...heldTask, title: 'mine', updated_at: at }) },
        law: 'hold.work',
      },
      'a claim over a live lease': {
        ...by,
        op: 'task.claim',
        input: { task_id: held },
        intent: { at, claim: own },
        files: { [path(held)]: recordText({ ...heldTask, assignee: 'mallory', hold: stolen, updated_at: at }) },
        law: 'hold.claim',
      },
      'a file that is no record': {
        ...by,
        op: 'task.note',
        input: { task_id: held, text: 'x' },
        files: { 'tasks/evil.sh': 'rm\n' },
        law: 'record.schema',
      },
      'a merge of the history with itself': {
        ...by,
        op: 'task.note',
        input: {},
        files: {},
        parents: [tip, `${tip}~1`],
        law: 'book.linear',
      },
    };
    for (const [what, { law, ...forgery }] of Object.entries(forgeries)) {
      const parents =
        forgery.parents && (await Promise.all(forgery.parents.map(name => stage.git(cwd, 'rev-parse', name))));
      const oid = await forger.commit({ ...forgery, ...(parents ? { parents } : {}) });
      await forger.show(oid);
      const verified = await stage.run(cwd, ['verify']);
      t.match(
        verified,
        { code: 65, answer: { ok: true, verified: false, findings: [{ oid, actor: 'mallory', law }] } },
        `${what} is found`,
      );
      t.equal(verified.answer.findings.length, 1);
      t.match(verified.answer.findings[0].entry, /^[0-9a-f]{64}$/);
      await stage.git(cwd, 'push', '-q', '--force', 'origin', `${BOOK}:${BOOK}`);
      const before = await stage.git(honest, 'rev-parse', BOOK);
      const stopped = await stage.run(honest, ['sync']);
      const { entry } = verified.answer.findings[0];
      t.match(
        stopped,
        {
          code: 65,
          answer: { ok: false, error: { code: 'TAMPERED', details: { oid, entry, actor: 'mallory', law } } },
        },
        `${what} stops a sync`,
      );
      t.equal(await stage.git(honest, 'rev-parse', BOOK), before, 'nothing of it was taken over');
      t.match(
        await stage.run(honest, ['task', 'claim', done]),
        { code: 65, answer: { error: { code: 'TAMPERED' } } },
        'nor claims anything there',
      );
      await forger.show(tip);
      await stage.git(cwd, 'push', '-q', '--force', 'origin', `${BOOK}:${BOOK}`);
    }
    t.match(await stage.run(honest, ['sync']), { code: 0 }, 'the honest book is welcome again');
    t.same(await stage.faults(honest), []);
    t.equal(await stage.git(remote, 'rev-parse', BOOK), tip);
  },
);

t.test('a commit that is no entry, and one written twice, are named by verify', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('alone');
  await stage.ok(cwd, ['init']);
  await stage.task(cwd, 'one');
  const forger = new Forger(stage, cwd);
  const tip = await forger.tip();
  const tree = await stage.git(cwd, 'rev-parse', `${tip}^{tree}`);
  const plain = await forger.commitTree(tree, [tip], 'just a commit\n', 'mallory');
  await forger.show(plain);
  t.match(await stage.run(cwd, ['verify']), {
    code: 65,
    answer: { findings: [{ oid: plain, actor: 'mallory', law: 'entry.form' }] },
  });
  const again = await forger.commitTree(
    tree,
    [tip],
    `${await stage.git(cwd, 'log', '-1', '--format=%B', tip)}\n`,
    'anna',
  );
  await forger.show(again);
  t.match(await stage.run(cwd, ['verify']), {
    code: 65,
    answer: { findings: [{ oid: again, actor: 'anna', law: 'book.once' }] },
  });
});

t.test(
  'rewritten history at the remote: every clone that saw it stops with TAMPERED and both oids, and pushes nothing',
  async t => {
    const stage = new Stage(t.testdir());
    const { remote, clones } = await stage.team(['forging', 'honest']);
    const [cwd, honest] = clones as [string, string];
    await stage.task(cwd, 'will be gone', '--sync');
    await stage.ok(honest, ['sync']);
    const seen = await stage.git(cwd, 'rev-parse', BOOK);
    const stale = await stage.clone(remote, 'rewriter');
    await stage.git(remote, 'update-ref', BOOK, await stage.git(cwd, 'rev-parse', `${BOOK}~1`));
    await stage.ok(stale, ['init']);
    await stage.task(stale, 'instead of it', '--sync');
    const rewritten = await stage.git(remote, 'rev-parse', BOOK);
    await stage.task(honest, 'waits');
    const stopped = await stage.run(honest, ['sync']);
    t.match(stopped, { code: 65, answer: { error: { code: 'TAMPERED', details: { book: rewritten, seen } } } });
    t.match(stopped.answer.error.message, rewritten.slice(0, 12));
    t.match(stopped.answer.error.message, seen.slice(0, 12));
    t.equal(await stage.git(remote, 'rev-parse', BOOK), rewritten, 'nothing was pushed over it');
    t.match(await stage.ok(honest, ['status']), { waiting: 1 }, 'what waits is still here');

    await stage.git(remote, 'update-ref', '-d', BOOK);
    t.match(
      await stage.run(honest, ['sync']),
      { code: 65, answer: { error: { code: 'TAMPERED', details: { book: null, seen } } } },
      'nor is a deleted book made again silently',
    );
    await stage.git(remote, 'update-ref', BOOK, seen);
    t.match(await stage.run(honest, ['sync']), { code: 0, answer: { landed: 1 } });
  },
);

t.test(
  'a lease renewed over six hours of honest work breaks no law, and nobody can take it over meanwhile',
  async t => {
    const stage = new Stage(t.testdir());
    const { clones } = await stage.team(['working', 'waiting']);
    const [cwd, other] = clones as [string, string];
    const task = await stage.task(cwd, 'a long piece of work', '--sync');
    await stage.ok(other, ['sync']);
    const claimed = await stage.ok(cwd, ['task', 'claim', task]);
    for (let minutes = 40; minutes <= 360; minutes += 40) {
      const env = stage.later(minutes * 60_000);
      await stage.ok(cwd, ['task', 'note', task, '--text', `still at it after ${minutes} minutes`, '--sync'], { env });
      if (minutes % 120 === 0)
        t.match(await stage.run(other, ['task', 'claim', task], { as: 'bert', env }), {
          code: 75,
          answer: { error: { details: { holder: 'anna' } } },
        });
    }
    const env = stage.later(365 * 60_000);
    t.match(await stage.ok(cwd, ['task', 'update', task, '--status', 'done', '--sync'], { env }), {
      task: { status: 'done' },
      landed: true,
    });
    t.ok(Date.parse(claimed.lease_until) < Date.now() + 61 * 60_000, 'the first lease was an hour');
    const verified = await stage.ok(cwd, ['verify'], { env });
    t.match(verified, { verified: true, findings: [] });
    await stage.ok(other, ['sync'], { env });
    await stage.sameBook(cwd, other);
  },
);

t.test('an old entry that lands once more is named by a fetch, though it lies before what was verified', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['forging', 'honest']);
  const [cwd, honest] = clones as [string, string];
  await stage.task(cwd, 'one');
  await stage.task(cwd, 'two', '--sync');
  await stage.ok(honest, ['sync']);
  const tip = await stage.git(cwd, 'rev-parse', BOOK);
  const old = `${await stage.git(cwd, 'log', '-1', '--format=%B', `${tip}~1`)}\n`;
  const tree = await stage.git(cwd, 'rev-parse', `${tip}^{tree}`);
  const oid = await new Forger(stage, cwd).commitTree(tree, [tip], old, 'anna');
  await stage.git(cwd, 'push', '-q', 'origin', `${oid}:${BOOK}`);
  t.match(await stage.run(honest, ['sync']), {
    code: 65,
    answer: { error: { code: 'TAMPERED', details: { oid, law: 'book.once' } } },
  });
});
