import type { Context } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { ledgerRecord } from '../ledger/record.ts';
import { needRepo, repoNamed } from '../repos/names.ts';

/**
 * The repository of a reservation, as records name it: the slug, undefined for the one that the ledger lives in, whether
 * or not that one is registered.
 * @throws LedgerError NOT_FOUND for a repository that is not registered
 */
export async function scopeOf(view: View, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const authority = (await view.get(ledgerRecord, 'ledger'))?.authority;
  if (authority !== undefined && name === authority) return undefined;
  const { slug, repo } = await needRepo(view, name);
  return repo.fingerprint === authority ? undefined : slug;
}

/** The repository that the caller stands in; one that is not registered (a fork, say) counts as the ledger's own. */
export async function scopeHere({ view, who }: Pick<Context, 'view' | 'who'>): Promise<string | undefined> {
  return scopeOf(view, who.checkout && (await repoNamed(view, who.checkout.fingerprint)));
}
