import { spawnSync } from 'node:child_process';
import t from 'tap';
import { canonicalJson } from '../../src/kernel/canonical.ts';
import { Forger } from './forger.ts';
import { BOOK, Stage } from './stage.ts';

const noSsh = spawnSync('ssh-keygen', ['-?']).error !== undefined && 'there is no ssh-keygen';
const PERSON = { LEDGENTER_KIND: 'human' };

t.test('a check that came with a plan runs elsewhere once a person accepted it signed', { skip: noSsh }, async t => {
  const stage = new Stage(t.testdir());
  const remote = await stage.remote();
  const [one, two] = [await stage.clone(remote, 'one'), await stage.clone(remote, 'two')];
  const anna = { as: 'anna', env: PERSON };
  const bob = { as: 'bob' };
  const key = stage.path('anna-key');
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'anna@laptop', '-f', key]);
  for (const [variable, value] of [
    ['gpg.format', 'ssh'],
    ['user.signingKey', `${key}.pub`],
    ['ledgenter.sign', 'true'],
  ] as const)
    await stage.git(one, 'config', variable, value);
  await stage.ok(one, ['init', '--publish'], anna);
  await stage.ok(two, ['init'], bob);
  const head = await stage.git(two, 'rev-parse', 'HEAD');
  const check = 'git rev-parse HEAD';

  /** A task of anna's that carl plans in his clone, with a check. */
  const planned = async (title: string): Promise<string> => {
    const id = (await stage.ok(one, ['task', 'create', title, '--plan-required', '--sync'], anna)).task.id;
    await stage.ok(two, ['sync'], bob);
    const criterion = JSON.stringify({ text: 'it is committed', check });
    const todo = JSON.stringify({ text: 'Commit it', hint: 'the log shows it' });
    const parts = ['--goal', title, '--acceptance-criteria', criterion, '--todos', todo];
    await stage.ok(two, ['plan', 'propose', id, ...parts, '--sync'], { as: 'carl' });
    await stage.ok(one, ['sync'], anna);
    return id;
  };
  const words = ['--note', 'Small steps, good.'];
  const proves = async (id: string) => {
    await stage.ok(two, ['sync'], bob);
    await stage.ok(two, ['task', 'claim', id], bob);
    await stage.ok(two, ['task', 'code-ref', id, '--ref-type', 'commit', '--sha', head], bob);
    return stage.run(two, ['task', 'prove', id], bob);
  };

  const signed = await planned('Sweep every minute');
  await stage.ok(one, ['plan', 'accept', signed, ...words, '--sync'], anna);
  t.match(await proves(signed), { code: 0, answer: { proofs: [{ criterion: 'c1', passed: true, met: true }] } });
  await stage.ok(two, ['task', 'update', signed, '--check', 'c1=git status'], { ...bob, env: PERSON });
  await stage.ok(two, ['task', 'release', signed], bob);
  await stage.ok(two, ['task', 'claim', signed], { as: 'carl' });
  t.match(
    await stage.run(two, ['task', 'prove', signed], { as: 'carl' }),
    { code: 77, answer: { error: { message: /did not write here \([0-9a-f]{16}\): git status$/ } } },
    'not what was made of it since',
  );

  // Whoever lands an entry can take its signature off, as they can write one in her name.
  const stripped = await planned('Sweep every hour');
  await stage.ok(two, ['sync'], bob);
  await stage.ok(one, ['plan', 'accept', stripped, ...words], anna);
  await stage.git(two, 'fetch', '-q', one, BOOK);
  const forger = new Forger(stage, two);
  const honest = await stage.git(two, 'log', '-1', '--format=%B', 'FETCH_HEAD');
  const { intent } = JSON.parse(honest.slice(honest.indexOf('\n\n')));
  const stamp = { writer: 'forger', n: 1, landed: new Date().toISOString() };
  const message = `anna accepted it\n\n${canonicalJson({ intent, stamp })}\n`;
  const tree = await stage.git(two, 'rev-parse', 'FETCH_HEAD^{tree}');
  await forger.show(await forger.commitTree(tree, [await forger.tip()], message, 'anna'));
  t.match(await stage.run(two, ['verify'], bob), { code: 0 }, 'lawful, and unproven');
  const asked = await proves(stripped);
  t.match(asked, {
    code: 77,
    answer: {
      error: {
        code: 'REFUSED',
        message: /accepted by anna, but unsigned\): git rev-parse HEAD$/,
        details: { criterion: 'c1', check, acceptance: 'accepted by anna, but unsigned' },
      },
    },
  });
  const { hash } = asked.answer.error.details;
  t.ok(asked.answer.error.hint.endsWith(`--trust ${hash}`), asked.answer.error.hint);
  t.match(await stage.run(two, ['task', 'prove', stripped, '--trust', hash], bob), { code: 0 });
});
