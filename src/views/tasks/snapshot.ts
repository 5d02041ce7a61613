import type { TaskFilter } from '../../rooms/tasks/ports.ts';
import type { Oid } from '../../store/port.ts';
import type { Base } from './base.ts';
import { type Counts, copyCounts, tally } from './counts.ts';
import { lineTest, matches, occurrences, type Probe, passes, probes } from './match.ts';
import { ASSIGNED, FINISHED, type IndexRow, isFinished, POOL, sectionOf, sortKey, TIMED, WAITING } from './row.ts';

export const LIVE_SECTIONS = [ASSIGNED, POOL, TIMED, WAITING] as const;
export const ALL_SECTIONS = [...LIVE_SECTIONS, FINISHED] as const;

/** A row that changed after the base was built: `at` is the offset of the base line it replaces, -1 without one. */
export interface Laid {
  at: number;
  /** null: the task is gone. */
  row: IndexRow | null;
}

interface Keyed {
  key: string;
  row: IndexRow;
}

/** The index at one tip: an immutable base, and the few rows that changed since. Never changed once made. */
export class Snapshot {
  readonly tip: Oid;
  readonly base: Base;
  readonly counts: Counts;
  readonly laid: ReadonlyMap<string, Laid>;
  readonly #covered: Set<number>;
  #sorted: Keyed[][] | undefined;

  constructor(tip: Oid, base: Base, counts: Counts = base.counts, laid: ReadonlyMap<string, Laid> = new Map()) {
    this.tip = tip;
    this.base = base;
    this.counts = counts;
    this.laid = laid;
    this.#covered = new Set([...laid.values()].map(({ at }) => at));
  }

  /** The snapshot at `tip`, where the tasks of `changes` are now these rows. */
  with(tip: Oid, changes: ReadonlyMap<string, Laid>, counts: Counts): Snapshot {
    return new Snapshot(tip, this.base, counts, new Map([...this.laid, ...changes]));
  }

  /** Counts after rows changed from `before` to `after`. */
  recount(changes: Iterable<{ before: IndexRow | undefined; after: IndexRow | null }>): Counts {
    const counts = copyCounts(this.counts);
    for (const { before, after } of changes) {
      if (before) tally(counts, before, -1);
      if (after) tally(counts, after, 1);
    }
    return counts;
  }

  /** A task's row and the base line it stands for; finished ones are looked through last. */
  find(id: string, sections: Iterable<number> = ALL_SECTIONS): { row: IndexRow; at: number } | undefined {
    const laid = this.laid.get(id);
    if (laid) return laid.row ? { row: laid.row, at: laid.at } : undefined;
    const line = this.base.locate(id, sections);
    return line && { row: this.base.row(line), at: line.at };
  }

  /** Matching rows in claim order over the sections, parsed as far as the caller iterates; those after key `after`. */
  *rows(filter: TaskFilter, sections: readonly number[], after?: string): Generator<IndexRow> {
    const sources = probes(filter, sections).flatMap(probe => [
      this.#baseRows(probe, filter, after),
      this.#laidRows(probe.section, filter, after),
    ]);
    yield* merged(sources);
  }

