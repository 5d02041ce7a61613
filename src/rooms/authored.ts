import type { Intent } from '../kernel/entry.ts';
import type { Finding } from '../kernel/law.ts';

/** Who made a record and who wrote it last, with the times of their entries. */
interface Authored {
  created_by: string;
  created_at: string;
  updated_by?: string;
  updated_at: string;
}

/**
 * That author and times of a record are those of its entries. `same`: this entry leaves what counts as writing alone, so
 * the last writer stays.
 */
export function authorFinding(
  id: string,
  before: Authored | undefined,
  after: Authored,
  { actor, at }: Intent,
  same = false,
): Finding | undefined {
  const made = before ?? { created_by: actor, created_at: at };
  const written = same && before ? before : { updated_by: actor, updated_at: at };
  const fair =
    after.created_by === made.created_by &&
    after.created_at === made.created_at &&
    after.updated_at === written.updated_at &&
    (after.updated_by === undefined || after.updated_by === written.updated_by);
  return fair ? undefined : { message: `${id}: author or time is not that of its entry` };
}
