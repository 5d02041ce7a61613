import type { Json } from '../kernel/canonical.ts';
import type { ClaimStamp, Intent, PreviousClaim } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import { MAX_LEASE_MS } from '../kernel/hold.ts';
import { type Context, cliWords, type Who, type WriteOperation } from '../kernel/operation.ts';
import type { RecordDef } from '../kernel/record.ts';
import { formatDuration } from '../kernel/time.ts';
import { type ClaimOutcome, type ClaimRequest, claim } from './claim.ts';
import type { Clone } from './clone.ts';
import type { FetchOptions } from './fetch.ts';
import { claimNext } from './next.ts';
import { claimOffline } from './provisional.ts';
import { commandOn, holdableKind } from './records.ts';
import { defaultLease } from './renew.ts';

type Input = { [key: string]: unknown };
type Won = Extract<ClaimOutcome, { kind: 'won' }>;

/** What became of an operation that takes a record. */
export type Taken =
  | { kind: 'won'; input: Input; outcome: Won }
  | { kind: 'provisional'; input: Input; id: string; lease_until: string }
  /** Its idempotency key took something before. */
  | { kind: 'done'; result: { [key: string]: Json } }
  /** Nothing to take: an answer, not an error. */
  | { kind: 'nothing' };

/**
 * Carries an operation with `hold: 'take'` through the claim protocol, with its target or with the best candidate.
 * @throws LedgerError CLAIM_LOST with the winner, UNREACHABLE, or the law's refusal
 */
export async function take(
  clone: Clone,
  operation: WriteOperation<never>,
  given: Input,
  who: Who,
  make: (input: Input) => Intent,
  context: () => Promise<Context>,
  before: ClaimRequest['before'],
  options: FetchOptions & { offline?: boolean },
): Promise<Taken> {
  const aimed = (id: string): Input => (operation.aimed ? (operation.aimed(given as never, id) as Input) : given);
  const target = operation.target?.(given as never);
  const lease = Math.min(operation.lease?.(given as never) ?? defaultLease(who.kind), MAX_LEASE_MS);
  const request = (id: string): ClaimRequest => ({
    def: (target?.def ?? holdableKind(clone.book, id)) as RecordDef<unknown>,
    id,
    actor: who.actor,
    run: who.run,
    lease,
    before,
    ...(operation.along ? { along: book => operation.along!(book, given as never) } : {}),
    intent: (stamp, prev, chain) => withClaim(make(aimed(id)), stamp, prev, chain),
  });
  if (options.offline) {
    const id = target?.id ?? (await firstOf(operation.candidates!((await context()) as Context, given as never)));
    if (id === undefined) return { kind: 'nothing' };
    const outcome = await claimOffline(clone, request(id));
    if (outcome.kind === 'provisional') {
      return { kind: 'provisional', input: aimed(id), id, lease_until: outcome.hold.lease_until };
    }
    return { kind: 'won', input: aimed(id), outcome: wonOrThrow(outcome, id, clone, operation) };
  }
  if (target) {
    const outcome = await claim(clone, request(target.id), options);
    if (outcome.kind === 'done') return outcome;
    return { kind: 'won', input: aimed(target.id), outcome: wonOrThrow(outcome, target.id, clone, operation) };
  }
  const candidates = async function* () {
    yield* operation.candidates!(await context(), given as never);
  };
  const next = await claimNext(clone, { candidates, request, actor: who.actor, run: who.run }, options);
  if (!next) return { kind: 'nothing' };
  if (next.outcome.kind === 'done') return next.outcome;
  return { kind: 'won', input: aimed(next.id), outcome: wonOrThrow(next.outcome, next.id, clone, operation) };
}

function withClaim(intent: Intent, claim: ClaimStamp, prev: PreviousClaim | undefined, chain: string[]): Intent {
  return { ...intent, claim, ...(prev ? { prev } : {}), ...(chain.length > 0 ? { chain } : {}) };
}

async function firstOf(ids: AsyncIterable<string>): Promise<string | undefined> {
  for await (const id of ids) return id;
  return undefined;
}

/** Won, or the error that names the winner and when to try again. */
function wonOrThrow(
  outcome: Exclude<ClaimOutcome, { kind: 'done' }>,
  id: string,
  clone: Clone,
  operation: WriteOperation<never>,
): Won {
  if (outcome.kind === 'won') return outcome;
  if (outcome.kind === 'broken') {
    throw new LedgerError('UNREACHABLE', `the claim was not decided: ${outcome.reason}`, {
      hint: `run the same command again, or claim without the remote: ledgenter ${cliWords(operation).join(' ')} --offline`,
    });
  }
  if (outcome.error) throw outcome.error;
  const { holder } = outcome;
  // Where there is a next one to take, that is the way on; else a look at who has it.
  const hint = operation.candidates ? {} : { hint: commandOn(clone.book, 'get', id) };
  if (!holder) throw new LedgerError('CLAIM_LOST', `${id}: ${outcome.reason}`, hint);
  const left = Date.parse(holder.lease_until) - clone.now();
  throw new LedgerError(
    'CLAIM_LOST',
    `${holder.actor} holds ${id} until ${holder.lease_until} (${formatDuration(left)} left)`,
    {
      ...hint,
      details: { id, holder: holder.actor, run: holder.run, lease_until: holder.lease_until },
    },
  );
}
