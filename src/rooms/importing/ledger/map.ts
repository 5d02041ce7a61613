import { canonicalJson } from '../../../kernel/canonical.ts';
import { sha256Hex } from '../../../kernel/ids.ts';
import type { Decision } from '../../decisions/record.ts';
import type { Knowledge } from '../../knowledge/record.ts';
import type { Note, Task } from '../../tasks/record.ts';
import type { ImportEntry, ImportedNote, ImportedTask } from '../entry.ts';

/** A task of another ledger, with its notes in the order of their ids. */
export interface OtherTask {
  id: string;
  task: Task;
  notes: readonly Note[];
}

/** What else of another ledger can be said anew in this one, by id. */
export interface OtherPages {
  decisions: ReadonlyMap<string, Decision>;
  knowledge: ReadonlyMap<string, Knowledge>;
}

export interface CopyReport {
  tasks: number;
  notes: number;
  decisions: number;
  knowledge: number;
  /** Statuses that only a claim or a review gives: such a task comes in as open. */
  opened: number;
  /** Relations to tasks that are not copied and have no reference by which they are found here, and those of a circle. */
  links_left_out: number;
  /** Checks, evidence and gates of a criterion or a task: proof of another ledger is none here. */
  proofs_left_out: number;
}

/** Room for one entry in bytes of JSON, well under the limit of 256 KB, which redaction must not reach. */
const MAX_ENTRY = 180_000;
const PLAIN_STATUS = new Set(['open', 'blocked', 'done', 'cancelled']);

/** What a copied task is called for ever: asked for again, it is the same task. */
export function copyReference(source: string, id: string): string {
  return `ledger:${source}/${id}`;
}

/**
 * What another ledger has as inputs of `import.ledger`: one a task, each behind those it names, one a decision or page.
 * @param source name of the other ledger that no third has
 * @param here a reference by which a task that is not copied is found in this ledger, if it has one
 */
export function mapCopies(
  tasks: ReadonlyMap<string, OtherTask>,
  source: string,
  here: (id: string) => string | undefined,
  { decisions, knowledge }: OtherPages = { decisions: new Map(), knowledge: new Map() },
): { entries: ImportEntry[]; report: CopyReport } {
  const counts = { tasks: 0, notes: 0, decisions: decisions.size, knowledge: knowledge.size };
  const report: CopyReport = { ...counts, opened: 0, links_left_out: 0, proofs_left_out: 0 };
  const entries: ImportEntry[] = [];
  const placed = new Set<string>();
  const refOf = (id: string): string | undefined =>
    placed.has(id) ? copyReference(source, id) : tasks.has(id) ? undefined : here(id);
  for (const id of inOrder(tasks)) {
    const other = tasks.get(id)!;
    entries.push(...entriesOf(copyOf(other, source, refOf, report), other.task.project));
    placed.add(id);
    report.tasks++;
    report.notes += other.notes.length;
  }
  for (const [id, { title, choice, rationale, options, project }] of decisions) {
    const said = { title, choice, rationale, ...(options ? { options } : {}) };
    entries.push({ ...inProject(project), tasks: [], decisions: [{ ...named(id, source, said), ...said }] });
  }
  for (const [id, { title, body, kind, tags, project }] of knowledge) {
    const said = { title, body, kind, tags };
    entries.push({ ...inProject(project), tasks: [], pages: [{ ...named(id, source, said), ...said }] });
  }
  return { entries, report };
}

const inProject = (project: string | undefined) => (project === undefined ? {} : { project });

/** By what it is found again, and whether it says something else then. */
const named = (id: string, source: string, said: object) => ({
  ref: copyReference(source, id),
  sha256: sha256Hex(canonicalJson(said)),
});

