import t from 'tap';
import { Forger, type Forgery, recordText } from '../e2e/forger.ts';
import { BOOK, Stage } from '../e2e/stage.ts';

t.test('what forged entries may not say: another time, a borrowed number, an import that is none', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['forging', 'honest']);
  const [cwd, honest] = clones as [string, string];
  const task = await stage.task(cwd, 'held by anna', '--acceptance-criteria', 'it works');
  await stage.ok(cwd, ['task', 'claim', task, '--sync']);
  const free = await stage.task(cwd, 'free', '--acceptance-criteria', 'it works');
  await stage.ok(cwd, ['task', 'note', free, '--text', 'hello', '--sync'], { as: 'mallory' });
  await stage.ok(honest, ['sync']);
  const forger = new Forger(stage, cwd);
  const base = await forger.tip();
  const path = (id: string): string => `tasks/${id[2]}/${id[3]}/${id.slice(2)}/task.json`;
  const [held, open] = [await forger.read(path(task)), await forger.read(path(free))];
  const { run } = (await forger.last('mallory')).intent;
  const { writer } = (await forger.last('anna')).stamp;
  const at = new Date().toISOString();
  const days = (n: number): string => new Date(Date.now() + n * 86_400_000).toISOString();
  const [then, end] = [days(10), days(11)];
  const own = { root: 'forged', actor: 'mallory', run: run[0], lease_until: end };
  const by = { actor: 'mallory', input: {} };

  const forgeries: Record<string, Forgery & { law: string }> = {
    'a take-over of a live lease, dated after its end': {
      ...by,
      op: 'task.claim',
      intent: { at: then, claim: { ...own, oid: base } },
      stamp: { landed: then },
      files: {
        [path(task)]: recordText({ ...held, assignee: 'mallory', hold: { ...own, since: then }, updated_at: then }),
      },
      law: 'book.landed',
    },
    "a number under another clone's name that it could never pass": {
      ...by,
      op: 'task.note',
      stamp: { writer, n: Number.MAX_SAFE_INTEGER },
      files: {},
      law: 'book.order',
    },
    'a criterion of a task that stood, met by another, as if imported': {
      ...by,
      op: 'import.beads',
      intent: { at },
      files: {
        [path(free)]: recordText({
          ...open,
          criteria: [...open.criteria, { id: 'c2', text: 'proved', met: true, met_by: 'anna', met_at: at }],
          updated_at: at,
        }),
      },
      law: 'task.criteria',
    },
  };
  for (const [what, { law, ...forgery }] of Object.entries(forgeries)) {
    const oid = await forger.commit(forgery);
    await forger.show(oid);
    t.match(await stage.run(cwd, ['verify']), { code: 65, answer: { findings: [{ oid, law }] } }, what);
    await stage.git(cwd, 'push', '-q', '--force', 'origin', `${BOOK}:${BOOK}`);
    t.match(
      await stage.run(honest, ['sync']),
      { code: 65, answer: { error: { code: 'TAMPERED', details: { oid, law } } } },
      `${what}: fetch`,
    );
    await forger.show(base);
  }
});
