import { LedgerError } from '../../kernel/errors.ts';
import type { FileEdit, Oid } from '../port.ts';
import { hashObject } from './hash.ts';
import { checkTreePath, MAX_OBJECT } from './names.ts';
import { FILE_MODE, FOLDER_MODE, Tree, TreeEntry } from './tree.ts';

/** Where an edit finds the trees that stand and leaves the objects that are new. */
export interface EditTarget {
  /** A folder that the base holds: its tree, by the entry that names it. */
  tree(oid: Oid): Tree;
  putBlob(oid: Oid, text: string, body: Buffer): void;
  putTree(oid: Oid, tree: Tree): void;
}

/** What one folder of the edit turns into: files by name, sub-folders by name. */
interface Folder {
  /** Drop what the base holds here: a file stood in the way, or the folder was removed before. */
  fresh: boolean;
  /** Something was written below, so a file of this name had to give way. */
  filled: boolean;
  names: Map<string, Folder | string | null>;
}

/**
 * The root tree with `edits` applied in order; untouched folders keep their entries, empty folders vanish. As in
 * `git fast-import`, a file takes the place of a folder of its name and the reverse, and removing what is not there is
 * no change.
 * @throws LedgerError BAD_INPUT for a path git would refuse, TOO_LARGE for a text over 2 MB
 */
export function editTree(base: Tree, edits: readonly FileEdit[], target: EditTarget): { oid: Oid; tree: Tree } {
  const root: Folder = { fresh: false, filled: false, names: new Map() };
  for (const { path, text } of edits) {
    checkTreePath(path);
    place(root, path.split('/'), text);
  }
  const tree = apply(base, root, target);
  const oid = hashObject('tree', tree.encode());
  target.putTree(oid, tree);
  return { oid, tree };
}

function place(root: Folder, parts: string[], text: string | null): void {
  let folder = root;
  for (const part of parts.slice(0, -1)) {
    const here = folder.names.get(part);
    if (typeof here === 'object' && here !== null) folder = here;
    else {
      // Removing something below a name that is a file, or gone, changes nothing.
      if (text === null && here !== undefined) return;
      const below: Folder = { fresh: here !== undefined, filled: false, names: new Map() };
      folder.names.set(part, below);
      folder = below;
    }
    folder.filled ||= text !== null;
  }
  folder.names.set(parts.at(-1)!, text);
}

function apply(base: Tree, folder: Folder, target: EditTarget): Tree {
  let tree = base;
  for (const [name, content] of folder.names) {
    const old = base.get(name);
    if (content === null) tree = tree.with(name, undefined);
    else if (typeof content === 'string') tree = tree.with(name, fileEntry(old, name, content, target));
    else tree = tree.with(name, folderEntry(old, name, content, target));
  }
  return tree;
}

function fileEntry(old: TreeEntry | undefined, name: string, text: string, target: EditTarget): TreeEntry {
  const body = Buffer.from(text, 'utf8');
  if (body.length > MAX_OBJECT) throw new LedgerError('TOO_LARGE', `${name} is larger than 2 MB`);
  const oid = hashObject('blob', body);
  if (old?.oid === oid && old.mode === FILE_MODE) return old;
  target.putBlob(oid, text, body);
  return new TreeEntry(FILE_MODE, name, oid);
}

function folderEntry(
  old: TreeEntry | undefined,
  name: string,
  content: Folder,
  target: EditTarget,
): TreeEntry | undefined {
  const stands = old?.folder === true && !content.fresh;
  const before = stands ? target.tree(old.oid) : Tree.EMPTY;
  const after = apply(before, content, target);
  if (after === before && stands) return old;
  // Nothing written below: what stood here (a file, or nothing) stays, unless an edit took it away before.
  if (after.entries.length === 0) return stands || content.fresh || content.filled ? undefined : old;
  const oid = hashObject('tree', after.encode());
  if (stands && old.oid === oid) return old;
  target.putTree(oid, after);
  return new TreeEntry(FOLDER_MODE, name, oid);
}

/** The folders whose trees an edit must see, root ('') first. */
export function touchedFolders(edits: readonly FileEdit[]): string[] {
  const folders = new Set(['']);
  for (const { path } of edits) {
    for (let cut = path.indexOf('/'); cut >= 0; cut = path.indexOf('/', cut + 1)) folders.add(path.slice(0, cut));
  }
  return [...folders];
}
