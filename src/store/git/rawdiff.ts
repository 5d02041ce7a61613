import { isOid } from '../encoding/names.ts';
import { FILE_MODE } from '../encoding/tree.ts';
import type { Oid, TreeChange } from '../port.ts';

export interface CommitChanges {
  commit: Oid;
  changes: TreeChange[];
  /** With `-t`: the folders below the root that are new or changed. */
  folders: { path: string; tree: Oid }[];
}

interface Line {
  modes: [before: string, after: string];
  oids: [before: Oid | null, after: Oid | null];
}

const NONE = /^0+$/;
/** As `diff-tree` prints it. */
const FOLDER = '040000';
const present = (oid: string): Oid | null => (NONE.test(oid) ? null : oid);

/** Reads `git diff-tree --raw -z`, chunk by chunk: an id of a commit, then `:modes oids status`, path, … */
export class RawDiff {
  static readonly OPTIONS: readonly string[] = ['-r', '--raw', '-z', '--no-renames', '--no-abbrev'];

  #rest = Buffer.alloc(0);
  /** A diff of two trees names no commit. */
  #now: CommitChanges = { commit: '', changes: [], folders: [] };
  #line: Line | undefined;
  /** Commits that are complete with this chunk. */
  *push(chunk: Buffer): Generator<CommitChanges> {
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    for (let nul = data.indexOf(0, at); nul >= 0; nul = data.indexOf(0, at)) {
      const field = data.toString('utf8', at, nul);
      at = nul + 1;
      if (this.#line) {
        this.#add(field, this.#line);
        this.#line = undefined;
      } else if (field.startsWith(':')) {
        const [was, is, before, after] = field.slice(1).split(' ');
        this.#line = { modes: [was!, is!], oids: [present(before!), present(after!)] };
      } else if (isOid(field)) {
        if (this.#now.commit !== '') yield this.#now;
        this.#now = { commit: field, changes: [], folders: [] };
      }
    }
    this.#rest = Buffer.from(data.subarray(at));
  }

  #add(path: string, { modes, oids: [before, after] }: Line): void {
    if (modes.includes(FOLDER)) {
      if (after !== null) this.#now.folders.push({ path, tree: after });
      return;
    }
    const odd = after !== null && modes[1] !== FILE_MODE ? { odd: `a file of mode ${modes[1]}` } : {};
    this.#now.changes.push({ path, before, after, ...odd });
  }

  /** The last commit. */
  *end(): Generator<CommitChanges> {
    yield this.#now;
  }
}
