/** A git object id: 40 or 64 lower-case hex digits, opaque. */
export type Oid = string;

export interface Person {
  name: string;
  email: string;
  /** Seconds since the epoch, UTC. */
  time: number;
}

export interface CommitMeta {
  author: Person;
  committer: Person;
  message: string;
}

export interface Commit extends CommitMeta {
  oid: Oid;
  tree: Oid;
  parents: Oid[];
}

/** A file of a new commit, relative to the root of the tree; `text: null` removes it. */
export interface FileEdit {
  path: string;
  text: string | null;
}

/** `old`/`new` null = absent. `old === new` only verifies. */
export interface RefUpdate {
  ref: string;
  old: Oid | null;
  new: Oid | null;
}

/** A lost swap is a value: `lost` names the refs whose value was another. */
export type SwapResult = { ok: true } | { ok: false; lost: string[]; reason: string };

/** One file that differs between two trees; oids null = absent. */
export interface TreeChange {
  path: string;
  before: Oid | null;
  after: Oid | null;
  /** What no writer of a ledger makes there: another mode than a plain file's, a folder with names twice, out of order or of another kind, a folder without a file. */
  odd?: string;
}

/**
 * The objects and refs of one repository. Everything is safe under any number of processes; nothing here decides who
 * is right. Implementations: memory/ (tests, simulation) and git/.
 */
export interface Store {
  readonly objectFormat: 'sha1' | 'sha256';
  /**
   * Blobs as UTF-8 text by oid or `<commit>:<path>`; undefined where there is no such blob. One batch.
   * @throws LedgerError BAD_LEDGER when a blob is not UTF-8 or larger than 2 MB.
   */
  readBlobs(specs: string[]): Promise<(string | undefined)[]>;
  /** Names in the tree at `<commit>:<path>` (path '' = root), in git's order; [] when absent. */
  listTree(commit: Oid, path: string): Promise<string[]>;
  /** Commits by oid; undefined where there is no such commit. One batch. */
  readCommits(oids: Oid[]): Promise<(Commit | undefined)[]>;
  /** One commit on `parents` whose tree is that of the first parent (empty without) with `edits` applied. Crash-safe. */
  commit(parents: Oid[], edits: FileEdit[], meta: CommitMeta): Promise<Oid>;
  /** A chain of commits on `parent`, thousands a second; the same oids as `commit` one by one. */
  commitMany(parent: Oid | null, steps: AsyncIterable<{ edits: FileEdit[]; meta: CommitMeta }>): Promise<Oid[]>;
  /** Refs under a prefix that ends in `/`, or one exact ref → oid. */
  refs(prefix: string): Promise<Map<string, Oid>>;
  /** All or nothing, by compare-and-swap. */
  swap(updates: RefUpdate[]): Promise<SwapResult>;
  /** First-parent commits reachable from `tip` and not from `base`, oldest first. */
  log(tip: Oid, base: Oid | null): Promise<Commit[]>;
  /** As {@link log}, at most `size` commits at a time, so that a long history takes no more memory than a short one. */
  logChunks(tip: Oid, base: Oid | null, size: number): AsyncIterable<{ commits: Commit[]; total: number }>;
  /** `tip` and its first-parent ancestors, newest first, at most `limit`: the cost goes by `limit`, not by the history. */
  newest(tip: Oid, limit: number): Promise<Commit[]>;
  /**
   * Files that differ between the trees of two commits, whatever their ancestry, sorted by path; `from` null = all files
   * of `to`; `folder` looks only into that top folder. @throws LedgerError BAD_LEDGER when either commit is not here.
   */
  diff(from: Oid | null, to: Oid, folder?: string): Promise<TreeChange[]>;
  /** What each commit changed against its first parent (all its files for a root), and what is odd about it. */
  changes(commits: Oid[]): AsyncIterable<{ commit: Oid; changes: TreeChange[] }>;
  /** Best common ancestor, null when the histories share none. */
  mergeBase(a: Oid, b: Oid): Promise<Oid | null>;
  /** Ends helper processes. */
  close(): Promise<void>;
}

/** `told`: the reason is a sentence of a gate about who was quicker, fit to be told on. */
export interface Refused {
  ref: string;
  reason: string;
  told?: true;
}

/** How a push ended. `refused`: the remote or git said no to at least one ref; read back to learn which (never guess). */
export type PushResult =
  | { kind: 'accepted' }
  | { kind: 'refused'; refs: Refused[] }
  | { kind: 'denied'; code: 'REMOTE_READ_ONLY' | 'REMOTE_REFUSED'; reason: string; hint?: string }
  | { kind: 'broken'; reason: string };

/** The refs of the ledger as a remote shows them. */
export interface Remote {
  readonly name: string;
  /**
   * Lists the refs under `prefix` at the remote and sees to it that their objects are here; a listing may be torn.
   * `broken` when the remote cannot be read. The answer is this call's own: no other process writes into it.
   */
  fetch(prefix: string): Promise<{ kind: 'fetched'; refs: Map<string, Oid> } | { kind: 'broken'; reason: string }>;
  /** One atomic push with an exact lease on every ref. */
  push(updates: RefUpdate[]): Promise<PushResult>;
}
