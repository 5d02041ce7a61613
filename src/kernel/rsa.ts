import { bigNumber } from './curves.ts';

/** Sizes of RSA keys that are taken, in bits: a smaller one can be broken, a larger one would cost seconds. */
export const RSA_BITS: readonly [number, number] = [2048, 8192];
/** Longest exponent, in bytes: keys are made with 65537, and OpenSSL takes 64 bits at most for large ones. */
const MAX_EXPONENT = 8;

/** A prime below 1,000 in a modulus shows that nobody made it with care: whoever divides by it goes on to the rest. */
function smallFactor(n: bigint): boolean {
  for (let prime = 3n; prime < 1000n; prime += 2n) if (n % prime === 0n) return true;
  return false;
}

/**
 * What is wrong with an RSA key that is given by its numbers, the highest byte first and without leading zeros. With an
 * exponent of 1 a signature is the padded text itself, so everybody can make one; an even one has no private half.
 */
export function rsaProblem(e: Uint8Array, n: Uint8Array): string | undefined {
  const size = n.length * 8 - Math.clz32(n[0] ?? 0) + 24;
  if (size < RSA_BITS[0] || size > RSA_BITS[1])
    return `is an RSA key of ${size} bits: those of ${RSA_BITS.join(' to ')} are taken`;
  const exponent = bigNumber(e.subarray(0, MAX_EXPONENT));
  if (e.length > MAX_EXPONENT || exponent < 3n || exponent % 2n === 0n)
    return 'is an RSA key with an exponent that is not taken: 65537 is the usual one';
  const modulus = bigNumber(n);
  return modulus % 2n === 0n || smallFactor(modulus) ? 'is an RSA key that anybody can take apart' : undefined;
}
