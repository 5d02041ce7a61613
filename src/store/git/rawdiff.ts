import { isOid } from '../encoding/names.ts';
import type { Oid, TreeChange } from '../port.ts';

interface CommitChanges {
  commit: Oid;
  changes: TreeChange[];
}

const NONE = /^0+$/;
const present = (oid: string): Oid | null => (NONE.test(oid) ? null : oid);

/** Reads `git diff-tree --raw -z`, chunk by chunk: an id of a commit, then `:modes oids status`, path, … */
export class RawDiff {
  static readonly OPTIONS: readonly string[] = ['-r', '--raw', '-z', '--no-renames', '--no-abbrev'];

  #rest = Buffer.alloc(0);
  /** A diff of two trees names no commit. */
  #now: CommitChanges = { commit: '', changes: [] };
  #oids: [Oid | null, Oid | null] | undefined;

  /** Commits that are complete with this chunk. */
  *push(chunk: Buffer): Generator<CommitChanges> {
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    for (let nul = data.indexOf(0, at); nul >= 0; nul = data.indexOf(0, at)) {
      const field = data.toString('utf8', at, nul);
      at = nul + 1;
      if (this.#oids) {
        const [before, after] = this.#oids;
        this.#now.changes.push({ path: field, before, after });
        this.#oids = undefined;
      } else if (field.startsWith(':')) {
        const parts = field.split(' ');
        this.#oids = [present(parts[2]!), present(parts[3]!)];
      } else if (isOid(field)) {
        if (this.#now.commit !== '') yield this.#now;
        this.#now = { commit: field, changes: [] };
      }
    }
    this.#rest = Buffer.from(data.subarray(at));
  }

  /** The last commit. */
  *end(): Generator<CommitChanges> {
    yield this.#now;
  }
}
