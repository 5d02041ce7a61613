import { canonicalJson } from '../../kernel/canonical.ts';
import { FINAL, type Task } from '../tasks/record.ts';
import { parts } from './common/texts.ts';
import type { ImportedTask } from './entry.ts';
import type { Intake } from './intake.ts';

/**
 * A task that an earlier import made, whose source says something else now: notes that are new come in, and what else it
 * says is told in a comment. What people made of the task here stays.
 * @returns whether there was anything new
 */
export async function takeAgain(intake: Intake, id: string, task: Task, input: ImportedTask): Promise<boolean> {
  const { ref, sha256, notes = [] } = input;
  if (sha256 === undefined || (await intake.source(ref))?.sha256 === sha256) return false;
  await intake.addMissing(id, task, notes, true);
  const told = await differences(intake, task, input);
  if (told.length > 0) {
    const text = `The source of this task has changed since it was imported. What it says now, where this task says something else:\n${told.join('\n')}`;
    const { actor: by, at } = intake.by;
    for (const part of parts(text)) intake.addNote(id, { kind: 'comment', text: part, by, at });
  }
  intake.keepSource(ref, id, sha256);
  return true;
}

async function differences(intake: Intake, task: Task, input: ImportedTask): Promise<string[]> {
  const out: string[] = [];
  const tell = (name: string, there: unknown, here: unknown): void => {
    if (there === undefined || canonicalJson(there) === canonicalJson(here ?? null)) return;
    const [said] = [there].flat();
    const long = typeof said === 'string' && said.includes('\n');
    const value = [there].flat().join(', ');
    out.push(long ? `- ${name}:\n\n${value}\n` : `- ${name}: ${value === '' ? '(none)' : value}`);
  };
  tell('title', input.title, task.title);
  // Open over there says nothing against a task that somebody works on here.
  if (input.status !== 'open' || FINAL.includes(task.status)) tell('status', input.status, task.status);
  tell('reason', input.reason, task.reason);
  if (!task.hold) tell('assignee', input.assignee, task.assignee);
  tell('priority', String(input.priority), String(task.priority));
  tell('estimate', input.estimate, task.estimate);
  tell('due_on', input.due_on, task.due_on);
  tell('start_on', input.start_on, task.start_on);
  tell('description', input.description, task.description);
  const box = ({ text, met }: { text: string; met: boolean }) => `[${met ? 'x' : ' '}] ${text}`;
  const there = (input.criteria ?? []).map(({ text, met_by }) => box({ text, met: met_by !== undefined }));
  const here = new Set(task.criteria.map(box));
  for (const criterion of there) if (!here.has(criterion)) out.push(`- criterion: ${criterion}`);
  for (const label of input.labels ?? []) if (!task.labels.includes(label)) out.push(`- label: ${label}`);
  const also = async (name: string, refs: readonly string[], ids: readonly string[]) => {
    for (const ref of refs) if (!ids.includes(await intake.idOf(ref))) out.push(`- ${name}: ${ref}`);
  };
  await also('depends on', input.depends_on ?? [], task.depends_on);
  await also(
    'parent',
    input.parent === undefined ? [] : [input.parent],
    task.parent === undefined ? [] : [task.parent],
  );
  for (const { kind, ref } of input.links ?? []) {
    const ids = task.links.filter(link => link.kind === kind).map(link => link.task_id);
    await also(kind, [ref], ids);
  }
  return out;
}
