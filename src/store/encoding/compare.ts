import type { TreeChange } from '../port.ts';
import { compareNames, Tree, type TreeEntry } from './tree.ts';

/**
 * Files that differ between two trees, in git's order; equal sub-trees are never opened.
 * @param fault says what is odd about a folder of `after`, for laws to judge; nothing below such a folder is looked at
 */
export function compareTrees(
  before: Tree,
  after: Tree,
  open: (oid: string) => Tree,
  prefix = '',
  fault?: (tree: Tree) => string | undefined,
): TreeChange[] {
  const odd = fault?.(after);
  if (odd !== undefined) return [{ path: prefix, before: null, after: null, odd }];
  const out: TreeChange[] = [];
  let i = 0;
  let j = 0;
  while (i < before.entries.length || j < after.entries.length) {
    const left = before.entries[i];
    const right = after.entries[j];
    const order = !left ? 1 : !right ? -1 : compareNames(left.name, left.folder, right.name, right.folder);
    if (order <= 0) i++;
    if (order >= 0) j++;
    const old = order <= 0 ? left : undefined;
    const now = order >= 0 ? right : undefined;
    if (old?.oid === now?.oid && old?.mode === now?.mode) continue;
    out.push(...differ(old, now, open, prefix, fault));
  }
  return out;
}

function differ(
  old: TreeEntry | undefined,
  now: TreeEntry | undefined,
  open: (oid: string) => Tree,
  prefix: string,
  fault: ((tree: Tree) => string | undefined) | undefined,
): TreeChange[] {
  const path = `${prefix}${(old ?? now)!.name}`;
  if (!(old ?? now)!.folder) return [{ path, before: old?.oid ?? null, after: now?.oid ?? null }];
  return compareTrees(folder(old, open), folder(now, open), open, `${path}/`, fault);
}

function folder(entry: TreeEntry | undefined, open: (oid: string) => Tree): Tree {
  return entry ? open(entry.oid) : Tree.EMPTY;
}
