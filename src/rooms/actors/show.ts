import type { Actor } from './record.ts';

/** An actor as answers show it: of its keys the fingerprints, which people compare; an OpenPGP key has thousands of characters. */
export function shown(id: string, { keys, ...record }: Actor): { [key: string]: unknown } {
  return {
    actor: id,
    ...record,
    ...(keys ? { keys: keys.map(({ type, fingerprint, added_at }) => ({ type, fingerprint, added_at })) } : {}),
  };
}
