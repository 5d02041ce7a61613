import type { Intent } from './entry.ts';
import { GRACE_MS, type Hold, MAX_LEASE_MS, writesUnder } from './hold.ts';
import { type Change, defineLaw, type Finding, type Law, type Transition } from './law.ts';
import type { RecordDef } from './record.ts';
import { epochMs, type Instant } from './time.ts';
import type { View } from './view.ts';

/** A record that a claim can hold. */
export interface Holdable {
  hold?: Hold | undefined;
}

/** What an entry does to one held or newly held record: itself, or only sub-records in its folder. */
export interface HoldChange {
  /** Kind of the record, for the commands that a refusal names; default `task`. */
  kind?: string;
  id: string;
  before: Hold | undefined;
  after: Hold | undefined;
}

/** True when the entry begins a tenure: a hold with another root than the book's. */
export function isClaim({ before, after }: HoldChange): boolean {
  return after !== undefined && after.root !== before?.root;
}

/** The later of two instants. */
export function later(a: Instant, b: Instant): Instant {
  return epochMs(b) > epochMs(a) ? b : a;
}

/** The hold that a claim entry puts in the book. Undefined when the intent carries no claim. */
export function holdOf({ claim, at, run }: Intent): Hold | undefined {
  if (!claim) return undefined;
  return { root: claim.root, actor: claim.actor, run: run[0]!, since: at, lease_until: claim.lease_until };
}

const sameHold = (a: Hold, b: Hold): boolean =>
  a.root === b.root && a.actor === b.actor && a.run === b.run && a.since === b.since;

const names = (hold: Hold): Record<string, unknown> => ({
  holder: hold.actor,
  run: hold.run,
  lease_until: hold.lease_until,
});

/** PROTOCOL §1.5: who may begin a tenure, and that the book notes exactly the claim of the entry. */
export function claimFinding(
  { kind = 'task', id, before, after }: HoldChange,
  intent: Intent,
  grace: number = GRACE_MS,
): Finding | undefined {
  const { claim, at, prev, chain } = intent;
  if (!after) return undefined;
  const noted = holdOf(intent);
  if (!claim || !noted || claim.actor !== intent.actor || claim.run !== intent.run[0]) {
    return { code: 'NOT_HOLDER', message: `${id} can only be taken by a claim of one's own` };
  }
  if (!sameHold(after, noted) || after.lease_until !== noted.lease_until || after.offer) {
    return { message: `the hold on ${id} is not the claim of its entry` };
  }
  if (!before) return undefined;
  const own = before.actor === intent.actor && chain?.includes(before.root) === true && intent.run.includes(before.run);
  const lapsed = epochMs(at) > epochMs(before.lease_until) + grace;
  const { offer } = before;
  const offered = offer?.to.includes(intent.actor) && prev?.offer === offer.id && prev.root === before.root;
  if (own || lapsed || offered) return undefined;
  return {
    code: 'CLAIM_LOST',
    message: `${before.actor} holds ${id} until ${before.lease_until}`,
    // Of tasks there is another to claim, as the table of errors says; of anything else this one is all there is.
    ...(kind === 'task' ? {} : { hint: `ledgenter ${kind} get ${id}` }),
    details: names(before),
  };
}

/** Only the holder, within the lease of the claim it names, writes on a held record. */
export function workFinding({ kind = 'task', id, before, after }: HoldChange, intent: Intent): Finding | undefined {
  if (!before) return undefined;
  const { offer } = before;
  if (offer && intent.actor === before.actor && (!after || after.offer)) {
    return {
      code: 'NOT_HOLDER',
      message: `the claim on ${id} is offered to ${offer.to.join(', ')}: nobody works on it until it is taken or taken back`,
      hint: `ledgenter handoff cancel ${offer.id}`,
      details: { offer: offer.id },
    };
  }
  if (!writesUnder(before, { intent })) {
    return {
      code: 'NOT_HOLDER',
      message: `${before.actor} holds ${id} until ${before.lease_until} (run ${before.run})`,
      hint: `ledgenter ${kind} get ${id}`,
      details: names(before),
    };
  }
  const { lease_until } = intent.claim!;
  if (epochMs(intent.at) <= epochMs(lease_until)) return undefined;
  return {
    code: 'LEASE_LAPSED',
    message: `the lease on ${id} ran out at ${lease_until}`,
    hint: `ledgenter ${kind} claim ${id}`,
    details: names(before),
  };
}

