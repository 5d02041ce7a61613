import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { canonicalJson } from '../../src/kernel/canonical.ts';
import { recordId, sha256Hex } from '../../src/kernel/ids.ts';
import { Forger, recordText } from './forger.ts';
import { Stage } from './stage.ts';

t.test('the worker neither validates nor waives its own work: exit 77, and named by verify when forged', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('alone');
  await stage.ok(cwd, ['init']);
  const bob = { as: 'bob' };
  const id = await stage.task(
    cwd,
    'Sweep',
    '--acceptance-criteria',
    'swept',
    '--acceptance-criteria',
    'told',
    '--validation-required',
  );
  await stage.ok(cwd, ['task', 'claim', id], bob);
  writeFileSync(join(cwd, 'sweeper.txt'), 'swept\n');
  await stage.git(cwd, 'add', '.');
  await stage.git(cwd, 'commit', '-q', '-m', 'sweep');
  const commit = await stage.git(cwd, 'rev-parse', 'HEAD');
  await stage.ok(cwd, ['file', 'link', id, '--path', 'sweeper.txt', '--role', 'edit'], bob);
  t.match(await stage.ok(cwd, ['file', 'status', id], bob), {
    files: [{ path: 'sweeper.txt', exists: true, changed: 'added' }],
    since_it_was: 'claimed',
  });
  await stage.ok(cwd, ['task', 'code-ref', id, '--ref-type', 'commit', '--sha', commit], bob);
  await stage.ok(cwd, ['task', 'update', id, '--status', 'in_review'], bob);

  const check = ['validate', 'check', id, '--criterion', 'c1', '--result', 'pass', '--text', 'looks fine'];
  t.match(await stage.run(cwd, check, bob), {
    code: 77,
    answer: { error: { code: 'REFUSED', details: { law: 'validation.worker' } } },
  });
  const waive = ['validate', 'waive', id, '--criterion', 'c2', '--reason', 'not now'];
  t.match(await stage.run(cwd, waive, bob), { code: 77, answer: { error: { code: 'HUMAN_ONLY' } } });
  t.match(await stage.run(cwd, ['require', 'waive', id, '--on', id, '--reason', 'x'], bob), { code: 77 });
  t.match(await stage.run(cwd, ['task', 'update', id, '--status', 'done'], bob), {
    code: 77,
    answer: { error: { code: 'GATE' } },
  });

  const forger = new Forger(stage, cwd);
  const tip = await forger.tip();
  const folder = (await forger.list('tasks'))
    .find(path => path.endsWith(`/${id.slice(2)}/task.json`))!
    .replace('/task.json', '');
  const task = await forger.read(`${folder}/task.json`);
  const at = new Date().toISOString();
  const hash = (value: unknown) => sha256Hex(canonicalJson(value as never));
  const round = {
    result: 'blocked',
    summary: 'no host to try it on',
    commits_sha256: hash([` ${commit}`]),
    criteria_sha256: hash(task.criteria.map((one: { id: string; text: string }) => [one.id, one.text, null])),
    at,
  };
  const by = (actor: string) => ({ [`${folder}/validations/r1.json`]: recordText({ ...round, by: actor }) });
  const ends = {
    op: 'validate.finish',
    input: { task_id: id, result: 'blocked', summary: round.summary },
    intent: { at },
  };
  await stage.ok(cwd, ['task', 'note', id, '--text', 'here', '--kind', 'comment'], { as: 'carl' });
  const base = await forger.tip();
  for (const [what, forgery, law] of [
    ['its worker validates', { ...ends, actor: 'bob', files: by('bob') }, 'validation.worker'],
    ['its worker validates under another name', { ...ends, actor: 'bob', files: by('carl') }, 'validation.author'],
    [
      'an agent waives',
      {
        actor: 'carl',
        op: 'validate.waive',
        input: { task_id: id, criterion: 'c2', reason: 'not now' },
        intent: { at, key: 'k1' },
        files: {
          [`${folder}/waivers/${recordId('u', 'key', 'k1', '0').slice(2)}.json`]: recordText({
            criterion: 'c2',
            criterion_sha256: hash([['c2', 'told', null]]),
            reason: 'not now',
            by: 'carl',
            at,
          }),
        },
      },
      'human-only',
    ],
  ] as const) {
    const oid = await forger.commit(forgery);
    await forger.show(oid);
    t.match(
      await stage.run(cwd, ['verify']),
      { code: 65, answer: { verified: false, findings: [{ oid, law }] } },
      what,
    );
    await forger.show(base);
  }
  t.not(base, tip);

  await stage.ok(cwd, check);
  const shown = await stage.plain(cwd, ['validate', 'status', id]);
  t.match(
    shown.out,
    /in review, worked on by bob; round 1\nID +RESULT +BY +TEXT\nc1 +pass +anna +swept\nc2 +unchecked +told\n {2}c1: looks fine\n/,
  );
  t.match(shown.out, /next: ledgenter validate check t-\w+ --criterion c2/);
  t.match(await stage.run(cwd, ['validate', 'finish', id, '--result', 'passed', '--summary', 'fine']), {
    code: 77,
    answer: { error: { code: 'GATE' } },
  });
  const failed = await stage.ok(cwd, ['validate', 'finish', id, '--result', 'failed', '--summary', 'nobody is told']);
  t.match(failed, {
    validation: 'r1',
    result: 'failed',
    task: { status: 'open', assignee: 'bob', reason: 'nobody is told' },
  });
  t.match(await stage.ok(cwd, ['verify']), { verified: true });
});
