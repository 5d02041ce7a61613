import { spawnSync } from 'node:child_process';
import t from 'tap';
import type { Intent } from '../../src/kernel/entry.ts';
import { signedText } from '../../src/kernel/proof.ts';
import { sshKey } from '../ssh-key.ts';
import { Forger, type Forgery } from './forger.ts';
import { gate, push } from './gated.ts';
import { BOOK, Stage } from './stage.ts';

const noSsh = spawnSync('ssh-keygen', ['-?']).error !== undefined && 'there is no ssh-keygen';
const PERSON = { LEDGENTER_KIND: 'human' };
/** What a host of an agent sets in all it starts. */
const HOST = { CLAUDECODE: '1', LEDGENTER_KIND: 'human' };

/** A key of its own for a clone, and git's configuration that signs with it. */
async function signer(stage: Stage, cwd: string, name: string): Promise<string> {
  const key = stage.path(`${name}-key`);
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `${name}@laptop`, '-f', key]);
  for (const [variable, value] of [
    ['gpg.format', 'ssh'],
    ['user.signingKey', `${key}.pub`],
    ['ledgenter.sign', 'true'],
  ] as const)
    await stage.git(cwd, 'config', variable, value);
  return key;
}

/** Signs an intent as ledgenter would, with any key. */
function signWith(key: string, authority: string): (intent: Intent) => string {
  return intent => {
    const made = spawnSync('ssh-keygen', ['-Y', 'sign', '-n', 'ledgenter', '-f', key], {
      input: signedText(intent, authority),
    });
    return made.stdout.toString();
  };
}