/** Lease bounds, and that work leaves the hold as it is but for a later end, which the book keeps. */
export function leaseFinding(change: HoldChange, intent: Intent): Finding | undefined {
  const { id, before, after } = change;
  const { claim, at } = intent;
  if (claim && epochMs(claim.lease_until) > epochMs(at) + MAX_LEASE_MS) {
    return { message: `the lease on ${id} is longer than seven days` };
  }
  if (!after || isClaim(change)) return undefined;
  if (
    before &&
    claim &&
    sameHold(before, after) &&
    after.lease_until === later(before.lease_until, claim.lease_until)
  ) {
    return undefined;
  }
  return { message: `the hold on ${id} was changed by other than its claim` };
}

/** First broken rule of the three; what a decide asks before it answers. */
export function holdFinding(change: HoldChange, intent: Intent, grace?: number): Finding | undefined {
  const entered = isClaim(change) ? claimFinding(change, intent, grace) : workFinding(change, intent);
  return entered ?? (change.before || change.after ? leaseFinding(change, intent) : undefined);
}

/**
 * The laws of holding, for all record kinds with `holdable`. `enforcedBy`: their test file; `graceOf`: the ledger's
 * grace in ms, as the state before the entry says it.
 */
export function holdLaws(enforcedBy: string, graceOf: (before: View) => Promise<number>): Law[] {
  const each =
    (finding: (change: HoldChange, intent: Intent, grace: number) => Finding | undefined) =>
    async (transition: Transition): Promise<Finding[]> => {
      const found: Finding[] = [];
      const changes = await holdChanges(transition);
      const grace = changes.length === 0 ? GRACE_MS : await graceOf(transition.before);
      for (const change of changes) {
        const one = finding(change, transition.entry.intent, grace);
        if (one) found.push(one);
      }
      return found;
    };
  return [
    defineLaw({
      id: 'hold.claim',
      says: 'A claim takes a record that nobody holds, that its own run held under a root in its chain, whose lease ended more than the grace ago, or that is offered to its actor; the book notes the claim as the entry carries it.',
      enforcedBy,
      check: each((change, intent, grace) => (isClaim(change) ? claimFinding(change, intent, grace) : undefined)),
    }),
    defineLaw({
      id: 'hold.work',
      says: 'While a record is held, only its holder (same root, same actor, the holding run or a child of it) changes it or anything in its folder, at a time within the lease it names, and while the claim is offered nobody does; comments, and what the host of a pull request says of its state, are free.',
      enforcedBy,
      check: each((change, intent) => (isClaim(change) ? undefined : workFinding(change, intent))),
    }),
    defineLaw({
      id: 'hold.lease',
      says: 'A lease ends at most seven days after its entry; work changes nothing of the hold but its end, and the book keeps the latest end it was told.',
      enforcedBy,
      check: each((change, intent) => (change.before || change.after ? leaseFinding(change, intent) : undefined)),
    }),
    defineLaw({
      id: 'hold.stamp',
      says: 'An entry that names a claim writes on the record held under that claim.',
      enforcedBy,
      async check(transition) {
        const { claim } = transition.entry.intent;
        if (!claim) return undefined;
        const touched = await holdChanges(transition, true);
        if (touched.some(({ before, after }) => before?.root === claim.root || after?.root === claim.root))
          return undefined;
        const id = touched[0]?.id ?? 'the record';
        return { code: 'CLAIM_LOST', message: `${id} is not held under the claim that this entry names` };
      },
    }),
  ];
}

/** The holdable records of a transition, with sub-records counted to their owner; `all`: also those that are free beside a hold. */
async function holdChanges({ changes, before, after }: Transition, all = false): Promise<HoldChange[]> {
  const found = new Map<string, HoldChange>();
  for (const change of changes) {
    const def = change.def.holdable ? change.def : change.def.owner;
    const id = change.def.holdable ? change.id : change.parent;
    if (!def?.holdable || id === undefined || (!all && isFree(change)) || found.has(id)) continue;
    const owner = def as RecordDef<Holdable>;
    const [was, is] = await Promise.all([before.get(owner, id), after.get(owner, id)]);
    found.set(id, { kind: owner.kind, id, before: was?.hold, after: is?.hold });
  }
  return [...found.values()];
}

function isFree({ def, before, after }: Change): boolean {
  return after !== undefined && def.besideHold?.(after, before) === true;
}
