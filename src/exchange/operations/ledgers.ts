import * as z from 'zod/mini';
import { isLedgerName } from '../../book/refs.ts';
import { mark } from '../../kernel/fields.ts';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { ledgerRecord } from '../../rooms/ledger/record.ts';
import type { Clone } from '../clone.ts';
import { authorityHere, keptThere } from '../joining.ts';
import { type CurrentLedger, type Ledgers, ledgersPort } from '../ledgers.ts';
import { lapsed } from '../renew.ts';
import { sitePort } from '../site.ts';

const TRACKING = 'refs/ledgenter-remotes/';

/** The name of a ledger, as a person types it. */
export const nameField = () =>
  mark(
    z
      .string()
      .check(
        z.refine(isLedgerName, { error: 'can be no ledger: a-z 0-9 -, at most 31, beginning with a letter or digit' }),
      ),
    {
      machine: true,
      form: 'a ledger: feature-a',
    },
  );

/** In words, why a ledger is the current one. */
export function reasonOf({ because, branch, name }: CurrentLedger): string {
  switch (because) {
    case 'flag':
      return '--ledger names it';
    case 'environment':
      return 'LEDGENTER_LEDGER names it';
    case 'configuration':
      return 'git config ledgenter.ledger names it';
    case 'branch':
      return `the branch ${branch} has it`;
    case 'worktree':
      return 'this worktree remembers it';
    case 'default':
      return `nobody said otherwise, and then it is ${name}`;
  }
}

export const ledgerList = defineOperation<{ local?: boolean }>({
  name: 'ledger.list',
  kind: 'act',
  bare: true,
  toolset: 'ledger',
  summary: 'The ledgers of this repository and its remote, which one is in use here, and why',
  input: () => z.strictObject({ local: z.optional(z.boolean()) }),
  examples: [
    { cli: 'ledgenter ledger list', says: 'what there is, and what the next command works on' },
    { cli: 'ledgenter ledger list --local', says: 'without asking the remote' },
  ],
  table: { rows: 'ledgers', columns: ['ledger', 'current', 'entries', 'tip', 'forked_from'], none: 'no ledger here' },
  async act(context, { local = false }) {
    const ledgers = await context.use(ledgersPort);
    const site = await context.use(sitePort);
    const { current } = ledgers;
    const here = await ledgers.names();
    const rows = new Map<string, { [key: string]: unknown }>();
    for (const name of here) rows.set(name, await rowOf(context, ledgers, await ledgers.open(name)));
    const remote = await authorityHere(site, ledgers);
    const looked = local ? undefined : await keptThere(site, remote);
    for (const { ledger, tip } of looked ?? (await tracked(context, ledgers, here, remote))) {
      const row = rows.get(ledger) ?? { ledger, ...marked(ledgers, ledger), here: false, tip };
      rows.set(ledger, { ...row, remote });
    }
    const list = [...rows.values()].sort((a, b) => (String(a.ledger) < String(b.ledger) ? -1 : 1));
    const missing = rows.has(current.name) ? {} : { note: `there is no ledger ${current.name} yet` };
    return {
      current: current.name,
      because: current.because,
      why: reasonOf(current),
      total: list.length,
      ledgers: list,
      ...(remote !== undefined && !local && looked === undefined ? { remote_unreachable: remote } : {}),
      ...missing,
      hints: { next: nextOf(current.name, list) },
    };
  },
});

/** Into the one that is missing, to another where there is one, else on with the work. */
function nextOf(current: string, list: readonly { [key: string]: unknown }[]): string {
  const own = list.find(row => row.ledger === current);
  if (!own) return 'ledgenter init';
  if (own.here === false) return `ledgenter ledger switch ${current}`;
  const other = list.find(row => row !== own);
  return other ? `ledgenter ledger switch ${other.ledger}` : 'ledgenter whoami';
}

const marked = ({ current, branches }: Ledgers, ledger: string): { [key: string]: unknown } => {
  const own = branches()
    .filter(one => one.ledger === ledger)
    .map(({ branch }) => branch);
  return { current: current.name === ledger, ...(own.length > 0 ? { branches: own } : {}) };
};

async function rowOf(context: Context, ledgers: Ledgers, clone: Clone): Promise<{ [key: string]: unknown }> {
  const { book, names } = clone;
  const tip = await book.tip();
  const { forked_from: origin } = (await book.view(tip.at).get(ledgerRecord, 'ledger')) ?? {};
  const held = await liveHere(context, clone);
  let entries = 0;
  for await (const { total } of clone.store.logChunks(tip.at, null, 1)) {
    entries = total - 1; // the genesis is no entry
    break;
  }
  return {
    ledger: names.ledger,
    ...marked(ledgers, names.ledger),
    here: true,
    entries,
    tip: tip.at,
    ...(origin ? { forked_from: origin.ledger, forked_at: origin.tip } : {}),
    ...(held.length > 0 ? { claims: held } : {}),
  };
}

/** Ids that this run holds in a ledger now. */
export async function liveHere({ who, now }: Context, clone: Clone): Promise<string[]> {
  const grace = await clone.grace();
  return (await clone.desk.holds())
    .filter(hold => hold.actor === who.actor && who.run.includes(hold.run) && !lapsed(hold.lease_until, now, grace))
    .map(({ id }) => id);
}

/** What a fetch by hand brought of the books of the authority, where it cannot be asked. */
async function tracked(
  _context: Context,
  ledgers: Ledgers,
  here: readonly string[],
  remote: string | undefined,
): Promise<{ ledger: string; tip: string }[]> {
  if (remote === undefined || here[0] === undefined) return [];
  const { store } = await ledgers.open(here[0]);
  const found: { ledger: string; tip: string }[] = [];
  for (const [ref, tip] of await store.refs(`${TRACKING}${remote}/`)) {
    const ledger = /^([a-z0-9-]+)\/book$/.exec(ref.slice(TRACKING.length + remote.length + 1))?.[1];
    if (ledger !== undefined) found.push({ ledger, tip });
  }
  return found;
}
