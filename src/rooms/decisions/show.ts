import { refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { cut } from '../lists.ts';
import { find } from '../lookup.ts';
import { decisionRecord, MARK, supersededRecord } from './record.ts';

/**
 * A decision as an answer shows it, and what became of it.
 * @throws LedgerError NOT_FOUND
 */
export async function showDecision(
  view: View,
  id: string,
  { texts = true, full = false }: { texts?: boolean; full?: boolean } = {},
): Promise<{ decision: Record<string, unknown>; truncated?: true; hints?: { whole?: string; next?: string } }> {
  const record =
    (await find(view, decisionRecord, id)) ??
    refuse('NOT_FOUND', `there is no decision ${id}`, { hint: 'ledgenter decision query' });
  const mark = await find(view, supersededRecord, MARK, id);
  const status = mark ? { superseded_by: mark.by } : { current: true };
  const { title, choice, rationale, options, ...rest } = record;
  if (!texts) return { decision: { id, title, ...status, ...rest } };
  let truncated = false;
  const short = (text: string): string => {
    const less = full ? undefined : cut(text);
    truncated ||= less !== undefined;
    return less ?? text;
  };
  const decision = {
    id,
    title,
    ...status,
    choice: short(choice),
    rationale: short(rationale),
    ...(options ? { options: options.map(short) } : {}),
    ...rest,
  };
  const hints = {
    ...(truncated ? { whole: `ledgenter decision get ${id} --full` } : {}),
    ...(mark ? { next: `ledgenter decision get ${mark.by}` } : {}),
  };
  return {
    decision,
    ...(truncated ? { truncated } : {}),
    ...(Object.keys(hints).length > 0 ? { hints } : {}),
  };
}
