import * as z from 'zod/mini';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { cut } from '../lists.ts';
import { taskId } from '../tasks/fields.ts';
import { needTask } from '../tasks/write.ts';
import { type Difference, differences } from './difference.ts';
import { version } from './fields.ts';
import { needVersion } from './look.ts';

/** Differences with their texts cut as answers cut them. */
export function shownDifferences(found: readonly Difference[]): { differences: Difference[]; truncated?: true } {
  let truncated = false;
  const short = (text: string): string => {
    const less = cut(text);
    truncated ||= less !== undefined;
    return less ?? text;
  };
  const shown = found.map(({ was, is, ...rest }) => ({
    ...rest,
    ...(was === undefined ? {} : { was: short(was) }),
    ...(is === undefined ? {} : { is: short(is) }),
  }));
  return { differences: shown, ...(truncated ? { truncated: true } : {}) };
}

export const diff = defineOperation({
  name: 'plan.diff',
  kind: 'read',
  summary: 'What one version of a plan says otherwise than another: default the newest, against the one before it',
  input: () => z.strictObject({ task_id: taskId(), from: z.optional(version()), to: z.optional(version()) }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter plan diff <task_id> --from 1 --to 3', says: 'what two amendments changed' }],
  async query({ view }, { task_id: id, from, to }) {
    await needTask(view, id);
    const now = await needVersion(view, id, to);
    const other = from ?? now.version - 1;
    if (other < 1) refuse('NOT_FOUND', `v1 of ${id} has no version before it`, { hint: `ledgenter plan get ${id}` });
    const before = await needVersion(view, id, other);
    return {
      task_id: id,
      from: before.version,
      to: now.version,
      ...shownDifferences(differences(before.plan, now.plan)),
      hints: { next: `ledgenter plan review ${id} --version ${now.version}` },
    };
  },
});
