import { canonicalJson } from '../../kernel/canonical.ts';
import { type By, type Decision, refuse } from '../../kernel/operation.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { projectRecord } from '../projects/record.ts';
import { askedTaskId } from '../tasks/asks.ts';
import { once } from '../tasks/fields.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { settle } from '../tasks/write.ts';
import { takeAgain } from './again.ts';
import type { ImportEntry, ImportedTask } from './entry.ts';
import { Intake } from './intake.ts';
import { takeDecision, takePage } from './pages.ts';

/** Makes the tasks of one import entry with their notes, and its pages; of those that exist it adds what is new. */
export async function createImported(view: View, input: ImportEntry, by: By): Promise<Decision> {
  const intake = new Intake(view, by);
  const fresh: ImportedTask[] = [];
  let changed = 0;
  for (const task of input.tasks) {
    const id = await intake.idOf(task.ref);
    const there = await find(view, taskRecord, id);
    if (!there) fresh.push(task);
    else if (await takeAgain(intake, id, there, task)) changed++;
  }
  const ids = fresh.map(({ ref }) => askedTaskId(ref));
  const project = input.project?.trim().toLowerCase();
  for (const [index, task] of fresh.entries()) {
    const id = ids[index]!;
    const within = async (ref: string) => (ids.includes(askedTaskId(ref)) ? askedTaskId(ref) : intake.idOf(ref));
    intake.edits.push({ id, after: await taskOf(task, { intake, id, within, project }) });
    for (const note of task.notes ?? []) intake.addNote(id, note);
    intake.addPlanning(id, task);
    if (task.sha256 !== undefined) intake.keepSource(task.ref, id, task.sha256);
  }
  for (const { ref, notes } of input.more ?? []) {
    const id = await intake.idOf(ref);
    const task = (await find(view, taskRecord, id)) ?? refuse('NOT_FOUND', `there is no task of ${ref}`);
    await intake.addMissing(id, task, notes);
  }
  for (const page of input.pages ?? []) if (await takePage(intake, page, project)) changed++;
  for (const ruling of input.decisions ?? []) if (await takeDecision(intake, ruling, project)) changed++;
  if (intake.files.length + fresh.length > 0 && project !== undefined && !(await find(view, projectRecord, project))) {
    intake.files.push(newProject(project, by));
  }
  const result = {
    tasks: ids,
    same: input.tasks.length - fresh.length,
    ...(changed > 0 ? { changed } : {}),
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
  const {
    ref,
    notes: _notes,
    sha256: _sha256,
    plans: _plans,
    questions: _questions,
    criteria,
    parent,
    depends_on,
    links,
    also_asked,
    labels,
    ...rest
  } = input;
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

function newProject(key: string, { actor, at }: By): FileChange {
  return projectRecord.put(key, { title: key, status: 'active', created_by: actor, created_at: at, updated_at: at });
}
