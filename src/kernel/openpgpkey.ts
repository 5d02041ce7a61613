import { ed25519Problem, nistProblem } from './curves.ts';
import { RSA_BITS, rsaProblem } from './rsa.ts';

/** Public-key algorithms (RFC 9580 §9.1). */
const RSA = new Set([1, 2, 3]);
const DSA = 17;
const ECDSA = 19;
const EDDSA_LEGACY = 22;
const ED25519 = 27;
const ED448 = 28;
/** They encrypt, and sign nothing. */
const ENCRYPTS = new Set([16, 18, 25, 26]);

/** Curves by their object identifiers (RFC 9580 §9.2). */
const ED25519_OID = '2b06010401da470f01';
const NIST_OIDS: Readonly<Record<string, string>> = {
  '2a8648ce3d030107': 'nistp256',
  '2b81040022': 'nistp384',
  '2b81040023': 'nistp521',
};

/**
 * What is wrong with the body of a public key or subkey packet of version 4 (RFC 9580 §5.5): the same as for ssh. A
 * curve that is none of these is left to gpg. `signs`: the primary key, which must be able to.
 */
export function keyPacketProblem(body: Uint8Array, signs: boolean): string | undefined {
  if (body[0] !== 4) return 'is no OpenPGP key of version 4';
  const algorithm = body[5] ?? 0;
  const rest = body.subarray(6);
  if (RSA.has(algorithm)) {
    const [n, e] = numbersOf(rest, 2);
    return n && e ? rsaProblem(e, n) : 'is a damaged OpenPGP key';
  }
  if (algorithm === DSA) {
    const [p] = numbersOf(rest, 4);
    const bits = p ? p.length * 8 - Math.clz32(p[0]!) + 24 : 0;
    return bits < RSA_BITS[0] ? `is a DSA key of ${bits} bits: ${RSA_BITS[0]} are the least` : undefined;
  }
  if (algorithm === ED25519) return ed25519Problem(rest);
  if (algorithm === ECDSA || algorithm === EDDSA_LEGACY) return pointProblem(rest);
  if (algorithm === ED448 || (!signs && ENCRYPTS.has(algorithm))) return undefined;
  return `is an OpenPGP key of an algorithm that is not checked here (${algorithm})`;
}

function pointProblem(bytes: Uint8Array): string | undefined {
  const size = bytes[0] ?? 0;
  const oid = Array.from(bytes.subarray(1, 1 + size), byte => byte.toString(16).padStart(2, '0')).join('');
  const [point] = numbersOf(bytes.subarray(1 + size), 1);
  if (!point) return 'is a damaged OpenPGP key';
  // 0x40 says that the point is in the form of its curve.
  if (oid === ED25519_OID) return point[0] === 0x40 ? ed25519Problem(point.subarray(1)) : 'is a damaged OpenPGP key';
  const curve = NIST_OIDS[oid];
  return curve === undefined ? undefined : nistProblem(curve, point);
}

/** Exactly so many numbers (RFC 9580 §3.2: two bytes of length in bits), without leading zeros; else none. */
function numbersOf(bytes: Uint8Array, count: number): Uint8Array[] {
  const out: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length && out.length < count) {
    const bits = bytes[at]! * 256 + (bytes[at + 1] ?? 0);
    const end = at + 2 + Math.ceil(bits / 8);
    const number = bytes.subarray(at + 2, end);
    if (end > bytes.length || number.length * 8 - Math.clz32(number[0] ?? 0) + 24 !== bits) return [];
    out.push(number);
    at = end;
  }
  return at === bytes.length && out.length === count ? out : [];
}
