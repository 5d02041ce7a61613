/**
 * Whether a public point can belong to one person. A point of small order is a key that everybody signs with (RFC 8032
 * §5.1.7 leaves it to the verifier, and OpenSSL lets it pass); a point off its curve, or one written in two ways, is a key
 * that nobody signs with, or one under two fingerprints. A check takes about a millisecond: once for each key, not for each
 * signature.
 */

interface Curve {
  /** Bytes of a coordinate. */
  size: number;
  p: bigint;
  b: bigint;
}

const bits = (...exponents: number[]): bigint => exponents.reduce((sum, n) => sum + (1n << BigInt(n)), 0n);

/** By their SSH names (RFC 5656 §10.1); constants of FIPS 186-4, appendix D.1.2. Made when asked for: no start pays for it. */
const CURVES: Record<string, () => Curve> = {
  nistp256: () => ({
    size: 32,
    p: bits(256, 192, 96) - bits(224, 0),
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  }),
  nistp384: () => ({
    size: 48,
    p: bits(384, 32) - bits(128, 96, 0),
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  }),
  nistp521: () => ({
    size: 66,
    p: bits(521) - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  }),
};

/** Bytes, the highest first → a number. */
export function bigNumber(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

/** A point of a NIST curve, uncompressed (SEC 1 §2.3.3): what is wrong with it. Their order is prime, so only infinity is small. */
export function nistProblem(name: string, point: Uint8Array): string | undefined {
  const curve = CURVES[name]?.();
  if (!curve) return 'is on a curve that is not checked here';
  const { size, p, b } = curve;
  if (point.length !== 1 + 2 * size || point[0] !== 4) return 'holds no point of its curve';
  const x = bigNumber(point.subarray(1, 1 + size));
  const y = bigNumber(point.subarray(1 + size));
  const on = x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
  return on ? undefined : 'holds no point of its curve';
}

function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = 1n;
  let square = base % p;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

/** A point of edwards25519 (RFC 8032 §5.1.3): what is wrong with it. */
export function ed25519Problem(point: Uint8Array): string | undefined {
  if (point.length !== 32) return 'holds no point of its curve';
  const p = bits(255) - 19n;
  const y = bigNumber(Uint8Array.from(point).reverse()) & (bits(255) - 1n);
  if (y >= p) return 'holds a point that could be written in another way';
  const yy = (y * y) % p;
  const inverse = (value: bigint): bigint => power(value, p - 2n, p);
  const d = p - ((121665n * inverse(121666n)) % p);
  const xx = ((yy - 1n + p) * inverse((d * yy + 1n) % p)) % p;
  // x = 0: order 1 and 2. y = 0: order 4. x² = -y²: twice the point has y = 0, so its order is 8.
  if (xx === 0n || y === 0n || (xx + yy) % p === 0n) return 'holds a point that everybody can sign with';
  return power(xx, (p - 1n) / 2n, p) === 1n ? undefined : 'holds no point of its curve';
}
