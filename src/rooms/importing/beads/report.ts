/** Why something did not come in as it was. One sentence a code; a report groups by it. */
export const WHY = {
  bad_line: 'the line is no issue',
  repeated_id: 'the id stands in the file twice: the newest line counts',
  bad_id: 'the id cannot be part of a reference',
  status: 'the status has no equal: it became open or blocked, and a label keeps it',
  priority: 'the priority is not 0 to 4',
  time: 'a time is missing or cannot be read: another of the issue stands in',
  person: 'the issue does not say who: it is put down to "unknown"',
  title: 'the title was longer than a title may be, or had line breaks: the whole stands in the description',
  mended: 'the text had a NUL or half a surrogate pair: � stands in its place',
  split: 'the text was too long for one field: the rest stands in notes',
  list: 'more items than a task may have: the rest stands in a note',
  external_ref:
    'the external reference names no repository (--github owner/repo), or has no canonical form: a note keeps it',
  taken_ref: 'another issue has the same external reference: a note keeps it',
  fields: 'fields without an equal: a note keeps them',
  missing_target: 'the dependency leads to an issue that is not there',
  second_parent: 'a task has one parent: the second is kept as a related link',
  no_equal: 'the kind of dependency has no equal: it is kept as a related link',
  self: 'the issue depends on itself',
  repeated: 'the same dependency stands twice, or was kept under another kind already',
  cycle: 'the dependency closes a circle: it is kept as a related link',
  depth: 'the issue has more ancestors than a task may have: the parent is kept as a related link',
  entangled: 'a circle of parents and dependencies is too large for one entry: the parent is kept in a note',
  bad_dependency: 'the dependency names no kind or no target',
} as const;
export type Why = keyof typeof WHY;

export interface Occurrence {
  /** Line of the file, from 1. */
  line?: number;
  issue?: string;
  detail?: string;
}

/** What an import did, as data: each issue and each dependency of the file is in exactly one count. */
export interface ImportReport {
  lines: number;
  mapped: {
    tasks: number;
    statuses: Record<string, number>;
    types: Record<string, number>;
    dependencies: Record<string, number>;
    comments: number;
    references: number;
  };
  skipped: { lines: number; dependencies: Record<string, number> };
  why: { code: Why; says: string; count: number; examples: Occurrence[] }[];
  /** Never true: what the other system called done has no proof here. */
  proof: false;
}

/** Examples kept of one reason; the count goes on. */
const EXAMPLES = 100;

export class Tally {
  readonly report: ImportReport = {
    lines: 0,
    mapped: { tasks: 0, statuses: {}, types: {}, dependencies: {}, comments: 0, references: 0 },
    skipped: { lines: 0, dependencies: {} },
    why: [],
    proof: false,
  };
  readonly #why = new Map<Why, ImportReport['why'][number]>();

  tell(code: Why, occurrence: Occurrence): void {
    let group = this.#why.get(code);
    if (!group) {
      group = { code, says: WHY[code], count: 0, examples: [] };
      this.#why.set(code, group);
      this.report.why.push(group);
    }
    group.count++;
    if (group.examples.length < EXAMPLES) group.examples.push(occurrence);
  }

  static count(counts: Record<string, number>, name: string): void {
    counts[name] = (Object.hasOwn(counts, name) ? counts[name]! : 0) + 1;
  }
}