  /** How many rows match; parses only where bytes cannot tell. */
  count(filter: TaskFilter, sections: readonly number[]): number {
    let total = 0;
    for (const probe of probes(filter, sections)) {
      total += probe.exact ? this.#countExact(probe) : this.#countParsed(probe, filter);
      for (const _ of this.#laidRows(probe.section, filter)) total++;
    }
    return total;
  }

  #countParsed(probe: Probe, filter: TaskFilter): number {
    let total = 0;
    for (const line of this.#candidates(probe, true)) if (matches(filter, this.base.row(line))) total++;
    return total;
  }

  /** Without a look at each line where at most one needle decides: 10,000 lines cost 2 ms instead of 15. */
  #countExact(probe: Probe): number {
    const { section, needles } = probe;
    const [start, stop] = [this.base.starts[section]!, this.base.starts[section + 1]!];
    let total = 0;
    if (needles.length > 1 || needles.some(({ present, others }) => !present || others?.length)) {
      for (const _ of this.#candidates(probe, true)) total++;
      return total;
    }
    const [needle] = needles;
    total = needle ? occurrences(this.base.slice(start, stop), needle.bytes) : this.base.counts.sections[section]!;
    for (const at of this.#covered) {
      if (at < start || at >= stop) continue;
      if (this.#passes({ at, end: this.base.nextLine(section, at) }, needles)) total--;
    }
    return total;
  }

  /** Rows of live sections whose line holds one of the ids, the changed ones included: who may depend on them. */
  *mentioning(ids: ReadonlySet<string>): Generator<{ row: IndexRow; at: number }> {
    for (const { row, at } of this.laid.values())
      if (row && !isFinished(row.status) && mentions(row, ids)) yield { row, at };
    for (const section of LIVE_SECTIONS) {
      const few = ids.size <= FEW ? [...ids] : [];
      const wanted = few.length > 0 ? few.map(id => `"${id}"`) : ['"depends_on":["'];
      const seen = new Set<number>();
      for (const text of wanted) {
        const needles = [{ bytes: Buffer.from(text), present: true }];
        for (const line of this.#candidates({ section, needles, exact: false }, true)) {
          if (seen.has(line.at)) continue;
          seen.add(line.at);
          const row = this.base.row(line);
          if (mentions(row, ids)) yield { row, at: line.at };
        }
      }
    }
  }

  /** Lines of a section that pass its needles; `whole` when the caller will look at all of them. */
  *#candidates({ section, needles }: Probe, whole: boolean, from?: number): Generator<{ at: number; end: number }> {
    const { base } = this;
    const start = base.starts[section]!;
    const test = whole ? lineTest(base.slice(start, base.starts[section + 1]!), needles) : undefined;
    for (const line of base.lines(section, from)) {
      if (this.#covered.has(line.at)) continue;
      if (test ? test(line.at - start, line.end - start) : this.#passes(line, needles)) yield line;
    }
  }

  #passes({ at, end }: { at: number; end: number }, needles: Probe['needles']): boolean {
    if (needles.length === 0) return true;
    return passes(this.base.slice(at, end), needles);
  }

  *#baseRows(probe: Probe, filter: TaskFilter, after?: string): Generator<Keyed> {
    const from = after === undefined ? undefined : this.base.seek(probe.section, after);
    for (const line of this.#candidates(probe, false, from)) {
      const row = this.base.row(line);
      if (matches(filter, row)) yield { key: this.base.key(line.at), row };
    }
  }

  *#laidRows(section: number, filter: TaskFilter, after?: string): Generator<Keyed> {
    for (const keyed of this.sorted(section)) {
      if (after !== undefined && keyed.key <= after) continue;
      if (matches(filter, keyed.row)) yield keyed;
    }
  }

  /** Changed rows of a section in claim order. */
  sorted(section: number): readonly Keyed[] {
    if (!this.#sorted) {
      this.#sorted = ALL_SECTIONS.map(() => []);
      for (const { row } of this.laid.values()) if (row) this.#sorted[sectionOf(row)]!.push({ key: sortKey(row), row });
      for (const list of this.#sorted) list.sort((a, b) => (a.key < b.key ? -1 : 1));
    }
    return this.#sorted[section]!;
  }
}

/** Up to so many ids are searched for one by one; for more, every row with dependencies is parsed. */
const FEW = 8;

const mentions = (row: IndexRow, ids: ReadonlySet<string>) => row.depends_on.some(id => ids.has(id));

/** Joins sorted sources into one sorted run; there are at most ten, so the least head is found by looking at all. */
function* merged(sources: Generator<Keyed>[]): Generator<IndexRow> {
  const heads = sources.map(source => source.next());
  for (;;) {
    let least = -1;
    for (const [index, head] of heads.entries()) {
      if (head.done) continue;
      const best = least < 0 ? undefined : heads[least];
      if (!best || head.value.key < (best.value as Keyed).key) least = index;
    }
    if (least < 0) return;
    yield (heads[least]!.value as Keyed).row;
    heads[least] = sources[least]!.next();
  }
}
