import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import t from 'tap';
import { parseGpgKey } from '../../src/kernel/openpgp.ts';
import { parseSshKey, sshFingerprint } from '../../src/kernel/sshkey.ts';
import { checker, ownKey, sign } from '../../src/store/signatures/index.ts';
import type { SigningSetup } from '../../src/store/signatures/setup.ts';
import { checkSshSignature } from '../../src/store/signatures/sshsig.ts';
import { sweep } from '../../src/store/signatures/temporary.ts';
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

/** A key line of the named parts, which nothing but this test looked at. */
const keyLine = (type: string, ...parts: (string | Buffer)[]): string =>
  `${type} ${Buffer.concat([type, ...parts].map(wireString)).toString('base64')}`;

/** A signature by such a key over TEXT: `made` is what stands behind its algorithm. */
function signedBy(line: string, algorithm: string, made: (covered: Buffer) => Buffer): string {
  const blob = Buffer.from(line.split(' ')[1]!, 'base64');
  const head = ['ledgenter', '', 'sha512'];
  const digest = createHash('sha512').update(TEXT).digest();
  const covered = Buffer.concat([Buffer.from('SSHSIG'), ...[...head, digest].map(wireString)]);
  const signature = Buffer.concat([algorithm, made(covered)].map(wireString));
  return armor(Buffer.concat([Buffer.from('SSHSIG\0\0\0\x01'), ...[blob, ...head, signature].map(wireString)]));
}

/** The eight points of small order, and a second form of those that have one (y + p, or a sign of nothing). */
const EVERYBODYS = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];

t.test('a key that everybody can sign with is none, when it is added and when it signs', async t => {
  const identity = Buffer.concat([Buffer.of(1), Buffer.alloc(63)]);
  for (const hex of EVERYBODYS) {
    const line = keyLine('ssh-ed25519', Buffer.from(hex, 'hex'));
    t.match(parseSshKey(line), /everybody|another way/, hex);
    t.match(
      checkSshSignature(
        TEXT,
        signedBy(line, 'ssh-ed25519', () => identity),
        'ledgenter',
      ),
      {
        state: 'bad',
        why: /its key holds a point/,
      },
    );
    t.type(parseSshKey(keyLine('sk-ssh-ed25519@openssh.com', Buffer.from(hex, 'hex'), 'ssh:')), 'string');
  }
  t.match(parseSshKey(keyLine('ssh-ed25519', Buffer.from(`02${'00'.repeat(31)}`, 'hex'))), /no point/, 'off the curve');

  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const n = Buffer.concat([Buffer.of(0), Buffer.from(publicKey.export({ format: 'jwk' }).n!, 'base64url')]);
  const rsa = (e: number[], modulus = n): string => keyLine('ssh-rsa', Buffer.from(e), modulus);
  t.type(parseSshKey(rsa([1, 0, 1])), 'object');
  t.type(parseSshKey(rsa([3])), 'object');
  for (const e of [[1], [2], [1, 0, 0], [0x7f, 1, 1, 1, 1, 1, 1, 1, 1]])
    t.match(parseSshKey(rsa(e)), /exponent/, `${e}`);
  const padded = (covered: Buffer): Buffer => {
    const info = Buffer.from('3031300d060960864801650304020105000420', 'hex');
    const tail = Buffer.concat([Buffer.of(0), info, createHash('sha256').update(covered).digest()]);
    return Buffer.concat([Buffer.of(0, 1), Buffer.alloc(254 - tail.length, 0xff), tail]);
  };
  t.match(checkSshSignature(TEXT, signedBy(rsa([1]), 'rsa-sha2-256', padded), 'ledgenter'), { why: /exponent/ });
  const even = Buffer.from(n);
  even[even.length - 1]! &= 0xfe;
  t.match(parseSshKey(rsa([1, 0, 1], even)), /take apart/);
  t.match(parseSshKey(rsa([1, 0, 1], n.subarray(0, 129))), /1024 bits/);
  t.match(parseSshKey(rsa([1, 0, 1], Buffer.concat([n, Buffer.alloc(1024, 1)]))), /10240 bits/);
  t.match(parseSshKey(rsa([1, 0, 1], Buffer.concat([Buffer.of(0), n]))), /no ssh-rsa key/, 'a needless zero');
  t.match(parseSshKey(rsa([0, 1, 0, 1])), /no ssh-rsa key/);
  t.match(parseSshKey(rsa([1, 0, 1], Buffer.from([0xff]))), /no ssh-rsa key/, 'a negative number');
});

