import type { Reader } from '../kernel/view.ts';

/** A tree without files: where an id is computed from an intent alone. */
export const nothing: Reader = {
  read: async () => undefined,
  list: async () => [],
};
