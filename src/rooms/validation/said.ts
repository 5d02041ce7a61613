import { canonicalJson, type Json } from '../../kernel/canonical.ts';
import type { Intent } from '../../kernel/entry.ts';
import { refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { criterionHash, lookedHash } from './gate.ts';
import { checkRecord, type Validation, type ValidationCheck, validationRecord, type Waiver } from './record.ts';

interface Named {
  task_id: string;
  criterion?: string | undefined;
  looked_sha256?: string | undefined;
}

/** An input with the hash of what its author sees now, so that the entry says it wherever it is decided anew. */
export async function looked<I extends Named>(view: View, given: I): Promise<I> {
  if (given.looked_sha256 !== undefined) return given;
  const task = await find(view, taskRecord, given.task_id);
  return task ? { ...given, looked_sha256: await lookedHash(view, given.task_id, task, given.criterion) } : given;
}

/** The same of a waiver, which is about the wording alone. */
export async function worded<I extends Named>(view: View, given: I): Promise<I> {
  if (given.looked_sha256 !== undefined) return given;
  const criterion = (await find(view, taskRecord, given.task_id))?.criteria.find(({ id }) => id === given.criterion);
  return criterion ? { ...given, looked_sha256: criterionHash(criterion) } : given;
}

/** @throws LedgerError REFUSED where what was looked at is not what is there */
export function needLooked({ task_id, looked_sha256 }: Named, now: string): void {
  if (looked_sha256 === undefined || looked_sha256 === now) return;
  refuse('REFUSED', `${task_id} is not as it was looked at: its criteria, its commits or its plan changed since`, {
    hint: `ledgenter validate status ${task_id}`,
  });
}

/** Whether a record of a validation is what the intent of its entry says; `was`: the state before it. */
export async function said(
  was: View,
  id: string,
  task: Task,
  kind: string,
  record: unknown,
  { op, input }: Intent,
): Promise<boolean> {
  const says = (name: string, ...pairs: [unknown, unknown][]): boolean =>
    op === name && input.task_id === id && pairs.every(([one, two]) => text(one) === text(two));
  if (kind === checkRecord.kind) {
    const { criterion, result, text: words, commit } = record as ValidationCheck;
    return says(
      'validate.check',
      [input.criterion, criterion],
      [input.result, result],
      [input.text, words],
      [input.commit, commit],
      [input.looked_sha256, await lookedHash(was, id, task, criterion)],
    );
  }
  if (kind === validationRecord.kind) {
    const { result, summary } = record as Validation;
    return says(
      'validate.finish',
      [input.result, result],
      [input.summary, summary],
      [input.looked_sha256, await lookedHash(was, id, task)],
    );
  }
  const { criterion, criterion_sha256, required_task_id, reason } = record as Waiver;
  return criterion === undefined
    ? says('require.waive', [input.on, required_task_id], [input.reason, reason])
    : says(
        'validate.waive',
        [input.criterion, criterion],
        [input.reason, reason],
        [input.looked_sha256, criterion_sha256],
      );
}

const text = (value: unknown): string => canonicalJson((value ?? null) as Json);
