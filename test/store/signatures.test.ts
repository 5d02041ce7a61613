import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import t from 'tap';
import { parseGpgKey } from '../../src/kernel/openpgp.ts';
import { parseSshKey, sshFingerprint } from '../../src/kernel/sshkey.ts';
import { checker, ownKey, sign } from '../../src/store/signatures/index.ts';
import type { SigningSetup } from '../../src/store/signatures/setup.ts';
import { checkSshSignature } from '../../src/store/signatures/sshsig.ts';
import { wireString } from '../../src/store/signatures/wire.ts';

const TEXT = 'ledgenter entry for github/acme/app\n{"op":"task.note"}\n';
const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const noSsh = spawnSync('ssh-keygen', ['-?']).error !== undefined && 'there is no ssh-keygen';
const noGpg = !(has('gpg') && has('gpgv')) && 'there is no gpg';

function setupOf(dir: string, config: Record<string, string>, env: Record<string, string> = {}): SigningSetup {
  const { SSH_AUTH_SOCK: _agent, ...rest } = process.env;
  return { config: name => config[name], cwd: dir, folder: join(dir, 'signing'), env: { ...rest, ...env } };
}

function keygen(dir: string, name: string, ...args: string[]): string {
  const path = join(dir, name);
  const made = spawnSync('ssh-keygen', ['-q', '-N', '', '-C', 'anna@her-laptop', '-f', path, ...args]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  return path;
}

const FORGED = { state: 'bad' };

t.test('what ssh-keygen signs is found good, by each type of key and digest', { skip: noSsh }, async t => {
  const dir = t.testdir();
  const types: [name: string, ...args: string[]][] = [
    ['ed25519', '-t', 'ed25519'],
    ['rsa', '-t', 'rsa', '-b', '2048'],
    ['ecdsa256', '-t', 'ecdsa', '-b', '256'],
    ['ecdsa384', '-t', 'ecdsa', '-b', '384'],
    ['ecdsa521', '-t', 'ecdsa', '-b', '521'],
  ];
  for (const [name, ...args] of types) {
    const path = keygen(dir, name, ...args);
    const setup = setupOf(dir, { 'gpg.format': 'ssh', 'user.signingkey': `${path}.pub` });
    const made = await sign(setup, TEXT);
    const own = await ownKey(setup);
    if (!('signature' in made) || !('key' in own)) {
      t.fail(`${name}: ${JSON.stringify([made, own])}`);
      continue;
    }
    t.notMatch(own.key, /laptop/, 'a comment names a machine, and is left out');
    const said = spawnSync('ssh-keygen', ['-l', '-f', `${path}.pub`]).stdout.toString();
    t.ok(said.includes(own.fingerprint), `${name}: the fingerprint that ssh-keygen prints`);
    const check = checker(setup);
    t.same(await check(TEXT, made.signature, []), { state: 'good', key: own.fingerprint }, name);
    t.match(await check(`${TEXT} `, made.signature, []), FORGED, `${name}: over another text`);
    t.match(await check(TEXT, `${made.signature}x`, []), FORGED, `${name}: with something behind it`);
  }
  const path = join(dir, 'ed25519');
  const elsewhere = ['-Y', 'sign', '-n', 'git', '-f', path];
  const other = spawnSync('ssh-keygen', elsewhere, { input: TEXT }).stdout.toString();
  t.match(checkSshSignature(TEXT, other, 'ledgenter'), { state: 'bad', why: /"git"/ }, 'made for a commit');
  const short = spawnSync('ssh-keygen', ['-Y', 'sign', '-n', 'ledgenter', '-O', 'hashalg=sha256', '-f', path], {
    input: TEXT,
  }).stdout.toString();
  t.match(checkSshSignature(TEXT, short, 'ledgenter'), { state: 'good' }, 'over a digest of 256 bits');
});

t.test('the key is a path to either half, or the key itself', { skip: noSsh }, async t => {
  const dir = t.testdir();
  const path = keygen(dir, 'id', '-t', 'ed25519');
  const line = readFileSync(`${path}.pub`, 'utf8').trim();
  for (const named of [path, `${path}.pub`, `key::${line}`, line]) {
    const own = await ownKey(setupOf(dir, { 'gpg.format': 'ssh', 'user.signingkey': named }));
    t.match(own, { type: 'ssh', key: line.split(' ').slice(0, 2).join(' ') }, named.slice(0, 12));
  }
  const told = (command: string) => ownKey(setupOf(dir, { 'gpg.format': 'ssh', 'gpg.ssh.defaultkeycommand': command }));
  t.match(await told(`cat ${path}.pub`), { key: line.split(' ').slice(0, 2).join(' ') }, 'or what a command says');
  t.match(await told('cat $KEY'), { problem: /needs a shell/ }, 'one with more than plain words is not run');
});

t.test('what cannot sign says why, and what to do', { skip: noSsh }, async t => {
  const dir = t.testdir();
  const path = keygen(dir, 'id', '-t', 'ed25519');
  const ssh = { 'gpg.format': 'ssh' };
  const cases: [string, Record<string, string>, RegExp][] = [
    ['no key', ssh, /user\.signingKey is not set/],
    ['no file', { ...ssh, 'user.signingkey': join(dir, 'none') }, /ssh-keygen/],
    ['no program', { ...ssh, 'user.signingkey': path, 'gpg.ssh.program': 'no-such-program-here' }, /no program/],
    ['x509', { 'gpg.format': 'x509' }, /x509 is not supported/],
    ['no agent', { ...ssh, 'user.signingkey': `key::${readFileSync(`${path}.pub`, 'utf8').trim()}` }, /ssh-keygen/],
  ];
  for (const [what, config, problem] of cases)
    t.match(await sign(setupOf(dir, config), TEXT), { problem, hint: /\S/ }, what);
});

/** A security key in software: it signs what a real one would (OpenSSH, PROTOCOL.u2f). */
function securityKey(kind: 'ed25519' | 'ecdsa', flags: number): string {
  const { publicKey, privateKey } =
    kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const application = Buffer.from('ssh:');
  const type = kind === 'ed25519' ? 'sk-ssh-ed25519@openssh.com' : 'sk-ecdsa-sha2-nistp256@openssh.com';
  const jwk = (publicKey as KeyObject).export({ format: 'jwk' });
  const part = (name: 'x' | 'y'): Buffer => Buffer.from(jwk[name]!, 'base64url');
  const point = kind === 'ed25519' ? [part('x')] : ['nistp256', Buffer.concat([Buffer.of(4), part('x'), part('y')])];
  const blob = Buffer.concat([type, ...point, application].map(wireString));
  const hash = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
  const digest = createHash('sha512').update(TEXT).digest();
  const head = ['ledgenter', '', 'sha512'];
  const covered = Buffer.concat([Buffer.from('SSHSIG'), ...[...head, digest].map(wireString)]);
  const tail = Buffer.from([flags, 0, 0, 0, 7]);
  const said = Buffer.concat([hash(application), tail, hash(covered)]);
  const number = (bytes: Buffer): Buffer => {
    const cut = bytes.subarray(bytes.findIndex(byte => byte !== 0));
    return wireString(cut[0]! & 0x80 ? Buffer.concat([Buffer.of(0), cut]) : cut);
  };
  const raw =
    kind === 'ed25519'
      ? signBytes(null, said, privateKey)
      : signBytes('sha256', said, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const value = kind === 'ed25519' ? raw : Buffer.concat([number(raw.subarray(0, 32)), number(raw.subarray(32))]);
  const made = Buffer.concat([wireString(type), wireString(value), tail]);
  return armor(
    Buffer.concat([Buffer.from('SSHSIG\0\0\0\x01'), wireString(blob), ...head.map(wireString), wireString(made)]),
  );
}

const armor = (bytes: Buffer): string =>
  `-----BEGIN SSH SIGNATURE-----\n${bytes.toString('base64').replace(/(.{70})/g, '$1\n')}\n-----END SSH SIGNATURE-----\n`;

t.test('a security key proves only when somebody touched it', async t => {
  for (const kind of ['ed25519', 'ecdsa'] as const) {
    t.match(checkSshSignature(TEXT, securityKey(kind, 1), 'ledgenter'), { state: 'good', key: /^SHA256:/ }, kind);
    t.match(checkSshSignature(TEXT, securityKey(kind, 0), 'ledgenter'), { state: 'bad', why: /touched/ }, kind);
    t.match(checkSshSignature(`${TEXT}.`, securityKey(kind, 1), 'ledgenter'), FORGED, kind);
  }
});

t.test('hostile signatures are answers, never exceptions, and never good', async t => {
  const good = [securityKey('ed25519', 1), securityKey('ecdsa', 1)];
  const bytes = good.map(text => Buffer.from(text.split('\n').slice(1, -2).join(''), 'base64'));
  fc.assert(
    fc.property(
      fc.nat({ max: 1 }),
      fc.array(fc.record({ at: fc.nat({ max: 400 }), to: fc.integer({ min: 1, max: 255 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.nat({ max: 400 }),
      fc.boolean(),
      (which, flips, length, cuts) => {
        const mutant = Buffer.from(bytes[which]!);
        for (const { at, to } of flips) mutant[at % mutant.length]! ^= to;
        const sent = cuts ? mutant.subarray(0, length % mutant.length) : mutant;
        const same = sent.equals(bytes[which]!);
        const { state } = checkSshSignature(TEXT, armor(sent), 'ledgenter');
        return state === (same ? 'good' : 'bad');
      },
    ),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 300, unit: 'binary' }), text => {
      const { state } = checkSshSignature(
        TEXT,
        `-----BEGIN SSH SIGNATURE-----\n${text}\n-----END SSH SIGNATURE-----`,
        'ledgenter',
      );
      return state === 'bad';
    }),
    { numRuns: 300 },
  );
  const huge = Buffer.concat([Buffer.from('SSHSIG\0\0\0\x01'), Buffer.from([0xff, 0xff, 0xff, 0xff])]);
  t.match(checkSshSignature(TEXT, armor(huge), 'ledgenter'), FORGED, 'a length beyond the end');
  t.match(checkSshSignature(TEXT, armor(Buffer.alloc(9000)), 'ledgenter'), FORGED, 'more than an entry carries');
});

t.test('public keys are taken without comment, private ones and rubbish are not', async t => {
  const { publicKey } = generateKeyPairSync('ed25519');
  const x = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
  const blob = Buffer.concat([wireString('ssh-ed25519'), wireString(x)]);
  const line = `ssh-ed25519 ${blob.toString('base64')}`;
  t.match(parseSshKey(`${line} anna@laptop`), { key: line, fingerprint: sshFingerprint(blob) });
  for (const wrong of [
    '',
    'ssh-ed25519',
    'ssh-ed25519 !!!!',
    `ssh-rsa ${blob.toString('base64')}`,
    `${line}\n${line}`,
    'ssh-dss AAAA',
  ])
    t.type(parseSshKey(wrong), 'string', JSON.stringify(wrong.slice(0, 20)));
  t.type(parseGpgKey('-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----'), 'string');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), junk => {
      const base64 = Buffer.from(junk).toString('base64');
      return (
        typeof parseGpgKey(`-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${base64}\n-----END PGP PUBLIC KEY BLOCK-----`) ===
        'string'
      );
    }),
  );
});

t.test('OpenPGP signatures are checked against the keys that are given, and no others', { skip: noGpg }, async t => {
  const dir = t.testdir();
  // Sockets of gpg's agent lie there, and their paths are short or they are not made.
  const home = fileURLToPath(new URL(`../../.tap/g${process.pid}`, import.meta.url));
  mkdirSync(home, { mode: 0o700, recursive: true });
  const env = { GNUPGHOME: home };
  const gpg = (...args: string[]) => spawnSync('gpg', ['--batch', ...args], { env: { ...process.env, ...env } });
  t.teardown(() => {
    spawnSync('gpgconf', ['--kill', 'all'], { env: { ...process.env, ...env } });
    rmSync(home, { recursive: true, force: true });
  });
  for (const name of ['anna', 'mallory']) {
    const made = gpg(
      '--passphrase',
      '',
      '--quick-gen-key',
      `${name} <${name}@example.com>`,
      'ed25519',
      'sign',
      'never',
    );
    if (made.status !== 0) return void t.comment(`gpg makes no key here: ${made.stderr}`);
  }
  const setup = (name: string): SigningSetup => setupOf(dir, { 'user.signingkey': `${name}@example.com` }, env);
  const [made, own, other] = [
    await sign(setup('anna'), TEXT),
    await ownKey(setup('anna')),
    await ownKey(setup('mallory')),
  ];
  if (!('signature' in made) || !('key' in own) || !('key' in other)) return void t.fail(JSON.stringify([made, own]));
  t.ok(gpg('--list-keys', own.fingerprint).status === 0, 'the fingerprint is the one that gpg knows');
  const check = checker(setup('anna'));
  t.same(await check(TEXT, made.signature, [other.key, own.key]), { state: 'good', key: own.fingerprint });
  t.match(await check(`${TEXT}x`, made.signature, [own.key]), FORGED, 'another text');
  t.match(await check(TEXT, made.signature, [other.key]), { state: 'stranger' }, 'a key that the ledger does not hold');
  t.match(await check(TEXT, made.signature, []), { state: 'stranger' }, 'no key at all, told without gpg');
  const damaged = made.signature.replace(/\n\n..../, '\n\nAAAA');
  t.match(await check(TEXT, damaged, [own.key]), FORGED, 'a damaged one');
  t.match(await check(TEXT, 'rubbish', [own.key]), FORGED, 'rubbish');
  const nowhere = checker({ ...setup('anna'), env: { PATH: dir }, folder: join(dir, 'other') });
  t.match(await nowhere(TEXT, made.signature, [own.key]), { state: 'unchecked', why: /gpg/ }, 'a machine without gpg');
  t.match(await sign({ ...setup('anna'), env: { ...env, PATH: dir } }, TEXT), { problem: /no program gpg/ });
  const secret = gpg(
    '--armor',
    '--pinentry-mode',
    'loopback',
    '--passphrase',
    '',
    '--export-secret-keys',
    'anna',
  ).stdout.toString();
  t.match(parseGpgKey(secret), /no armored OpenPGP public key/);
  const disguised = secret.replaceAll('PRIVATE KEY', 'PUBLIC KEY');
  t.match(parseGpgKey(disguised), /private key/, 'under another heading');
});
