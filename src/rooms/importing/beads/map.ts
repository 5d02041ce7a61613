import { LedgerError } from '../../../kernel/errors.ts';
import { isKey } from '../../../kernel/record.ts';
import { askedTaskId } from '../../tasks/asks.ts';
import type { ImportEntry, ImportedNote, ImportedTask } from '../entry.ts';
import { Linker, type Ties } from './links.ts';
import { groups } from './order.ts';
import { addSkipped, type Issue, readIssues } from './read.ts';
import { type ImportReport, Tally } from './report.ts';
import { IssueMapper, type Untied } from './task.ts';
import { bytes } from './texts.ts';

export interface BeadsOptions {
  /** Key of the project; the identity of an issue is `beads:<project>/<id>`. */
  project: string;
  /** `owner/repo` that `gh-N` stands for. */
  github?: string;
  /** Tells whether a task is in the ledger: dependencies may lead to issues of an earlier import. */
  exists?: (taskId: string) => Promise<boolean>;
}

/** Room for one entry in bytes of JSON, well under the limit of 256 KB, which redaction must not reach. */
const MAX_ENTRY = 180_000;
/** Most tasks of a circle that one entry takes in. */
const MAX_CIRCLE = 100;

/**
 * The issues of a beads export (one JSON object a line) as inputs of `import.beads`, one entry a task; tasks come after
 * those they name, and those of a circle in one entry. What cannot be mapped is in the report.
 * @throws LedgerError BAD_INPUT when the project is no key
 */
export async function mapBeads(
  lines: AsyncIterable<string> | Iterable<string>,
  options: BeadsOptions,
): Promise<{ entries: ImportEntry[]; report: ImportReport }> {
  const project = options.project.trim().toLowerCase();
  if (!isKey(project)) throw new LedgerError('BAD_INPUT', `${JSON.stringify(project)} is no project key`);
  const tally = new Tally();
  const issues = await readIssues(lines, project, tally);
  const known = await knownTargets(issues, project, options.exists);
  const { ties } = new Linker(issues, known, tally);
  const mapper = new IssueMapper(options.github, tally);
  const tasks = new Map<string, Untied>();
  for (const issue of issues.values()) {
    const task = mapper.map(issue);
    const { notes } = ties.get(issue.id)!;
    if (notes.length > 0) {
      const text = `Dependencies in beads:\n${notes.map(note => `- ${note}`).join('\n')}`;
      task.notes.push({ kind: 'note', text: text.slice(0, 60_000), by: task.created_by, at: task.updated_at });
    }
    tasks.set(issue.id, task);
  }
  const entries: ImportEntry[] = [];
  for (const group of lawfulGroups(issues, ties, tasks, tally)) {
    const tied = group.map(id => tie(tasks.get(id)!, ties.get(id)!, id => referenceOf(issues, project, id)));
    entries.push(...entriesOf(tied, project));
  }
  return { entries, report: tally.report };
}

const referenceOf = (issues: ReadonlyMap<string, Issue>, project: string, id: string): string =>
  issues.get(id)?.ref ?? `beads:${project}/${id}`;

/** Targets that are not in the file, but in the ledger. */
async function knownTargets(
  issues: ReadonlyMap<string, Issue>,
  project: string,
  exists: BeadsOptions['exists'],
): Promise<Set<string>> {
  const known = new Set<string>();
  if (!exists) return known;
  for (const { dependencies } of issues.values()) {
    for (const { target } of dependencies) {
      if (issues.has(target) || known.has(target)) continue;
      if (await exists(askedTaskId(`beads:${project}/${target}`))) known.add(target);
    }
  }
  return known;
}

function tie(task: Untied, ties: Ties, ref: (id: string) => string): ImportedTask {
  const { parent, depends_on, links } = ties;
  return {
    ...task,
    ...(parent === undefined ? {} : { parent: ref(parent) }),
    ...(depends_on.size === 0 ? {} : { depends_on: [...depends_on].map(ref) }),
    ...(links.size === 0 ? {} : { links: [...links.values()].map(({ kind, target }) => ({ kind, ref: ref(target) })) }),
  };
}

