import { LedgerError } from '../../kernel/errors.ts';
import { GRACE_MS } from '../../kernel/hold.ts';
import type { Obstacle, TaskFilter, TaskIndex, TaskRow } from '../../rooms/tasks/ports.ts';
import { STATUSES, type Status } from '../../rooms/tasks/record.ts';
import { Damaged } from '../check.ts';
import { countOf, sum } from './counts.ts';
import { ASSIGNED, hasStarted, type IndexRow, isFree, isReady, isUnheld, POOL, shown, sortKey, TIMED } from './row.ts';
import { ALL_SECTIONS, type Snapshot } from './snapshot.ts';

const READY_SECTIONS = [ASSIGNED, POOL, TIMED] as const;
type Page = Parameters<TaskIndex['query']>[1];

/** The index at one tip. A cache file that turns out damaged in the middle of an answer is replaced by a fresh build. */
export class SnapshotIndex implements TaskIndex {
  #snapshot: Snapshot;
  readonly #rebuild: () => Promise<Snapshot>;
  readonly #actor: string | undefined;

  readonly #grace: number;

  constructor(snapshot: Snapshot, rebuild: () => Promise<Snapshot>, actor?: string, grace: number = GRACE_MS) {
    this.#grace = grace;
    this.#snapshot = snapshot;
    this.#rebuild = rebuild;
    this.#actor = actor;
  }

  /** Tombstones count under `all` alone; `unassigned_ready` is what anybody may claim, lapsed leases included. */
  counts(now: number): ReturnType<TaskIndex['counts']> {
    return this.#healed(snapshot => {
      const { shown, hidden, sections } = snapshot.counts;
      const byStatus = Object.fromEntries(STATUSES.map(status => [status, countOf(shown, status)]));
      const byClock = [...this.#ready(snapshot, {}, [TIMED], now)];
      return {
        ...(byStatus as Record<Status, number>),
        ready: sections[ASSIGNED]! + sections[POOL]! + byClock.length,
        unassigned_ready: sections[POOL]! + byClock.filter(isFree).length,
        all: sum(shown) + sum(hidden),
      };
    });
  }

  query(filter: TaskFilter, page: Page): ReturnType<TaskIndex['query']> {
    return this.#healed(snapshot => {
      const after = page.cursor === undefined ? undefined : keyOf(snapshot, page.cursor);
      const source = filter.ready
        ? this.#ready(snapshot, filter, READY_SECTIONS, page.now, after)
        : snapshot.rows(filter, ALL_SECTIONS, after);
      const rows: TaskRow[] = [];
      let more = false;
      for (const row of source) {
        more = rows.length === page.limit;
        if (more) break;
        rows.push(shown(row));
      }
      const total = this.#total(snapshot, filter, page.now);
      return { rows, total, ...(more ? { cursor: rows.at(-1)!.id } : {}) };
    });
  }

  async *claimable(filter: TaskFilter & { actor: string }, now: number): AsyncGenerator<TaskRow> {
    const { actor, ...rest } = filter;
    const mine = (row: IndexRow) => row.assignee === actor;
    yield* this.#claimed(rest, [ASSIGNED, TIMED], now, mine);
    yield* this.#claimed(rest, [POOL, TIMED], now, row => !mine(row) && isFree(row));
  }

  explain(id: string, now: number): Promise<Obstacle[]> {
    return this.#task(id).then(row => (row ? obstacles(row, now, this.#grace, this.#actor) : []));
  }

  async row(id: string): Promise<TaskRow | undefined> {
    const row = await this.#task(id);
    return row && shown(row);
  }

  #task(id: string): Promise<IndexRow | undefined> {
    return this.#healed(snapshot => snapshot.find(id)?.row);
  }

  *#ready(snapshot: Snapshot, filter: TaskFilter, sections: readonly number[], now: number, after?: string) {
    for (const row of snapshot.rows(filter, sections, after)) if (isReady(row, now, this.#grace)) yield row;
  }

  /** A walk that goes on behind the last row when the cache breaks under it. */
  async *#claimed(filter: TaskFilter, sections: readonly number[], now: number, wanted: (row: IndexRow) => boolean) {
    for (let after: string | undefined; ; ) {
      try {
        for (const row of this.#ready(this.#snapshot, filter, sections, now, after)) {
          after = sortKey(row);
          if (wanted(row)) yield shown(row);
        }
        return;
      } catch (error) {
        await this.#heal(error);
      }
    }
  }

  #total(snapshot: Snapshot, filter: TaskFilter, now: number): number {
    const { ready, status, all, ...others } = filter;
    const plain = Object.values(others).every(value => value === undefined);
    if (ready) {
      let total = [...this.#ready(snapshot, filter, [TIMED], now)].length;
      if (plain && !status) total += snapshot.counts.sections[ASSIGNED]! + snapshot.counts.sections[POOL]!;
      else total += snapshot.count(filter, [ASSIGNED, POOL]);
      return total;
    }
    if (!plain) return snapshot.count(filter, ALL_SECTIONS);
    const { shown, hidden } = snapshot.counts;
    const of = (one: Status) => countOf(shown, one) + (all ? countOf(hidden, one) : 0);
    return sum([...new Set(status ?? STATUSES)].map(of));
  }

  async #healed<T>(work: (snapshot: Snapshot) => T): Promise<T> {
    try {
      return work(this.#snapshot);
    } catch (error) {
      await this.#heal(error);
      return work(this.#snapshot);
    }
  }

  async #heal(error: unknown): Promise<void> {
    if (!(error instanceof Damaged)) throw error;
    this.#snapshot = await this.#rebuild();
  }
}

/** The place behind which a list goes on. @throws LedgerError BAD_INPUT when the cursor names no task. */
function keyOf(snapshot: Snapshot, cursor: string): string {
  const found = snapshot.find(cursor);
  if (!found)
    throw new LedgerError('BAD_INPUT', `cursor ${JSON.stringify(cursor.slice(0, 40))} names no task of this list`);
  return sortKey(found.row);
}

function obstacles(row: IndexRow, now: number, grace: number, actor: string | undefined): Obstacle[] {
  const out: Obstacle[] = [];
  const { status, hold, assignee, start_on } = row;
  if (status !== 'open' && status !== 'in_progress') out.push({ kind: 'status', text: `it is ${status}` });
  if (hold && !isUnheld(row, now, grace))
    out.push({ kind: 'held', text: `${hold.actor} holds it until ${hold.lease_until}` });
  for (const id of row.waits_for) out.push({ kind: 'dependency', text: `it waits for ${id}` });
  if (!hasStarted(row, now)) out.push({ kind: 'start_on', text: `it starts on ${start_on}` });
  if (row.needs_plan) out.push({ kind: 'plan', text: 'it needs an accepted plan' });
  if (actor !== undefined && assignee !== undefined && assignee !== actor && !isFree(row)) {
    out.push({ kind: 'assigned', text: `it is assigned to ${assignee}` });
  }
  return out;
}
