import { isLedgerName, SHARED } from '../../book/refs.ts';
import type { Store } from '../../store/port.ts';

/** Names of the ledgers whose books a repository has, sorted. */
export async function ledgersIn({ store }: { store: Store }): Promise<string[]> {
  const refs = [...(await store.refs(SHARED)).keys()];
  const names = refs.map(ref => /^([^/]+)\/book$/.exec(ref.slice(SHARED.length))?.[1]);
  return names.filter(name => name !== undefined && isLedgerName(name)).sort() as string[];
}
