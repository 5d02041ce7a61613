import type { Claim } from '../../exchange/claimref.ts';
import { fetch } from '../../exchange/fetch.ts';
import { clonePort } from '../../exchange/site.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { MARGIN_MS } from '../../kernel/hold.ts';
import type { Context } from '../../kernel/operation.ts';
import { epochMs } from '../../kernel/time.ts';
import { contextAtPort } from '../../rooms/logbook/ports.ts';
import { find } from '../../rooms/lookup.ts';
import { type Conflict, conflictsOf } from '../../rooms/reservations/check.ts';
import { claims, type HeldClaim } from '../../rooms/tasks/ports.ts';
import { type Task, taskRecord } from '../../rooms/tasks/record.ts';

interface Input {
  task_id?: string | undefined;
  paths?: string[] | undefined;
  fresh?: boolean | undefined;
}

/** Why not, in one line, and the command that leads on. */
interface No {
  why: string;
  next: string;
}

/**
 * Whether this run may write: it holds the task by a lease that is not over, and nobody else keeps the paths. Goes by what
 * this clone knows; with `fresh` by what the remote shows now.
 * @throws LedgerError NOT_FOUND; UNREACHABLE when `fresh` is asked for and the remote cannot be
 */
export async function guard(context: Context, { task_id, paths = [], fresh }: Input) {
  const shown = fresh ? await look(context) : { at: context, there: context, claims: undefined };
  const held = await heldIn(context, shown.claims);
  const live = held.filter(({ lease_until }) => epochMs(lease_until) - MARGIN_MS > context.now);
  const mine = task_id === undefined ? live[0] : live.find(({ id }) => id === task_id);
  if (!mine) return no(await whyNot(shown.at, task_id, held, shown.claims));
  const { conflicts } = await conflictsOf(shown.there, { paths });
  if (conflicts[0]) return { ...no(kept(conflicts[0])), conflicts };
  const { id, lease_until, provisional } = mine;
  return {
    allowed: true,
    task_id: id,
    lease_until,
    ...(provisional ? { note: 'claimed offline: nobody else knows of it before the next sync' } : {}),
  };
}

const no = ({ why, next }: No) => ({ allowed: false, why, hints: { next } });

type Shown = ReadonlyMap<string, Claim>;

/**
 * The ledger and its claims as the remote has them (`there`), and what is known of tasks: here, where something waits that
 * the remote has not. A ledger that is its own authority is as fresh as it can be.
 */
async function look(context: Context): Promise<{ at: Context; there: Context; claims: Shown | undefined }> {
  const clone = await context.use(clonePort);
  if (clone.self) return { at: context, there: context, claims: undefined };
  const fetched = await fetch(clone, context.signal ? { signal: context.signal } : {});
  if (fetched.kind === 'broken')
    throw new LedgerError('UNREACHABLE', `the remote does not say who holds what: ${fetched.reason}`, {
      hint: 'ledgenter guard',
    });
  const { book } = fetched;
  const tip = await clone.book.tip();
  const ahead = book === null || (await clone.store.mergeBase(tip.at, book)) !== tip.at;
  const there = book === null ? context : (await context.use(contextAtPort))(book);
  return { at: ahead ? context : there, there, claims: fetched.claims };
}

/** Claims of this run and its ancestors, the one with most time left first; those that the remote shows, where it was asked. */
async function heldIn(context: Context, shown: Shown | undefined): Promise<HeldClaim[]> {
  const { actor, run } = context.who;
  const known = await (await context.use(claims)).held();
  const confirmed = shown
    ? known.flatMap(({ id }) => {
        const claim = shown.get(id);
        const own = claim !== undefined && claim.actor === actor && run.includes(claim.run);
        return own ? [{ id, lease_until: claim.lease_until }] : [];
      })
    : known;
  return confirmed.sort((a, b) => (a.lease_until < b.lease_until ? 1 : -1));
}

async function whyNot(
  { view, who }: Context,
  id: string | undefined,
  held: readonly HeldClaim[],
  shown: Shown | undefined,
): Promise<No> {
  const lapsed = id === undefined ? held[0] : held.find(one => one.id === id);
  if (lapsed)
    return {
      why: `the lease on ${lapsed.id} lapsed at ${lapsed.lease_until}`,
      next: `ledgenter task claim ${lapsed.id}`,
    };
  if (id === undefined) return { why: 'this run holds no task', next: 'ledgenter ready' };
  const task = await find(view, taskRecord, id);
  if (!task) throw new LedgerError('NOT_FOUND', `there is no task ${id}`);
  const holder = shown?.get(id) ?? task.hold;
  if (holder?.actor === who.actor && who.run.includes(holder.run))
    return { why: `nobody else knows of the claim on ${id} yet: it was made offline`, next: 'ledgenter sync' };
  if (holder) {
    const other = holder.actor === who.actor ? `another run of ${who.actor}` : holder.actor;
    return { why: `${other} holds ${id} until ${holder.lease_until} or longer`, next: 'ledgenter ready' };
  }
  return byStatus(id, task);
}

function byStatus(id: string, { status }: Task): No {
  if (status === 'open') return { why: `nobody holds ${id}`, next: `ledgenter task claim ${id}` };
  return { why: `nobody holds ${id}: it is ${status}`, next: `ledgenter task get ${id}` };
}

function kept(conflict: Conflict): No {
  const { by, until, reason, task_id } = conflict;
  const why = [task_id, reason].filter(one => one !== undefined).join(', ');
  const what = 'path' in conflict ? conflict.path : conflict.slot;
  return {
    why: `${what} is reserved by ${by} until ${until}${why === '' ? '' : ` (${why})`}`,
    next: 'ledgenter reserve query',
  };
}