/** Groups that fit one entry each. A circle too large loses its links first, then its parents: to a note, and told. */
function lawfulGroups(
  issues: ReadonlyMap<string, Issue>,
  ties: ReadonlyMap<string, Ties>,
  tasks: ReadonlyMap<string, Untied>,
  tally: Tally,
): string[][] {
  const next = (id: string): string[] => {
    const { parent, depends_on, links } = ties.get(id)!;
    return [
      ...depends_on,
      ...(parent === undefined ? [] : [parent]),
      ...[...links.values()].map(({ target }) => target),
    ].filter(other => issues.has(other));
  };
  for (;;) {
    const found = groups(issues.keys(), next);
    const large = found.filter(group => group.length > 1 && !fits(group, tasks));
    if (large.length === 0) return found;
    for (const group of large) loosen(new Set(group), issues, ties, tasks, tally);
  }
}

const fits = (group: readonly string[], tasks: ReadonlyMap<string, Untied>): boolean =>
  group.length <= MAX_CIRCLE &&
  group.reduce((total, id) => total + bytes(JSON.stringify({ ...tasks.get(id)!, notes: [] })) + 1_000, 0) < MAX_ENTRY;

function loosen(
  group: ReadonlySet<string>,
  issues: ReadonlyMap<string, Issue>,
  ties: ReadonlyMap<string, Ties>,
  tasks: ReadonlyMap<string, Untied>,
  tally: Tally,
): void {
  const drop = (id: string, target: string, what: string) => {
    const task = tasks.get(id)!;
    const type = ties.get(id)!.counted.get(`${what} ${target}`);
    if (type !== undefined) {
      tally.report.mapped.dependencies[type]! -= 1;
      addSkipped(tally, type);
      ties.get(id)!.counted.delete(`${what} ${target}`);
    }
    tally.tell('entangled', { line: issues.get(id)!.line, issue: id, detail: `${what} ${target}` });
    task.notes.push({ kind: 'note', text: `In beads: ${what} ${target}`, by: task.created_by, at: task.updated_at });
  };
  let linked = false;
  for (const id of group) {
    const { links } = ties.get(id)!;
    for (const [key, { kind, target }] of links) {
      if (!group.has(target)) continue;
      links.delete(key);
      drop(id, target, kind);
      linked = true;
    }
  }
  if (linked) return;
  for (const id of group) {
    const own = ties.get(id)!;
    if (own.parent === undefined || !group.has(own.parent)) continue;
    drop(id, own.parent, 'parent');
    delete own.parent;
  }
}

/** The entry of a group, and entries for the notes that it has no room for. */
function entriesOf(tasks: ImportedTask[], project: string): ImportEntry[] {
  let room = MAX_ENTRY;
  for (const task of tasks) room -= bytes(JSON.stringify({ ...task, notes: [] }));
  const later: ImportEntry[] = [];
  for (const task of tasks) {
    const kept: ImportedNote[] = [];
    for (const note of task.notes ?? []) {
      const size = bytes(JSON.stringify(note));
      if (size <= room && later.every(({ more }) => more?.[0]?.ref !== task.ref)) {
        kept.push(note);
        room -= size;
      } else addLater(later, task.ref, note, size);
    }
    task.notes = kept;
  }
  return [{ project, tasks: tasks.map(withoutEmpty) }, ...later];
}

function addLater(later: ImportEntry[], ref: string, note: ImportedNote, size: number): void {
  const last = later.at(-1)?.more?.[0];
  const used = last?.ref === ref ? last.notes.reduce((total, one) => total + bytes(JSON.stringify(one)), 0) : MAX_ENTRY;
  if (last && used + size <= MAX_ENTRY) last.notes.push(note);
  else later.push({ tasks: [], more: [{ ref, notes: [note] }] });
}

function withoutEmpty(task: ImportedTask): ImportedTask {
  const entries = Object.entries(task).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(entries) as ImportedTask;
}
