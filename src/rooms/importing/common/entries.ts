import { canonicalJson } from '../../../kernel/canonical.ts';
import { sha256Hex } from '../../../kernel/ids.ts';
import { askedTaskId } from '../../tasks/asks.ts';
import type { ImportEntry, ImportedNote, ImportedTask } from '../entry.ts';
import { type Node, placeOf, type Ties } from './links.ts';
import { groups } from './order.ts';
import type { Tally } from './report.ts';
import { bytes } from './texts.ts';

/** A task without its ties to others. */
export type Untied = Omit<ImportedTask, 'parent' | 'depends_on' | 'links'> & { notes: ImportedNote[] };

/** Room for one entry in bytes of JSON, well under the limit of 256 KB, which redaction must not reach. */
export const MAX_ENTRY = 180_000;
/** Most tasks of a circle that one entry takes in. */
const MAX_CIRCLE = 100;

interface Work {
  ties: ReadonlyMap<string, Ties>;
  tasks: ReadonlyMap<string, Untied>;
  tally: Tally;
  project: string;
  /** The reference of a task that is not among the nodes. */
  reference: (id: string) => string;
  /** What the other system is called, in notes. */
  from: string;
  /** Tasks carry a hash of what was read, so that a later import tells what changed. */
  hashed?: boolean;
}

/** Targets of dependencies that are not among the nodes, but in the ledger. */
export async function knownTargets(
  nodes: ReadonlyMap<string, Node>,
  reference: (id: string) => string,
  exists?: (taskId: string) => Promise<boolean>,
): Promise<Set<string>> {
  const known = new Set<string>();
  if (!exists) return known;
  for (const { dependencies } of nodes.values()) {
    for (const { target } of dependencies) {
      if (nodes.has(target) || known.has(target)) continue;
      if (await exists(askedTaskId(reference(target)))) known.add(target);
    }
  }
  return known;
}

/** One entry a task, after those it names; those of a circle in one entry, notes without room in entries of their own. */
export function entriesOf(nodes: ReadonlyMap<string, Node>, work: Work): ImportEntry[] {
  const { ties, tasks, project, reference } = work;
  const refOf = (id: string): string => nodes.get(id)?.ref ?? reference(id);
  return lawfulGroups(nodes, work).flatMap(group =>
    packed(
      group.map(id => hashed(tie(tasks.get(id)!, ties.get(id)!, refOf), work.hashed)),
      project,
    ),
  );
}

function hashed(task: ImportedTask, wanted = false): ImportedTask {
  return wanted ? { ...task, sha256: sha256Hex(canonicalJson(withoutEmpty(task))) } : task;
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
function lawfulGroups(nodes: ReadonlyMap<string, Node>, work: Work): string[][] {
  const { ties, tasks } = work;
  const next = (id: string): string[] => {
    const { parent, depends_on, links } = ties.get(id)!;
    return [
      ...depends_on,
      ...(parent === undefined ? [] : [parent]),
      ...[...links.values()].map(({ target }) => target),
    ].filter(other => nodes.has(other));
  };
  for (;;) {
    const found = groups(nodes.keys(), next);
    const large = found.filter(group => group.length > 1 && !fits(group, tasks));
    if (large.length === 0) return found;
    for (const group of large) loosen(new Set(group), nodes, work);
  }
}

const fits = (group: readonly string[], tasks: ReadonlyMap<string, Untied>): boolean =>
  group.length <= MAX_CIRCLE &&
  group.reduce((total, id) => total + bytes(JSON.stringify({ ...tasks.get(id)!, notes: [] })) + 1_000, 0) < MAX_ENTRY;

function loosen(group: ReadonlySet<string>, nodes: ReadonlyMap<string, Node>, work: Work): void {
  const { ties, tasks, tally, from } = work;
  const drop = (id: string, target: string, what: string) => {
    const task = tasks.get(id)!;
    const type = ties.get(id)!.counted.get(`${what} ${target}`);
    if (type !== undefined) {
      tally.report.mapped.dependencies[type]! -= 1;
      tally.skip(type);
      ties.get(id)!.counted.delete(`${what} ${target}`);
    }
    tally.tell('entangled', { ...placeOf(nodes.get(id)!), detail: `${what} ${target}` });
    task.notes.push({ kind: 'note', text: `In ${from}: ${what} ${target}`, by: task.created_by, at: task.updated_at });
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
function packed(tasks: ImportedTask[], project: string): ImportEntry[] {
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
