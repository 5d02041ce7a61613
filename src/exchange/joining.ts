import { LedgerError } from '../kernel/errors.ts';
import type { Context } from '../kernel/operation.ts';
import type { Clone } from './clone.ts';
import { seenTip } from './fetch.ts';
import { type Ledgers, ledgersPort } from './ledgers.ts';
import { type FoundLedger, type Site, sitePort } from './site.ts';
import { sync } from './sync.ts';

/** The remote that decides for the ledgers of this repository, as far as anything here says so. */
export async function authorityHere(site: Site, ledgers: Ledgers): Promise<string | undefined> {
  const { name } = ledgers.current;
  const here = await ledgers.names();
  const [known] = here.includes(name) ? [name] : here;
  if (known !== undefined) {
    const clone = await ledgers.open(known);
    return clone.self ? undefined : clone.remote.name;
  }
  const names = (await site.remotes()).map(remote => remote.name);
  const mapped = site.setting('remote');
  return [mapped, 'origin', names[0]].find(one => one !== undefined && names.includes(one));
}

/** Ledgers that the authority keeps; undefined when it cannot be read, or there is none. */
export async function keptThere(site: Site, remote: string | undefined): Promise<FoundLedger[] | undefined> {
  if (remote === undefined || !(await site.remotes()).some(one => one.name === remote)) return undefined;
  return site.look(remote);
}

/** @throws LedgerError NOT_FOUND */
export function unknownLedger(name: string, says = 'neither here nor at its remote'): LedgerError {
  return new LedgerError('NOT_FOUND', `there is no ledger ${JSON.stringify(name)} ${says}`, {
    hint: 'ledgenter ledger list',
  });
}

/**
 * The exchange of a ledger whose book is here, or comes in now from the authority.
 * @throws LedgerError NOT_FOUND when neither has it; UNREACHABLE when it is there and did not come in
 */
export async function bringLedger(context: Context, name: string): Promise<{ clone: Clone; joined: boolean }> {
  const ledgers = await context.use(ledgersPort);
  if ((await ledgers.names()).includes(name)) return { clone: await ledgers.open(name), joined: false };
  const site = await context.use(sitePort);
  const remote = await authorityHere(site, ledgers);
  const there = await keptThere(site, remote);
  const found = there?.filter(one => one.ledger === name) ?? [];
  if (remote === undefined || found.length === 0)
    throw unknownLedger(
      name,
      remote !== undefined && there === undefined ? 'here, and its remote cannot be reached' : undefined,
    );
  const asked = site.setting('namespace');
  const { namespace } = found.find(one => one.namespace === asked) ?? found[0]!;
  const clone = await ledgers.open(name, { remote, namespace });
  await clone.book.found();
  const report = await sync(clone, { joinOnly: true, ...(context.signal ? { signal: context.signal } : {}) }).catch(
    async error => {
      await forget(clone);
      throw error;
    },
  );
  if (report.ok) return { clone: await ledgers.open(name), joined: true };
  await forget(clone);
  throw new LedgerError('UNREACHABLE', `the ledger ${name} did not come in from ${remote}: ${report.reason}`);
}

/** A book of nothing but its genesis says that the ledger is here, which it is not. */
export async function forget(clone: Clone): Promise<void> {
  const tip = await clone.book.tryTip();
  const { entry } = tip ? await clone.book.entryAt(tip.book) : { entry: undefined };
  if (tip && entry && 'problem' in entry && (await seenTip(clone)) === null)
    await clone.store.swap([{ ref: clone.names.book, old: tip.book, new: null }]);
}