t.test('a key is one key to its last byte', async t => {
  for (const [curve, name, size] of [
    ['P-256', 'nistp256', 32],
    ['P-384', 'nistp384', 48],
    ['P-521', 'nistp521', 66],
  ] as const) {
    const jwk = generateKeyPairSync('ec', { namedCurve: curve }).publicKey.export({ format: 'jwk' });
    const point = Buffer.concat([Buffer.of(4), Buffer.from(jwk.x!, 'base64url'), Buffer.from(jwk.y!, 'base64url')]);
    const type = `ecdsa-sha2-${name}`;
    t.type(parseSshKey(keyLine(type, name, point)), 'object', name);
    const off = Buffer.from(point);
    off[off.length - 1]! ^= 1;
    for (const [what, wrong] of Object.entries({
      'off the curve': off,
      infinity: Buffer.of(0),
      zero: Buffer.concat([Buffer.of(4), Buffer.alloc(2 * size)]),
      compressed: Buffer.concat([Buffer.of(2), point.subarray(1, 1 + size)]),
      'larger than the field': Buffer.concat([Buffer.of(4), Buffer.alloc(2 * size, 0xff)]),
    })) {
      t.match(parseSshKey(keyLine(type, name, wrong)), /no point/, `${name}: ${what}`);
      const made = signedBy(keyLine(type, name, wrong), type, () => Buffer.alloc(0));
      t.match(checkSshSignature(TEXT, made, 'ledgenter'), { state: 'bad', why: /its key/ });
    }
    t.type(parseSshKey(keyLine(type, 'nistp999', point)), 'string', 'another curve');
    t.type(parseSshKey(keyLine(type, name, point, 'more')), 'string', 'another part');
  }
  const { publicKey } = generateKeyPairSync('ed25519');
  const x = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
  const line = keyLine('ssh-ed25519', x);
  const blob = Buffer.from(line.split(' ')[1]!, 'base64');
  for (const tail of ['\0', 'BEGIN OPENSSH', '\0\0\0\0'])
    t.type(parseSshKey(`ssh-ed25519 ${Buffer.concat([blob, Buffer.from(tail)]).toString('base64')}`), 'string', tail);
  t.type(parseSshKey(keyLine('ssh-ed25519', x.subarray(1))), 'string', 'too short');
  t.type(parseSshKey(line.replace(/=*$/, '')), line.endsWith('=') ? 'string' : 'object', 'base64 in its one form');
  t.type(parseSshKey(keyLine('ssh-ed25519-cert-v01@openssh.com', x)), 'string', 'a certificate');
});

/** An armored OpenPGP key: one packet, of this algorithm. */
const pgpKey = (algorithm: number, ...parts: Buffer[]): string => {
  const body = Buffer.concat([Buffer.from([4, 0, 0, 0, 1, algorithm]), ...parts]);
  const packet = Buffer.concat([Buffer.from([0x99, body.length >> 8, body.length & 0xff]), body]);
  return `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${packet.toString('base64')}\n-----END PGP PUBLIC KEY BLOCK-----\n`;
};
const pgpNumber = (bytes: Buffer): Buffer => {
  const bits = bytes.length * 8 - Math.clz32(bytes[0]!) + 24;
  return Buffer.concat([Buffer.from([bits >> 8, bits & 0xff]), bytes]);
};

t.test('an OpenPGP key is asked as much as one of ssh', async t => {
  const modulus = (bits: number): Buffer =>
    Buffer.from(
      generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' }).n!,
      'base64url',
    );
  const rsa = (n: Buffer, e: number[]) => pgpKey(1, pgpNumber(n), pgpNumber(Buffer.from(e)));
  const n = modulus(2048);
  t.type(parseGpgKey(rsa(n, [1, 0, 1])), 'object');
  t.match(parseGpgKey(rsa(n, [1])), /exponent/);
  const weak = rsa(modulus(1024), [1, 0, 1]);
  t.match(parseGpgKey(weak), /1024 bits/);
  const oid = Buffer.from('092b06010401da470f01', 'hex');
  const ed = (hex: string) => pgpKey(22, oid, pgpNumber(Buffer.from(`40${hex}`, 'hex')));
  for (const hex of EVERYBODYS) t.match(parseGpgKey(ed(hex)), /everybody|another way/);
  t.match(parseGpgKey(pgpKey(27, Buffer.from(EVERYBODYS[0]!, 'hex'))), /everybody/);
  t.match(parseGpgKey(pgpKey(18)), /algorithm/, 'one that encrypts only');
  t.match(parseGpgKey(pgpKey(1, pgpNumber(n))), /damaged/);
  const signature = `-----BEGIN PGP SIGNATURE-----\n\n${Buffer.from([0x88, 1, 4]).toString('base64')}\n-----END PGP SIGNATURE-----\n`;
  const check = checker(setupOf(t.testdir(), {}));
  t.match(await check(TEXT, signature, [weak]), { state: 'bad', why: /proves anything/ }, 'when it signs, too');
});

t.test(
  'whoever is interrupted waits for no signature, and leaves nothing',
  { skip: noSsh || (process.platform === 'win32' && 'a program of its own is a script') },
  async t => {
    const dir = t.testdir();
    const line = readFileSync(`${keygen(dir, 'id', '-t', 'ed25519')}.pub`, 'utf8').trim();
    const config = { 'gpg.format': 'ssh', 'user.signingkey': `key::${line}`, 'gpg.ssh.program': join(dir, 'slow') };
    writeFileSync(join(dir, 'slow'), '#!/bin/sh\ntouch started\nexec sleep 50\n', { mode: 0o755 });
    const stop = new AbortController();
    const asked = sign({ ...setupOf(dir, config), signal: stop.signal }, TEXT);
    while (!readdirSync(dir).includes('started')) await new Promise(resolve => setTimeout(resolve, 10));
    t.match(readdirSync(join(dir, 'signing')), [/^key-/]);
    stop.abort();
    t.match(await asked, { problem: /was stopped/ });
    t.same(readdirSync(join(dir, 'signing')), []);
    t.match(
      await sign({ ...setupOf(dir, config), signal: stop.signal }, TEXT),
      { problem: /was stopped/ },
      'nor begins',
    );
  },
);

t.test('what a killed process left is removed by a later one, and nothing else', async t => {
  const left = () => ({ 'key.pub': 'ssh-ed25519' });
  const dir = t.testdir({ 'key-abcDE1': left(), 'gpg-abcDE2': left(), 'key-abcDE3': left(), other: left() });
  for (const name of ['key-abcDE1', 'gpg-abcDE2', 'other']) utimesSync(join(dir, name), 1, 1);
  sweep(dir, Date.now());
  t.same(readdirSync(dir).sort(), ['key-abcDE3', 'other']);
});
