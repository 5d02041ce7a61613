import { canonicalJson } from '../../kernel/canonical.ts';
import { type By, type Decision, refuse } from '../../kernel/operation.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { projectRecord } from '../projects/record.ts';
import { any } from '../room.ts';
import { askedTaskId, askId, askRecord } from '../tasks/asks.ts';
import { once } from '../tasks/fields.ts';
import { type Note, noteRecord, type Task, taskRecord } from '../tasks/record.ts';
import { type Edit, settle } from '../tasks/write.ts';
import type { ImportEntry, ImportedNote, ImportedTask } from './entry.ts';

/** One import entry at work: what it adds, on the state it was decided on. */
class Intake {
  readonly view: View;
  readonly by: By;
  readonly edits: Edit[] = [];
  readonly files: FileChange[] = [];
  /** References that another task has already. */
  readonly taken: string[] = [];
  #notes = 0;

  constructor(view: View, by: By) {
    this.view = view;
    this.by = by;
  }

  /** The task that a reference asks for: one of this entry, one that exists, or the id it would have. */
  async idOf(ref: string): Promise<string> {
    const id = askedTaskId(ref);
    if (this.edits.some(edit => edit.id === id) || (await find(this.view, taskRecord, id))) return id;
    return (await find(this.view, askRecord, askId(ref)))?.task_id ?? id;
  }

  addNote(task: string, { kind, text, by, at }: ImportedNote): void {
    const id = this.by.newId(any(noteRecord), this.#notes++);
    this.files.push(noteRecord.put(id, { kind, text, by, at }, task));
  }

  /** Claims further references for a task; those that another has are left to it. */
  async claimRefs(task: string, refs: readonly string[]): Promise<string[]> {
    const own: string[] = [];
    for (const ref of new Set(refs)) {
      const file = askRecord.put(askId(ref), { task_id: task });
      const given = this.files.some(({ path }) => path === file.path);
      const owner =
        (await find(this.view, askRecord, askId(ref))) ?? (await find(this.view, taskRecord, askedTaskId(ref)));
      if (given || owner) {
        this.taken.push(ref);
        continue;
      }
      this.files.push(file);
      own.push(ref);
    }
    return own;
  }
}

/** Makes the tasks of one import entry with their notes; those that exist are left as they are and counted. */
export async function createImported(view: View, input: ImportEntry, by: By): Promise<Decision> {
  const intake = new Intake(view, by);
  const fresh: ImportedTask[] = [];
  for (const task of input.tasks) {
    const id = await intake.idOf(task.ref);
    if (!(await find(view, taskRecord, id))) fresh.push(task);
  }
  const ids = fresh.map(({ ref }) => askedTaskId(ref));
  const project = input.project?.trim().toLowerCase();
  for (const [index, task] of fresh.entries()) {
    const id = ids[index]!;
    const within = async (ref: string) => (ids.includes(askedTaskId(ref)) ? askedTaskId(ref) : intake.idOf(ref));
    intake.edits.push({ id, after: await taskOf(task, { intake, id, within, project }) });
    for (const note of task.notes ?? []) intake.addNote(id, note);
  }
  for (const { ref, notes } of input.more ?? []) await addMissing(intake, ref, notes);
  if (fresh.length > 0 && project !== undefined && !(await find(view, projectRecord, project))) {
    intake.files.push(newProject(project, by));
  }
  const result = {
    tasks: ids,
    same: input.tasks.length - fresh.length,
    ...(intake.taken.length > 0 ? { taken: intake.taken } : {}),
  };
  return settle(view, by, intake.edits, intake.files, result);
}

interface Place {
  intake: Intake;
  id: string;
  within: (ref: string) => Promise<string>;
  project: string | undefined;
}

async function taskOf(input: ImportedTask, { intake, id, within, project }: Place): Promise<Task> {
  const { ref, notes: _notes, criteria, parent, depends_on, links, also_asked, labels, ...rest } = input;
  const named = await Promise.all(
    (links ?? []).map(async link => ({ kind: link.kind, task_id: await within(link.ref) })),
  );
  const task: Task = {
    ...rest,
    ...(project === undefined ? {} : { project }),
    ...(parent === undefined ? {} : { parent: await within(parent) }),
    labels: once(labels ?? []),
    criteria: (criteria ?? []).map(({ text, met_by, met_at }, index) => {
      const met = met_by !== undefined && met_at !== undefined;
      return { id: `c${index + 1}`, text, met, ...(met ? { met_by, met_at } : {}) };
    }),
    depends_on: once(await Promise.all((depends_on ?? []).map(within))),
    links: [...new Map(named.map(link => [`${link.kind} ${link.task_id}`, link])).values()],
    origin_ask_ref: ref,
    also_asked: await intake.claimRefs(id, also_asked ?? []),
    imported: true,
  };
  return JSON.parse(canonicalJson(task));
}

/** Adds notes to a task that an earlier entry made, each only once however often the import runs. */
async function addMissing(intake: Intake, ref: string, notes: readonly ImportedNote[]): Promise<void> {
  const id = await intake.idOf(ref);
  const task = await find(intake.view, taskRecord, id);
  if (!task) refuse('NOT_FOUND', `there is no task of ${ref}`);
  const key = ({ kind, text, by, at }: Note): string => canonicalJson([kind, text, by, at]);
  const there = new Set((await intake.view.all(noteRecord, id)).map(({ record }) => key(record)));
  for (const note of notes) if (!there.has(key(note))) intake.addNote(id, note);
}

function newProject(key: string, { actor, at }: By): FileChange {
  return projectRecord.put(key, { title: key, status: 'active', created_by: actor, created_at: at, updated_at: at });
}
