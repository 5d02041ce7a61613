import { GRACE_MS } from '../../kernel/hold.ts';
import { parseDuration } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { ledgerRecord } from './record.ts';

/**
 * How long after a lease nobody may take over yet, in ms: the policy `claim_grace`, else two minutes. It must be at least
 * twice the difference between any two clocks that write this ledger (PROTOCOL-FINDINGS #3).
 */
export async function graceOf(view: View): Promise<number> {
  const asked = (await view.get(ledgerRecord, 'ledger'))?.policies?.claim_grace;
  return (typeof asked === 'string' ? parseDuration(asked) : undefined) ?? GRACE_MS;
}
