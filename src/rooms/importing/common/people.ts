import { isKey } from '../../../kernel/record.ts';

/** Who somebody was, where nothing says it. */
export const NOBODY = 'unknown';

/** A name as it stands there, in lower case where it can be an actor's; undefined where there is none. */
export function personOf(given: unknown): string | undefined {
  const name = typeof given === 'string' ? given.trim().replace(/\s+/g, ' ') : '';
  if (name === '') return undefined;
  return isKey(name.toLowerCase()) ? name.toLowerCase() : [...name].slice(0, 180).join('');
}