t.test('a team that signs: keys, the policy, forgeries, and a person behind an agent', { skip: noSsh }, async t => {
  const stage = new Stage(t.testdir());
  const remote = await stage.remote();
  const [one, two] = [await stage.clone(remote, 'one'), await stage.clone(remote, 'two')];
  const anna = { as: 'anna', env: PERSON };
  const bob = { as: 'bob', env: PERSON };
  const annas = await signer(stage, one, 'anna');
  const malls = stage.path('mallory-key');
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', malls]);

  await stage.ok(one, ['init', '--publish'], anna);
  const id = await stage.task(one, 'signed by anna', '--sync');
  t.match(
    await stage.run(one, ['verify', '--signatures'], anna),
    { code: 0, answer: { names_proven: true, signatures: [{ actor: 'anna', proven: 2, unproven: 0, unchecked: 0 }] } },
    'from the first entry on',
  );
  const checks = async (cwd: string, as: typeof anna) =>
    (await stage.run(cwd, ['doctor'], as)).answer.checks.find((one: { check: string }) => one.check === 'signing');
  t.match(await checks(one, anna), { state: 'good', says: /a key of anna/ });

  await stage.ok(two, ['init'], bob);
  t.match(await checks(two, bob), { state: 'good', says: /not signed here/ });
  await stage.ok(two, ['task', 'note', id, '--text', 'unsigned', '--sync'], bob);
  t.match(
    await stage.run(two, ['verify', '--signatures'], bob),
    {
      code: 1,
      answer: {
        names_proven: false,
        note: /unproven/,
        signatures: [{ actor: 'anna' }, { actor: 'bob', proven: 0, unproven: 1 }],
      },
    },
    'a no, where not every name is proven',
  );
  t.match(await stage.run(two, ['verify'], bob), { code: 0, answer: { names_proven: false } }, 'which is no finding');

  await t.test('where nothing can be signed, nothing is written, and it is told what to do', async t => {
    const was = await stage.git(one, 'rev-parse', BOOK);
    const broken = {
      ...anna,
      env: {
        ...PERSON,
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'user.signingKey',
        GIT_CONFIG_VALUE_0: stage.path('none'),
      },
    };
    for (const args of [
      ['task', 'create', 'x'],
      ['task', 'claim', id],
    ])
      t.match(await stage.run(one, args, broken), { code: 78, answer: { error: { code: 'NOT_SIGNED', hint: /\S/ } } });
    t.match(await checks(one, broken), { state: 'fault', mend: /user\.signingKey/ });
    t.equal(await stage.git(one, 'rev-parse', BOOK), was);
    t.equal(await stage.git(remote, 'for-each-ref', 'refs/ledgenter/main/claims'), '');
    t.match(await stage.run(one, ['task', 'create', 'x'], { ...anna, env: { ...PERSON, LEDGENTER_SIGN: 'perhaps' } }), {
      answer: { error: { code: 'NOT_SIGNED', message: /neither true nor false/ } },
    });
    t.end();
  });

  await stage.ok(one, ['sync'], anna);
  await stage.ok(one, ['task', 'claim', id, '--sync'], anna);
  await stage.ok(one, ['ledger', 'policy', '--require-signatures', '--sync'], anna);
  // What bob wrote unsigned meanwhile is refused when it meets the policy, and kept.
  await stage.ok(two, ['task', 'create', 'before bob knew'], bob);
  t.match((await stage.ok(two, ['sync'], bob)).parked, [{ reason: /requires signatures/ }]);
  t.match(await checks(two, bob), { state: 'fault', mend: 'git config ledgenter.sign true' });
  const bobs = await signer(stage, two, 'bob');
  t.match(await checks(two, bob), {
    state: 'fault',
    says: /no key of bob/,
    mend: /^a maintainer: ledgenter actor key-add bob/,
  });
  const line = spawnSync('cat', [`${bobs}.pub`]).stdout.toString();
  await stage.ok(one, ['actor', 'key-add', 'bob', '--key', '-', '--sync'], { ...anna, input: line });
  await stage.ok(two, ['sync'], bob);
  const { parked } = await stage.ok(two, ['parked', 'list'], bob);

  await t.test('a person behind an agent host is believed with their signature only', async t => {
    const drop = ['parked', 'drop', parked[0].entry];
    const says = async (env: Record<string, string>, as = 'bob') => (await stage.run(two, drop, { as, env })).answer;
    t.match(await says({ ...HOST, LEDGENTER_SIGN: 'false' }), { error: { code: 'HUMAN_ONLY' } });
    t.match(
      await says(HOST, 'anna'),
      { error: { code: 'HUMAN_ONLY', message: /does not prove anna/ } },
      'the key of another',
    );
    t.match(await says(HOST, 'robot'), { error: { code: 'HUMAN_ONLY', message: /robot as nobody/ } });
    // He is entered as a person: so he entered himself, on a terminal.
    t.match(await says(HOST), { ok: true, dropped: { op: 'task.create' } });
    t.end();
  });

  await stage.ok(two, ['task', 'create', 'signed by bob', '--sync'], bob);
  await stage.ok(one, ['sync'], anna);
  const counts = (await stage.run(one, ['verify', '--signatures'], anna)).answer.signatures;
  t.match(counts, [
    { actor: 'anna', unproven: 0 },
    { actor: 'bob', proven: 1, unproven: 1 },
  ]);

  await t.test('forgeries are named by verify, and stop every other clone', async t => {
    const forger = new Forger(stage, two);
    await stage.ok(two, ['sync'], bob);
    const tip = await forger.tip();
    const { authority } = await forger.read('ledger.json');
    const honest = await forger.last('anna');
    const note = { actor: 'anna', op: 'task.note', input: { task_id: id, text: 'x' }, files: {} };
    const signed = signWith(annas, authority);
    const forgeries: Record<string, Forgery> = {
      'another actor’s name, unsigned': note,
      'the signature of another entry': { ...note, sign: () => honest.signature },
      'somebody else’s key': { ...note, sign: signWith(malls, authority) },
      'another ledger’s entry': { ...note, sign: signWith(annas, 'github/acme/other') },
      'a signature altered in one place': {
        ...note,
        sign: intent => signed(intent).replace(/\n(.{40})./, (_all, kept) => `\n${kept}%`),
      },
      'an armor without an end': { ...note, sign: intent => signed(intent).slice(0, 200) },
      'an OpenPGP signature that nobody made': {
        ...note,
        sign: () => '-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n',
      },
      'a new actor without a key': {
        ...note,
        actor: 'bob',
        intent: { actor: 'mallory' },
        sign: signWith(malls, authority),
      },
    };
    const gated = stage.path('gated.git');
    await stage.git(stage.dir, 'clone', '-q', '--mirror', remote, gated);
    gate(stage, gated);
    for (const [what, forgery] of Object.entries(forgeries)) {
      const oid = await forger.commit(forgery);
      const pushed = await push(stage, two, gated, `${oid}:${BOOK}`);
      t.not(pushed.code, 0);
      t.match(pushed.err, /entry \w+ by \w+ broke law entry\.signature: /, `${what}, at a gate`);
      await forger.show(oid);
      const verified = await stage.run(two, ['verify', '--range', `${tip}..${oid}`], bob);
      t.match(verified, { code: 65, answer: { findings: [{ oid, law: 'entry.signature' }] } }, what);
      await forger.show(tip);
    }
    const lawful = await forger.commit({ ...note, sign: signed });
    t.match(await push(stage, two, gated, `${lawful}:${BOOK}`), { code: 0, err: '' });
    await forger.show(lawful);
    t.match(await stage.run(two, ['verify', '--range', `${tip}..${lawful}`], bob), { code: 0 }, 'her own key does it');
    await forger.show(tip);

    const again = await forger.land(honest);
    await forger.show(again);
    const replayed = await stage.run(two, ['verify', '--range', `${tip}..${again}`], bob);
    t.match(replayed, { code: 65, answer: { findings: [{ law: 'book.once' }] } }, 'an honest entry, landed twice');
    await forger.show(await forger.commit({ ...note, parents: [tip] }));
    await stage.git(two, 'push', '-q', 'origin', BOOK);
    t.match(await stage.run(one, ['sync'], anna), {
      code: 65,
      answer: { error: { code: 'TAMPERED', message: /by anna .* broke law entry\.signature/ } },
    });
    t.end();
  });
});

t.test('a key is taken away signed only, and once for an idempotency key', { skip: noSsh }, async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('alone');
  const anna = { as: 'anna', env: PERSON };
  await signer(stage, cwd, 'anna');
  await stage.ok(cwd, ['init'], anna);
  await stage.ok(cwd, ['actor', 'register', 'bob'], anna);
  const { key, fingerprint } = sshKey(7);
  await stage.ok(cwd, ['actor', 'key-add', 'bob', '--key', '-'], { ...anna, input: key });
  const remove = ['actor', 'key-remove', 'bob', '--fingerprint', fingerprint, '--idempotency-key', 'away with it'];
  const unsigned = { ...anna, env: { ...PERSON, LEDGENTER_SIGN: 'false' } };
  t.match(await stage.run(cwd, remove, unsigned), { code: 78, answer: { error: { code: 'NOT_SIGNED' } } });
  t.notOk((await stage.ok(cwd, remove, anna)).idempotent_replay, 'what was refused is none yet');
  const before = await stage.git(cwd, 'rev-parse', BOOK);
  t.match(await stage.ok(cwd, remove, anna), { idempotent_replay: true });
  t.equal(await stage.git(cwd, 'rev-parse', BOOK), before, 'no entry was written');
});
