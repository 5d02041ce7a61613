import { encodeCommit, plainMeta } from '../encoding/commit.ts';
import { editTree } from '../encoding/edit.ts';
import { hashObject } from '../encoding/hash.ts';
import { Tree } from '../encoding/tree.ts';
import type { Commit, CommitMeta, FileEdit, Oid } from '../port.ts';

/**
 * Objects by id, as a git object database holds them and with the ids git would give them, but parsed. Several stores
 * may share one pool, like clones with alternates.
 */
export class ObjectPool {
  readonly blobs = new Map<Oid, string>();
  readonly trees = new Map<Oid, Tree>();
  readonly commits = new Map<Oid, Commit>();
  readonly #generations = new Map<Oid, number>();

  tree(oid: Oid): Tree {
    return this.trees.get(oid) ?? Tree.EMPTY;
  }
  putBlob(oid: Oid, text: string): void {
    this.blobs.set(oid, text);
  }
  putTree(oid: Oid, tree: Tree): void {
    this.trees.set(oid, tree);
  }

  /** Writes the commit and everything new below it. Parents must be here. */
  commit(parents: readonly Oid[], edits: readonly FileEdit[], meta: CommitMeta): Oid {
    const first = parents[0] === undefined ? undefined : this.commits.get(parents[0]);
    const { oid: tree } = editTree(first ? this.tree(first.tree) : Tree.EMPTY, edits, this);
    const plain = plainMeta(meta);
    const oid = hashObject('commit', Buffer.from(encodeCommit(tree, parents, plain), 'utf8'));
    if (!this.commits.has(oid)) this.#add({ oid, tree, parents: [...parents], ...plain });
    return oid;
  }

  /** The oid of what stands at `path` in a commit, and whether it is a folder; undefined when nothing does. */
  at(commit: Oid, path: string): { oid: Oid; folder: boolean } | undefined {
    const found = this.commits.get(commit);
    if (!found) return undefined;
    let oid = found.tree;
    if (path === '') return { oid, folder: true };
    const parts = path.split('/');
    for (let i = 0; i < parts.length; i++) {
      const entry = this.tree(oid).get(parts[i]!);
      if (!entry) return undefined;
      if (i === parts.length - 1) return { oid: entry.oid, folder: entry.folder };
      if (!entry.folder) return undefined;
      oid = entry.oid;
    }
    return undefined;
  }

  /** How far a commit is from its furthest root; an ancestor's is always smaller. */
  #generation(oid: Oid): number {
    return this.#generations.get(oid) ?? 0;
  }

  #add(commit: Commit): void {
    this.commits.set(commit.oid, commit);
    this.#generations.set(commit.oid, 1 + Math.max(0, ...commit.parents.map(parent => this.#generation(parent))));
  }

  isAncestor(oid: Oid, tip: Oid): boolean {
    return this.mergeBase(oid, tip) === oid;
  }

  /** Best common ancestor; of several as good ones (after criss-cross merges) the first found. */
  mergeBase(a: Oid, b: Oid): Oid | null {
    let [left, right] = [a, b];
    while (left !== right) {
      const higher = this.#generation(left) >= this.#generation(right) ? left : right;
      const parents = this.commits.get(higher)?.parents ?? [];
      if (parents.length > 1) return this.#mergeBaseOfMerges(a, b);
      if (parents.length === 0) return null;
      if (higher === left) left = parents[0]!;
      else right = parents[0]!;
    }
    return left;
  }

  #mergeBaseOfMerges(a: Oid, b: Oid): Oid | null {
    const known = this.reachable(b);
    const common = [...this.reachable(a)].filter(oid => known.has(oid));
    return common.reduce<Oid | null>(
      (best, oid) => (best === null || this.#generation(oid) > this.#generation(best) ? oid : best),
      null,
    );
  }

  /** Every commit that can be reached from `tip`, itself included. */
  reachable(tip: Oid): Set<Oid> {
    const seen = new Set<Oid>();
    const queue = [tip];
    for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
      if (seen.has(oid)) continue;
      seen.add(oid);
      queue.push(...(this.commits.get(oid)?.parents ?? []));
    }
    return seen;
  }

  /** Copies a commit, its history and all they hold, as far as it is not here yet. */
  copyFrom(other: ObjectPool, tip: Oid): void {
    if (other === this) return;
    const missing: Commit[] = [];
    const queue = [tip];
    for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
      const commit = other.commits.get(oid);
      if (!commit || this.commits.has(oid)) continue;
      missing.push(commit);
      queue.push(...commit.parents);
    }
    missing.sort((a, b) => other.#generation(a.oid) - other.#generation(b.oid));
    for (const commit of missing) {
      this.#copyTree(other, commit.tree);
      this.#add(commit);
    }
  }

  #copyTree(other: ObjectPool, oid: Oid): void {
    if (this.trees.has(oid)) return;
    const tree = other.tree(oid);
    for (const entry of tree.entries) {
      if (entry.folder) this.#copyTree(other, entry.oid);
      else this.blobs.set(entry.oid, other.blobs.get(entry.oid)!);
    }
    this.trees.set(oid, tree);
  }
}
