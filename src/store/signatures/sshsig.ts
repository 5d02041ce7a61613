import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { MAX_SIGNATURE, type Proof } from '../../kernel/proof.ts';
import { sshFingerprint, sshKeyProblem } from '../../kernel/sshkey.ts';
import { Wire, wireString } from './wire.ts';

const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';
const MAGIC = 'SSHSIG';
const RSA_HASHES: Record<string, string> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' };
const CURVES: Record<string, { name: string; crv: string; hash: string; size: number }> = {
  'ecdsa-sha2-nistp256': { name: 'nistp256', crv: 'P-256', hash: 'sha256', size: 32 },
  'ecdsa-sha2-nistp384': { name: 'nistp384', crv: 'P-384', hash: 'sha384', size: 48 },
  'ecdsa-sha2-nistp521': { name: 'nistp521', crv: 'P-521', hash: 'sha512', size: 66 },
};
/** Set by a security key when somebody touched it. */
const USER_PRESENT = 1;

/** True for what means to be an ssh signature. */
export function isSshSignature(text: string): boolean {
  return text.startsWith(BEGIN);
}

/** The signature as `ssh-keygen -Y sign` makes it (OpenSSH, PROTOCOL.sshsig). */
interface Parsed {
  blob: Buffer;
  namespace: string;
  reserved: Buffer;
  hash: string;
  signature: Buffer;
}

/** Checks an ssh signature over `text` in this process. Hostile bytes are an answer, never an exception. */
export function checkSshSignature(text: string, armored: string, namespace: string): Proof {
  try {
    const parsed = parse(armored);
    if (parsed.namespace !== namespace) return bad(`it was made for ${JSON.stringify(parsed.namespace.slice(0, 40))}`);
    if (parsed.hash !== 'sha256' && parsed.hash !== 'sha512') return bad('it is over an unknown digest');
    const digest = createHash(parsed.hash).update(text, 'utf8').digest();
    const covered = Buffer.concat([
      Buffer.from(MAGIC),
      wireString(namespace),
      wireString(parsed.reserved),
      wireString(parsed.hash),
      wireString(digest),
    ]);
    const key = sshFingerprint(parsed.blob);
    const problem = problemOf(key, parsed.blob);
    if (problem !== undefined) return bad(`its key ${problem}`);
    return check(parsed, covered)
      ? { state: 'good', key }
      : bad('it is not over this entry, or not by the key that it names');
  } catch (error) {
    return bad(error instanceof Unsupported ? error.message : 'it is damaged');
  }
}

class Unsupported extends Error {}

const bad = (why: string): Proof => ({ state: 'bad', why });

function parse(armored: string): Parsed {
  if (armored.length > MAX_SIGNATURE) throw new RangeError('too long');
  const lines = armored.trimEnd().split(/\r?\n/);
  if (lines[0] !== BEGIN || lines.at(-1) !== END) throw new RangeError('no armor');
  const base64 = lines.slice(1, -1).join('');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new RangeError('no base64');
  const wire = new Wire(Buffer.from(base64, 'base64'));
  if (wire.take(MAGIC.length).toString('latin1') !== MAGIC) throw new RangeError('no signature');
  if (wire.uint32() !== 1) throw new Unsupported('it is of an unknown version');
  const parsed = {
    blob: wire.string(),
    namespace: wire.string().toString('utf8'),
    reserved: wire.string(),
    hash: wire.text(),
    signature: wire.string(),
  };
  wire.end();
  return parsed;
}

/** Keys by their fingerprints, and what is wrong with them: a book has few keys and many signatures. */
const known = new Map<string, string | undefined>();
const MAX_KNOWN = 1000;

function problemOf(fingerprint: string, blob: Buffer): string | undefined {
  if (known.has(fingerprint)) return known.get(fingerprint);
  if (known.size >= MAX_KNOWN) known.clear();
  const problem = sshKeyProblem(blob);
  known.set(fingerprint, problem);
  return problem;
}

