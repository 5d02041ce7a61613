import { canonicalReference } from '../../kernel/intake.ts';
import { refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { askedTaskId, askId, askRecord } from './asks.ts';
import { taskRecord } from './record.ts';

/** The one form of an intake reference. @throws LedgerError BAD_INPUT */
export function reference(text: string): string {
  const found = canonicalReference(text);
  if ('problem' in found) refuse('BAD_INPUT', `the reference ${JSON.stringify(text.slice(0, 80))} ${found.problem}`);
  return found.ref;
}

/** The task that a canonical reference asked for, by two look-ups; undefined when it asked for none yet. */
export async function ownerOf(view: View, ref: string): Promise<string | undefined> {
  const id = askedTaskId(ref);
  if ((await find(view, taskRecord, id)) !== undefined) return id;
  return (await find(view, askRecord, askId(ref)))?.task_id;
}
