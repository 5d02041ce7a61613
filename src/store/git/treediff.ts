import type { ObjectFormat } from '../encoding/hash.ts';
import { FILE_MODE, Tree } from '../encoding/tree.ts';
import { treeFault } from '../encoding/treeform.ts';
import type { Oid, TreeChange } from '../port.ts';
import type { CatFile } from './catfile.ts';
import { oidBytes, treeOf } from './objects.ts';

interface Pair {
  prefix: string;
  before: Oid | undefined;
  after: Oid | undefined;
}

/**
 * Files that differ between two trees, sorted by path: one batched read a level of folders, no process.
 * @param most folders that may be opened; undefined is answered when more differ, and a process is worth its price
 * @param options `strict` names what is odd about the trees of `after`, for laws to judge; `folder`: only that top folder
 */
export async function diffTrees(
  catFile: CatFile,
  format: ObjectFormat,
  before: Oid | undefined,
  after: Oid,
  most: number,
  options: { strict?: boolean; folder?: string | undefined } = {},
): Promise<TreeChange[] | undefined> {
  const { strict, folder: only } = options;
  const changes: TreeChange[] = [];
  let level: Pair[] = before === after ? [] : [{ prefix: '', before, after }];
  let opened = 0;
  while (level.length > 0) {
    opened += level.length;
    if (opened > most) return undefined;
    const oids = [...new Set(level.flatMap(pair => [pair.before, pair.after]).filter(oid => oid !== undefined))];
    const found = await catFile.ask(oids);
    const trees = new Map(oids.map((oid, i) => [oid, found[i]] as const));
    const open = (oid: Oid | undefined): Tree => {
      if (oid === undefined) return Tree.EMPTY;
      const object = trees.get(oid);
      return treeOf(object ?? { oid, type: 'missing', size: 0, body: undefined }, format);
    };
    for (const { prefix, after: oid } of strict ? level : []) {
      const body = oid === undefined ? undefined : trees.get(oid)?.body;
      const odd = body && treeFault(body, oidBytes(format));
      if (odd) changes.push({ path: prefix, before: null, after: null, odd });
    }
    level = level.flatMap(pair => compare(pair, open(pair.before), open(pair.after), changes));
    if (only !== undefined) {
      const inside = `${only}/`;
      level = level.filter(({ prefix }) => prefix.startsWith(inside));
    }
  }
  const found = only === undefined ? changes : changes.filter(({ path }) => path.startsWith(`${only}/`));
  return found.sort((a, b) => byBytes(a.path, b.path));
}

/** Adds the files that differ to `changes`; gives back the folders that do. */
function compare({ prefix }: Pair, before: Tree, after: Tree, changes: TreeChange[]): Pair[] {
  const folders: Pair[] = [];
  for (const name of new Set([...before.entries, ...after.entries].map(entry => entry.name))) {
    const [old, now] = [before.get(name), after.get(name)];
    if (old?.oid === now?.oid && old?.mode === now?.mode) continue;
    const oldFile = old && !old.folder ? old.oid : null;
    const newFile = now && !now.folder ? now.oid : null;
    const odd = newFile !== null && now!.mode !== FILE_MODE ? { odd: `a file of mode ${now!.mode}` } : {};
    if (oldFile !== null || newFile !== null)
      changes.push({ path: prefix + name, before: oldFile, after: newFile, ...odd });
    if (old?.folder || now?.folder) {
      const pair = { before: old?.folder ? old.oid : undefined, after: now?.folder ? now.oid : undefined };
      folders.push({ prefix: `${prefix}${name}/`, ...pair });
    }
  }
  return folders;
}

/** The order of git's own listings: by the bytes of the whole path. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
