import { canonicalJson } from '../../kernel/canonical.ts';
import type { Who } from '../../kernel/operation.ts';
import { epochMs } from '../../kernel/time.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { type Budget, overlaps, type Pattern, patternOf } from './overlap.ts';
import { LIVE, type LiveRow, liveRecord, type Reservation, reservationRecord } from './record.ts';

/** A reservation with its id. */
export interface Known {
  id: string;
  record: Reservation;
}

/** The rows of the list of live reservations; some may have lapsed since it was written. */
export async function liveRows(view: View): Promise<LiveRow[]> {
  return (await find(view, liveRecord, LIVE))?.live ?? [];
}

/** True at `at` (ms) until the lease and the ledger's grace (ms) are over. */
export function isLive(until: string, at: number, grace: number): boolean {
  return at <= epochMs(until) + grace;
}

/**
 * The list after an entry of `at` (ms) that writes these reservations: what lapsed or was released goes, what is new or
 * lives longer is in it. Decides and the law both make it so.
 */
export function nextRows(rows: readonly LiveRow[], written: readonly Known[], at: number, grace: number): LiveRow[] {
  const next = new Map(rows.filter(({ until }) => isLive(until, at, grace)).map(row => [row.id, row]));
  for (const { id, record } of written) {
    const { lease_until: until, repo, slot, released_at } = record;
    if (released_at !== undefined) next.delete(id);
    else next.set(id, { id, until, ...(repo === undefined ? {} : { repo }), ...(slot === undefined ? {} : { slot }) });
  }
  return [...next.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The files of an entry that writes one reservation: itself, and the list. */
export async function written(view: View, one: Known, at: number, grace: number): Promise<FileChange[]> {
  const record = JSON.parse(canonicalJson(one.record)) as Reservation;
  const list = nextRows(await liveRows(view), [one], at, grace);
  return [reservationRecord.put(one.id, record), liveRecord.put(LIVE, { live: list })];
}

/** What a look at the live reservations asks for: the paths of one repository, or one slot. */
export type Scope = { repo: string | undefined } | { slot: string };

const isIn = (row: LiveRow, scope: Scope): boolean =>
  'slot' in scope ? row.slot === scope.slot : row.slot === undefined && row.repo === scope.repo;

/** Live reservations at `at` (ms), in the order of their ids; with a scope only those in it. */
export async function* liveAt(view: View, at: number, grace: number, scope?: Scope): AsyncGenerator<Known> {
  for (const row of await liveRows(view)) {
    if (!isLive(row.until, at, grace) || (scope && !isIn(row, scope))) continue;
    const { id } = row;
    const record = await find(view, reservationRecord, id);
    if (record) yield { id, record };
  }
}

/**
 * True for a reservation of this very run, of one that it is a child of, or of the same person: a person's runs are
 * hours and worktrees of one head, an agent's are several at work at once.
 */
export function isOwn({ actor, run }: Reservation, by: Pick<Who, 'actor' | 'kind' | 'run'>): boolean {
  return actor === by.actor && (by.kind === 'human' || by.run.includes(run));
}

/** The first path of a reservation that overlaps one of these, and which; undefined when none does. */
export function meeting(
  { paths }: Reservation,
  wanted: readonly Pattern[],
  budget: Budget,
): { theirs: string; ours: string } | undefined {
  for (const path of paths) {
    const pattern = patternOf(path);
    const ours = wanted.find(one => overlaps(pattern, one, budget));
    if (ours) return { theirs: path, ours: ours.path };
  }
  return undefined;
}
