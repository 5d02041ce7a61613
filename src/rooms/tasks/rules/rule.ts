import type { Intent } from '../../../kernel/entry.ts';
import { ADOPTION, type Finding } from '../../../kernel/law.ts';
import type { View } from '../../../kernel/view.ts';
import { find } from '../../lookup.ts';
import { type Task, taskRecord } from '../record.ts';

/** One task that an entry creates (`before` undefined) or changes. */
export interface TaskChange {
  id: string;
  before: Task | undefined;
  after: Task;
  intent: Intent;
  /** The state before the entry, and the one after it. */
  was: View;
  view: View;
  /** Every task that the same entry creates or changes, this one too. */
  along: ReadonlyMap<string, Task>;
}

/** A law on a task; asked by a decide before it answers and by the law of the same name afterwards. */
export interface TaskRule {
  id: string;
  says: string;
  /** Judges also a task that is brought from another ledger; the others judged it there, change by change. */
  brought?: true;
  check(change: TaskChange): Promise<Finding | undefined> | Finding | undefined;
}

/** Whether a rule has a say on this change: of an adopted task those that ask what it is to this ledger, from then on all. */
export function judges({ brought }: TaskRule, { before, after }: Pick<TaskChange, 'before' | 'after'>): boolean {
  return before !== undefined || after.adopted === undefined || brought === true;
}

/** Entries that bring tasks from another system or ledger, with its times, people and verdicts. */
export function isImport(intent: Intent): boolean {
  return bringsTasks(intent.op);
}

/** True for an import entry that makes this task: what others said of it elsewhere comes with it, and to no other task. */
export async function comesWith(intent: Intent, was: View, view: View, id: string): Promise<boolean> {
  if (!isImport(intent) || (await find(was, taskRecord, id))) return false;
  return (await find(view, taskRecord, id))?.imported === true;
}

/** True for the operations of such entries. */
export function bringsTasks(op: string): boolean {
  return op.startsWith('import.') || op === ADOPTION;
}
