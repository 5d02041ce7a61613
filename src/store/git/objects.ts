import { LedgerError } from '../../kernel/errors.ts';
import { plainMeta } from '../encoding/commit.ts';
import { editTree, touchedFolders } from '../encoding/edit.ts';
import type { ObjectFormat } from '../encoding/hash.ts';
import { checkTreePath } from '../encoding/names.ts';
import { Tree } from '../encoding/tree.ts';
import type { CommitMeta, FileEdit, Oid } from '../port.ts';
import type { CatFile, FoundObject } from './catfile.ts';
import { faultOf } from './faults.ts';

/** Bytes of an object id inside a tree. */
export function oidBytes(format: ObjectFormat): number {
  return format === 'sha1' ? 20 : 32;
}

/** A tree object that was read. @throws LedgerError BAD_LEDGER when it is none, or over 2 MB */
export function treeOf(found: FoundObject, format: ObjectFormat): Tree {
  if (found.type !== 'tree' || !found.body) throw new LedgerError('BAD_LEDGER', `no readable tree: ${found.oid}`);
  return Tree.parse(found.body, oidBytes(format));
}

/**
 * One commit by isomorphic-git, in this process: the trees that the edits touch are read, everything else is named by
 * its id. SHA-1 repositories only; undefined when a tree is touched that isomorphic-git cannot write.
 */
export async function commitLoose(
  gitDir: string,
  catFile: CatFile,
  parents: readonly Oid[],
  edits: readonly FileEdit[],
  meta: CommitMeta,
): Promise<Oid | undefined> {
  for (const { path } of edits) checkTreePath(path);
  const trees = await touchedTrees(catFile, parents[0], edits);
  const blobs = new Map<Oid, Buffer>();
  const fresh = new Map<Oid, Tree>();
  const { oid } = editTree(trees.root, edits, {
    tree(known) {
      const tree = trees.byOid.get(known);
      if (!tree) throw new LedgerError('BAD_LEDGER', `a tree is missing: ${known}`);
      return tree;
    },
    putBlob: (id, _text, body) => blobs.set(id, body),
    putTree: (id, tree) => {
      if (!trees.byOid.has(id)) fresh.set(id, tree);
    },
  });
  try {
    const { canWrite, writeObjects } = await import('./isomorphic.ts');
    if (![...fresh.values()].every(canWrite)) return undefined;
    return await writeObjects(gitDir, { blobs, trees: fresh }, { tree: oid, parents, meta: plainMeta(meta) });
  } catch (error) {
    throw faultOf('writing objects', error);
  }
}

async function touchedTrees(
  catFile: CatFile,
  parent: Oid | undefined,
  edits: readonly FileEdit[],
): Promise<{ root: Tree; byOid: Map<Oid, Tree> }> {
  const byOid = new Map<Oid, Tree>();
  if (parent === undefined) return { root: Tree.EMPTY, byOid };
  const found = await catFile.ask(touchedFolders(edits).map(folder => `${parent}:${folder}`));
  for (const object of found) if (object?.type === 'tree') byOid.set(object.oid, treeOf(object, 'sha1'));
  const root = found[0] && byOid.get(found[0].oid);
  if (!root) throw new LedgerError('BAD_LEDGER', `no such commit: ${parent}`);
  return { root, byOid };
}
