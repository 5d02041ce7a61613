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
  bad_front_matter: 'the front matter is no YAML that is read here: the whole file is kept as text',
  no_front_matter: 'the file has no front matter: its name says what it is, the whole of it is kept as text',
  bad_file_id: 'the file says no id, or one that cannot be part of a reference: one was made of its name',
  repeated_file_id: 'two files say the same id: the second is named by its folder too',
  too_large: 'the file is larger than a text that is read here: nothing of it came in',
  not_text: 'the file is no text: nothing of it came in',
  symlink: 'a symbolic link is not followed: nothing of it came in',
  not_a_file: 'it is neither a file nor a folder, or lies too deep: nothing of it came in',
  unreadable: 'the file could not be read: nothing of it came in',
  no_place: 'nobody knows what the file is: nothing of it came in',
  settings: 'settings of the other tool, no work: left out',
  derived_file: 'the other tool makes the file of others: left out',
  lock: 'a lock holds nothing here: it is told in a note, the task is free',
  word: 'an acceptance or a verdict of there is kept as their word, in a note: it is no verdict given here',
  archived: 'the archived task was not finished: it became cancelled',
  started: 'the task was under way there: it is open here until somebody claims it',
  people: 'a task has one assignee: the others stand in a note',
  waived: 'the requirement was waived: it is kept as a related link',
  orphan: 'the record names a task that is not there: it is kept as a page',
  planning: 'a plan or a question says too little or too much for its record here: the notes have all of them',
  bad_event: 'the line is no event: it is kept as it stands',
} as const;
export type Why = keyof typeof WHY;

export interface Occurrence {
  /** Where a directory was imported: the file's path in it. */
  file?: string;
  /** Line of the file, from 1. */
  line?: number;
  issue?: string;
  detail?: string;
}

/** What the reports of all imports say. */
export interface CommonReport {
  mapped: {
    tasks: number;
    statuses: Record<string, number>;
    types: Record<string, number>;
    dependencies: Record<string, number>;
    comments: number;
  };
  skipped: { dependencies: Record<string, number> };
  why: { code: Why; says: string; count: number; examples: Occurrence[] }[];
  /** Never true: what the other system called done has no proof here. */
  proof: false;
}

/** What an import of a file did, as data: each issue and each dependency of it is in exactly one count. */
export interface ImportReport extends CommonReport {
  lines: number;
  mapped: CommonReport['mapped'] & { references: number };
  skipped: CommonReport['skipped'] & { lines: number };
}

/** What an import of a directory did, as data: each file and each dependency is in exactly one count. */
export interface DirectoryReport extends CommonReport {
  /** Files by what they are (`task`, `plan`, …); `left` are those of which nothing came in, each with its reason. */
  files: { read: number; kinds: Record<string, number>; left: number };
  mapped: CommonReport['mapped'] & {
    /** Pages of knowledge: documents, milestones, releases and the like. */
    pages: number;
    decisions: number;
    criteria: number;
    /** Versions of plans, and questions. */
    plans: number;
    questions: number;
    notes: number;
    /** Fields of the files that became fields of tasks, by name. */
    fields: Record<string, number>;
  };
  /** What has no record of its own here and stands as text in a note or a page, by what it is. */
  kept_as_text: Record<string, number>;
}

/** Examples kept of one reason; the count goes on. */
const EXAMPLES = 100;

/** Counts what becomes of everything that an import reads. */
export class Tally<R extends CommonReport = CommonReport> {
  readonly report: R;
  readonly #why = new Map<Why, CommonReport['why'][number]>();

  constructor(report: R) {
    this.report = report;
  }

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

  skip(type: string): void {
    Tally.count(this.report.skipped.dependencies, type);
  }

  static count(counts: Record<string, number>, name: string): void {
    counts[name] = (Object.hasOwn(counts, name) ? counts[name]! : 0) + 1;
  }
}

const mapped = () => ({ tasks: 0, statuses: {}, types: {}, dependencies: {}, comments: 0 });

export const fileTally = (): Tally<ImportReport> =>
  new Tally<ImportReport>({
    lines: 0,
    mapped: { ...mapped(), references: 0 },
    skipped: { lines: 0, dependencies: {} },
    why: [],
    proof: false,
  });

export const directoryTally = (): Tally<DirectoryReport> =>
  new Tally<DirectoryReport>({
    files: { read: 0, kinds: {}, left: 0 },
    mapped: { ...mapped(), pages: 0, decisions: 0, criteria: 0, plans: 0, questions: 0, notes: 0, fields: {} },
    kept_as_text: {},
    skipped: { dependencies: {} },
    why: [],
    proof: false,
  });
