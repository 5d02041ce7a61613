import { type ClaimStamp, FORMAT, type Intent } from '../../../kernel/entry.ts';
import { LedgerError } from '../../../kernel/errors.ts';
import { LEASE_MS } from '../../../kernel/hold.ts';
import { byOf, type Context, type WriteOperation } from '../../../kernel/operation.ts';
import { epochMs, instant } from '../../../kernel/time.ts';
import { ledgerRecord } from '../../ledger/record.ts';
import { find } from '../../lookup.ts';
import { nothing } from '../../nothing.ts';
import { claims } from '../../tasks/ports.ts';
import { taskRecord } from '../../tasks/record.ts';

/**
 * What would refuse an operation of this actor now: its own decide, run on the state as it is and thrown away, so that the
 * answer is that of the rules and of nothing beside them. Empty when it would be done.
 */
export async function refusals(
  context: Context,
  operation: WriteOperation<never>,
  input: { [key: string]: unknown },
): Promise<LedgerError[]> {
  const { view, who } = context;
  const found: LedgerError[] = [];
  const { humanOnly, humanUnless, name } = operation;
  const reserved =
    humanOnly === true || (humanUnless !== undefined && !(await humanUnless(view, input as never, who.actor)));
  if (reserved && who.kind !== 'human')
    found.push(new LedgerError('HUMAN_ONLY', `${name} is reserved to people`, { hint: 'a person runs it' }));
  try {
    await operation.decide(view, input as never, byOf(await intentOf(context, operation, input), nothing));
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    found.push(error);
  }
  return found;
}

/** The intent of an entry that is never written. */
async function intentOf(
  context: Context,
  operation: WriteOperation<never>,
  input: { [key: string]: unknown },
): Promise<Intent> {
  const { who, now, view } = context;
  const ledger = (await view.get(ledgerRecord, 'ledger'))?.ledger ?? 'main';
  const stamped = await stampOf(context, operation, input);
  return {
    op: operation.name,
    ledger,
    format: FORMAT,
    actor: who.actor,
    kind: who.kind,
    run: who.run,
    at: instant(now),
    nonce: 'trial',
    input: JSON.parse(JSON.stringify(input)),
    ...stamped,
  };
}

/** The claim that it would be written under: this run's own, or for what takes one a new one. */
async function stampOf(
  context: Context,
  { hold: takes, target }: WriteOperation<never>,
  input: { [key: string]: unknown },
): Promise<{ claim?: ClaimStamp; chain?: string[] }> {
  const { who, now, view } = context;
  const aim = target?.(input as never);
  if (!aim) return {};
  const record = aim.def.kind === taskRecord.kind ? await find(view, taskRecord, aim.id) : undefined;
  const held = record?.hold;
  const own = held !== undefined && held.actor === who.actor && who.run.includes(held.run);
  const stamp = (root: string, run: string, lease_until: string): ClaimStamp => ({
    root,
    oid: '0'.repeat(40),
    actor: who.actor,
    run,
    lease_until,
  });
  if (takes)
    return {
      claim: stamp('trial', who.run[0]!, instant(now + LEASE_MS)),
      ...(own ? { chain: [held.root] } : {}),
    };
  if (!own) return {};
  const renewed = (await (await context.use(claims)).held()).find(({ id }) => id === aim.id)?.lease_until;
  const until = renewed !== undefined && epochMs(renewed) > epochMs(held.lease_until) ? renewed : held.lease_until;
  return { claim: stamp(held.root, held.run, until) };
}
