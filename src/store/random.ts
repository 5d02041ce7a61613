import { createRequire } from 'node:module';

let loaded: typeof import('node:crypto') | undefined;

/** `node:crypto`, loaded when first needed: commands that only read never pay its 2.5 ms of CPU. */
export function crypto(): typeof import('node:crypto') {
  loaded ??= createRequire(import.meta.url)('node:crypto') as typeof import('node:crypto');
  return loaded;
}

/** `bytes` random bytes as lower-case hex. */
export function randomHex(bytes: number): string {
  return crypto().randomBytes(bytes).toString('hex');
}