function copyOf(
  { id, task, notes }: OtherTask,
  source: string,
  refOf: (id: string) => string | undefined,
  report: CopyReport,
): ImportedTask {
  const found = (other: string): string[] => {
    const ref = refOf(other);
    if (ref === undefined) report.links_left_out++;
    return ref === undefined ? [] : [ref];
  };
  const plain = PLAIN_STATUS.has(task.status);
  if (!plain) report.opened++;
  report.proofs_left_out += task.criteria.filter(({ check }) => check !== undefined).length;
  const [parent] = task.parent === undefined ? [] : found(task.parent);
  const { title, description, assignee, priority, labels, estimate, due_on, start_on } = task;
  const { created_by, created_at, updated_at, finished_at, reason } = task;
  const copy: ImportedTask = {
    ref: copyReference(source, id),
    title,
    description,
    status: plain ? (task.status as ImportedTask['status']) : 'open',
    reason,
    assignee,
    priority,
    labels,
    estimate,
    criteria: task.criteria.map(({ text, met_by, met_at, proof }) => ({
      text,
      // What was proven there is not proven here.
      ...(proof === undefined && met_by !== undefined ? { met_by, met_at } : {}),
    })),
    parent,
    depends_on: task.depends_on.flatMap(found),
    links: task.links.flatMap(({ kind, task_id }) => found(task_id).map(ref => ({ kind, ref }))),
    due_on,
    start_on,
    also_asked: [...(task.origin_ask_ref === undefined ? [] : [task.origin_ask_ref]), ...task.also_asked],
    created_by,
    created_at,
    updated_at,
    finished_at,
    notes: notes.map(noteOf),
  };
  return withoutEmpty(copy);
}

/** A ruling has another id here: the note that points to it says which one it meant. */
function noteOf({ kind, text, by, at, decision_id }: OtherTask['notes'][number]) {
  return kind === 'decision'
    ? { kind: 'note' as const, text: `${text}\n\nDecision there: ${decision_id}`, by, at }
    : { kind, text, by, at };
}

/** Every task behind those it names; of a circle (only links make one) one link is left out. */
function inOrder(tasks: ReadonlyMap<string, OtherTask>): string[] {
  const out: string[] = [];
  const state = new Set<string>();
  for (const start of [...tasks.keys()].sort()) {
    if (state.has(start)) continue;
    state.add(start);
    const path = [{ id: start, next: namedBy(tasks, start) }];
    while (path.length > 0) {
      const { id, next } = path.at(-1)!;
      const other = next.pop();
      if (other === undefined) {
        out.push(id);
        path.pop();
      } else if (!state.has(other)) {
        state.add(other);
        path.push({ id: other, next: namedBy(tasks, other) });
      }
    }
  }
  return out;
}

/** Last in the list comes first: what must be there before what is only linked. */
function namedBy(tasks: ReadonlyMap<string, OtherTask>, id: string): string[] {
  const { parent, depends_on, links } = tasks.get(id)!.task;
  const named = [...links.map(link => link.task_id), ...depends_on, ...(parent === undefined ? [] : [parent])];
  return named.filter(other => tasks.has(other) && other !== id);
}

/** The entry of a task, and entries for the notes that it has no room for. */
function entriesOf(task: ImportedTask, project: string | undefined): ImportEntry[] {
  const kept: ImportedNote[] = [];
  const later: ImportedNote[][] = [];
  let room = MAX_ENTRY - size({ ...task, notes: [] });
  for (const note of task.notes ?? []) {
    if (room < size(note)) {
      later.push([]);
      room = MAX_ENTRY;
    }
    (later.at(-1) ?? kept).push(note);
    room -= size(note);
  }
  const { notes: _all, ...rest } = task;
  const first: ImportedTask = kept.length > 0 ? { ...rest, notes: kept } : rest;
  return [
    { ...inProject(project), tasks: [first] },
    ...later.map(notes => ({ tasks: [], more: [{ ref: task.ref, notes }] })),
  ];
}

const size = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

function withoutEmpty(task: ImportedTask): ImportedTask {
  const entries = Object.entries(task).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(entries) as ImportedTask;
}
