import type { Intent } from '../../kernel/entry.ts';
import type { Finding } from '../../kernel/law.ts';
import { FINAL, type Task } from '../tasks/record.ts';

/**
 * Why an entry may not do the work of a task: the task is over, or nobody holds it and no person writes. Who holds it is the
 * business of the laws of holding.
 * @param before the task before the entry, `after` with what the entry does to it
 */
export function handFinding(
  id: string,
  before: Task,
  after: Task | undefined,
  { kind }: Pick<Intent, 'kind'>,
): Finding | undefined {
  const { status } = before;
  if (FINAL.includes(status))
    return { code: 'REFUSED', message: `${id} is ${status}`, hint: `ledgenter task get ${id}` };
  if (before.hold || after?.hold || kind === 'human') return undefined;
  return {
    code: 'NOT_HOLDER',
    message: `nobody holds ${id} (${status}): who works on it claims it first`,
    hint: toClaim(id, before),
  };
}

/** The command that leads to a claim of a task that nobody holds. */
export function toClaim(id: string, { status }: Task): string {
  return status === 'open' ? `ledgenter task claim ${id}` : `ledgenter task update ${id} --status open`;
}
