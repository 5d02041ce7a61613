// The only import of isomorphic-git: loaded by the first write, and bundled with no more of it than this.
import { writeBlob, writeCommit, writeTree } from 'isomorphic-git';
import type { Tree } from '../encoding/tree.ts';
import type { CommitMeta, Oid } from '../port.ts';
import { looseObjectFs } from './loose.ts';

export interface NewObjects {
  blobs: ReadonlyMap<Oid, Buffer>;
  trees: ReadonlyMap<Oid, Tree>;
}

/**
 * Writes blobs, trees, then the commit as loose objects.
 * @param meta in plain form
 * @throws Error when an object gets another id than the one its tree names
 */
export async function writeObjects(
  gitdir: string,
  { blobs, trees }: NewObjects,
  commit: { tree: Oid; parents: readonly Oid[]; meta: CommitMeta },
): Promise<Oid> {
  const fs = looseObjectFs(gitdir);
  const expect = async (oid: Oid, written: Promise<Oid>): Promise<void> => {
    if ((await written) !== oid) throw new Error(`object ${oid} was written under another id`);
  };
  await Promise.all([
    ...[...blobs].map(([oid, blob]) => expect(oid, writeBlob({ fs, gitdir, blob }))),
    ...[...trees].map(([oid, tree]) => expect(oid, writeTree({ fs, gitdir, tree: treeObject(tree) }))),
  ]);
  const { author, committer, message } = commit.meta;
  const person = ({ name, email, time }: typeof author) => ({ name, email, timestamp: time, timezoneOffset: 0 });
  return writeCommit({
    fs,
    gitdir,
    commit: {
      tree: commit.tree,
      parent: [...commit.parents],
      author: person(author),
      committer: person(committer),
      message,
    },
  });
}

const MODES = new Set(['40000', '100644', '100755', '120000', '160000']);
/** From here on isomorphic-git sorts names otherwise than git does (UTF-16 units against bytes). */
const SORTED_OTHERWISE = /[\ud800-\uffff]/;

/** True when isomorphic-git would write this tree byte for byte as git does. */
export function canWrite(tree: Tree): boolean {
  return tree.entries.every(({ mode, name }) => MODES.has(mode) && !SORTED_OTHERWISE.test(name));
}

function treeObject(tree: Tree) {
  return tree.entries.map(({ mode, name, oid, folder }) => ({
    mode: mode.padStart(6, '0'),
    path: name,
    oid,
    type: folder ? ('tree' as const) : mode === '160000' ? ('commit' as const) : ('blob' as const),
  }));
}
