import type { Intent } from '../../../kernel/entry.ts';
import { ADOPTION, type Finding } from '../../../kernel/law.ts';
import type { View } from '../../../kernel/view.ts';
import type { Task } from '../record.ts';

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
  check(change: TaskChange): Promise<Finding | undefined> | Finding | undefined;
}

/** Entries that bring tasks from another system or ledger, with its times, people and verdicts. */
export function isImport(intent: Intent): boolean {
  return bringsTasks(intent.op);
}

/** True for the operations of such entries. */
export function bringsTasks(op: string): boolean {
  return op.startsWith('import.') || op === ADOPTION;
}
