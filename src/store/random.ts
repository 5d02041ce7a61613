import { createRequire } from 'node:module';

let crypto: typeof import('node:crypto') | undefined;

/**
 * `bytes` random bytes as lower-case hex. `node:crypto` is loaded at the first call: commands that only read never pay
 * its 2.5 ms of CPU.
 */
export function randomHex(bytes: number): string {
  crypto ??= createRequire(import.meta.url)('node:crypto') as typeof import('node:crypto');
  return crypto.randomBytes(bytes).toString('hex');
}
