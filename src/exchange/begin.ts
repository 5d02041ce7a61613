import type { Begin, Intent } from '../kernel/entry.ts';
import type { Context, WriteOperation } from '../kernel/operation.ts';
import { epochMs } from '../kernel/time.ts';
import { tables } from '../rooms/rows.ts';
import { MAX_CLOSED } from '../rooms/runs/begin.ts';
import { openRunTable, positionPort } from '../rooms/runs/ports.ts';
import { ABANDONED_MS, runRecord } from '../rooms/runs/record.ts';
import type { Clone } from './clone.ts';
import { knownClaims } from './fetch.ts';
import { lapsed } from './renew.ts';

/** What an intent says beside what was asked for. */
export type Circumstances = Pick<Intent, 'begin' | 'seen'>;
/** Finds out what there is to say of a run, once, when its first entry is made. */
export type Beginning = (context: Context) => Promise<Begin | undefined>;

/** What the next intent says of its run, unless the book knows how it began, and of how far its writer knows the book. */
export async function circumstancesIn(
  context: Context,
  { tellsSeen }: WriteOperation<never>,
  beginning: Beginning | undefined,
): Promise<Circumstances> {
  const { view, who } = context;
  const known = !beginning || (await view.get(runRecord, who.run[0]!))?.kind !== undefined;
  const begin = known ? undefined : await beginning(context);
  const seen = tellsSeen ? await (await context.use(positionPort)).settled() : undefined;
  return { ...(begin ? { begin } : {}), ...(seen === undefined ? {} : { seen }) };
}

/** Runs that nobody wrote under for so long that they are over, oldest first; not those that still hold something. */
export async function leftOpen(context: Context, exchange: () => Promise<Clone>): Promise<string[]> {
  const { now, who } = context;
  const rows = await (await context.use(tables)).rows(openRunTable);
  const old = rows.filter(({ id, last_at }) => epochMs(last_at) + ABANDONED_MS < now && !who.run.includes(id));
  if (old.length === 0) return [];
  const clone = await exchange();
  const [claims, holds, grace] = await Promise.all([knownClaims(clone), clone.desk.holds(), clone.grace()]);
  const held = [...claims.values(), ...holds].filter(({ lease_until }) => !lapsed(lease_until, now, grace));
  const alive = new Set(held.map(({ run }) => run));
  return old
    .filter(({ id }) => !alive.has(id))
    .sort((a, b) => (a.last_at < b.last_at ? -1 : 1))
    .slice(0, MAX_CLOSED)
    .map(({ id }) => id);
}