/** True when the signature inside is over `covered` by the key inside. */
function check({ blob, signature }: Parsed, covered: Buffer): boolean {
  const key = new Wire(blob);
  const made = new Wire(signature);
  const type = key.text();
  const algorithm = made.text();
  switch (type) {
    case 'ssh-rsa': {
      const hash = RSA_HASHES[algorithm];
      if (hash === undefined) throw new Unsupported('RSA is taken with SHA-2 only');
      const rsa = rsaKey(key);
      const value = made.string();
      made.end();
      return verify(hash, covered, rsa, value);
    }
    case 'ssh-ed25519': {
      if (algorithm !== type) throw new RangeError('another algorithm');
      const ed = ed25519Key(key);
      key.end();
      const value = made.string();
      made.end();
      return verify(null, covered, ed, value);
    }
    case 'sk-ssh-ed25519@openssh.com': {
      if (algorithm !== type) throw new RangeError('another algorithm');
      const ed = ed25519Key(key);
      const application = key.string();
      key.end();
      const value = made.string();
      return verify(null, touched(application, made, covered), ed, value);
    }
    case 'sk-ecdsa-sha2-nistp256@openssh.com': {
      if (algorithm !== type) throw new RangeError('another algorithm');
      const curve = CURVES['ecdsa-sha2-nistp256']!;
      const ec = ecKey(key, curve);
      const application = key.string();
      key.end();
      const value = ecValue(made.string(), curve.size);
      return verify(curve.hash, touched(application, made, covered), { key: ec, dsaEncoding: 'ieee-p1363' }, value);
    }
    default: {
      const curve = CURVES[type];
      if (!curve) throw new Unsupported('it is by a key of a type that is not checked here');
      if (algorithm !== type) throw new RangeError('another algorithm');
      const ec = ecKey(key, curve);
      key.end();
      const value = ecValue(made.string(), curve.size);
      made.end();
      return verify(curve.hash, covered, { key: ec, dsaEncoding: 'ieee-p1363' }, value);
    }
  }
}

const url = (bytes: Buffer): string => bytes.toString('base64url');
const fromJwk = (key: JsonWebKey): KeyObject => createPublicKey({ key, format: 'jwk' });

function ed25519Key(wire: Wire): KeyObject {
  const x = wire.string();
  if (x.length !== 32) throw new RangeError('no ed25519 key');
  return fromJwk({ kty: 'OKP', crv: 'Ed25519', x: url(x) });
}

function rsaKey(wire: Wire): KeyObject {
  const e = wire.mpint();
  const n = wire.mpint();
  wire.end();
  return fromJwk({ kty: 'RSA', n: url(n), e: url(e) });
}

function ecKey(wire: Wire, { name, crv, size }: { name: string; crv: string; size: number }): KeyObject {
  if (wire.text() !== name) throw new RangeError('another curve');
  const point = wire.string();
  if (point.length !== 1 + 2 * size || point[0] !== 4) throw new RangeError('no point');
  return fromJwk({ kty: 'EC', crv, x: url(point.subarray(1, 1 + size)), y: url(point.subarray(1 + size)) });
}

/** The two numbers of an ECDSA signature, side by side. */
function ecValue(bytes: Buffer, size: number): Buffer {
  const wire = new Wire(bytes);
  const parts = [wire.mpint(), wire.mpint()];
  wire.end();
  return Buffer.concat(
    parts.map(part => {
      if (part.length > size) throw new RangeError('too long a number');
      return Buffer.concat([Buffer.alloc(size - part.length), part]);
    }),
  );
}

/** What a security key signs (OpenSSH, PROTOCOL.u2f): its own words around a digest; somebody must have touched it. */
function touched(application: Buffer, made: Wire, covered: Buffer): Buffer {
  const flags = made.take(1);
  const counter = made.take(4);
  made.end();
  if ((flags[0]! & USER_PRESENT) === 0) throw new Unsupported('nobody touched the security key');
  const hash = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
  return Buffer.concat([hash(application), flags, counter, hash(covered)]);
}
