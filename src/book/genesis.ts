import { genesisFiles } from '../rooms/ledger/genesis.ts';
import type { CommitMeta, Oid, Store } from '../store/port.ts';

const NOBODY = { name: 'ledgenter', email: 'ledgenter@ledgenter.invalid', time: 0 };

/**
 * The first commit of a ledger, a constant of its name and format: two `init`s, offline too, make the same object and
 * so share one root.
 */
export async function makeGenesis(store: Store, ledger: string): Promise<Oid> {
  const meta: CommitMeta = { author: NOBODY, committer: NOBODY, message: `Ledger ${ledger}\n\nledgenter format 1\n` };
  return store.commit([], genesisFiles(ledger), meta);
}
