import type { Json } from '../kernel/canonical.ts';
import type { WriteOperation } from '../kernel/operation.ts';
import type { View } from '../kernel/view.ts';
import { inputHash, type Kept, keyOf, reused } from '../rooms/keys/record.ts';

/**
 * What `key` did before with this operation and input, undefined when it was never used. It is looked for before
 * anything else is: the first call may have ended the claim, or taken the task, that this one would need.
 * @throws LedgerError KEY_REUSED for another operation or input
 */
export async function repeated(
  view: View,
  operation: WriteOperation<never>,
  input: { [key: string]: unknown },
  key: string | undefined,
): Promise<{ [key: string]: Json } | undefined> {
  const kept = key === undefined ? undefined : await keyOf(view, key);
  if (!kept) return undefined;
  if (
    kept.op === operation.name &&
    inputs(operation, input, kept).some(one => inputHash({ input: one }) === kept.input)
  )
    return kept.result;
  throw reused(kept);
}

/** The inputs that `input` may have become: what takes the best there is was entered with the id of what it took. */
function inputs(
  operation: WriteOperation<never>,
  input: { [key: string]: unknown },
  { result }: Kept,
): { [key: string]: unknown }[] {
  const { aimed, target } = operation;
  if (!aimed) return [input];
  const named = target?.(input as never)?.id;
  const ids = named === undefined ? Object.values(result).filter(value => typeof value === 'string') : [named];
  return ids.map(id => aimed(input as never, id));
}
