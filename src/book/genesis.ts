import { genesisFiles } from '../rooms/ledger/genesis.ts';
import { encodeCommit, plainMeta } from '../store/encoding/commit.ts';
import { hashObject, type ObjectFormat } from '../store/encoding/hash.ts';
import { FILE_MODE, Tree, TreeEntry } from '../store/encoding/tree.ts';
import type { CommitMeta, Oid, Store } from '../store/port.ts';

const NOBODY = { name: 'ledgenter', email: 'ledgenter@ledgenter.invalid', time: 0 };

const genesisMeta = (ledger: string): CommitMeta => ({
  author: NOBODY,
  committer: NOBODY,
  message: `Ledger ${ledger}\n\nledgenter format 1\n`,
});

/**
 * The first commit of a ledger, a constant of its name and format: two `init`s, offline too, make the same object and
 * so share one root.
 */
export async function makeGenesis(store: Store, ledger: string): Promise<Oid> {
  return store.commit([], genesisFiles(ledger), genesisMeta(ledger));
}

/** The id of that commit, worked out: who only looks (a gate, in objects that are not taken yet) writes nothing. */
export function genesisOid(ledger: string, format: ObjectFormat): Oid {
  let tree = Tree.EMPTY;
  // All its files lie in the root.
  for (const { path, text } of genesisFiles(ledger)) {
    const blob = hashObject('blob', Buffer.from(text!), format);
    tree = tree.with(path, new TreeEntry(FILE_MODE, path, blob));
  }
  const root = hashObject('tree', tree.encode(), format);
  return hashObject('commit', Buffer.from(encodeCommit(root, [], plainMeta(genesisMeta(ledger)))), format);
}
