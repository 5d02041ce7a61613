import type { Entry } from '../kernel/entry.ts';
import { FORMAT } from '../kernel/entry.ts';
import { FUTURE_MS } from '../kernel/hold.ts';
import { epochMs, formatDuration } from '../kernel/time.ts';
import type { FileChange } from '../kernel/view.ts';
import type { Standing } from '../rooms/actors/standing.ts';
import type { Commit, Oid, TreeChange } from '../store/port.ts';
import type { Book } from './book.ts';
import { judgeFiles } from './enact.ts';
import { isEntry, parseEntry } from './entry.ts';
import { makeGenesis } from './genesis.ts';
import { landedBefore } from './once.ts';
import { WalkingReader } from './reader.ts';

/** An entry that broke a law, and whose it says it is. */
export interface Broken {
  oid: Oid;
  entry?: string;
  actor?: string;
  op?: string;
  law: string;
  message: string;
}

/** Entries under the name of one actor. `unchecked`: signed, but this machine lacks gpg. */
export interface Names {
  proven: number;
  unproven: number;
  unchecked: number;
}

export interface Verified {
  entries: number;
  findings: Broken[];
  /** By actor; an entry that broke a law is in none. */
  names: Map<string, Names>;
  /** The first entry of a newer format; from there on nothing was judged. */
  newer?: { oid: Oid; format: number };
}

/** Commits read at once: bounds the memory of a long verification. */
const CHUNK = 2_000;

/**
 * Judges every entry after `base` up to `tip` (all of them for null) by the laws of its own format. The result is a
 * value: a hostile history yields findings, never an exception.
 * @param limit stop after so many findings
 */
export async function verify(
  book: Book,
  tip: Oid,
  base: Oid | null,
  options: { limit?: number; progress?: (done: number, total: number) => void; signal?: AbortSignal } = {},
): Promise<Verified> {
  const { store } = book;
  const chain = await store.log(tip, base);
  const out: Verified = { entries: 0, findings: [], names: new Map() };
  const walk = new Walk(book, out, base);
  if (base === null && !(await walk.root(chain))) return out;
  const commits = base === null ? chain.slice(1) : chain;
  let at = base ?? chain[0]!.oid;
  await walk.startAt(at);
  if (base !== null) await walk.remember(commits);
  for (let start = 0; start < commits.length; start += CHUNK) {
    const chunk = commits.slice(start, start + CHUNK);
    const byOid = new Map(chunk.map(commit => [commit.oid, commit]));
    for await (const { commit: oid, changes } of store.changes(chunk.map(commit => commit.oid))) {
      if (options.signal?.aborted) return out;
      const commit = byOid.get(oid)!;
      await walk.step(commit, changes, at);
      at = oid;
      if (out.newer || out.findings.length >= (options.limit ?? Number.POSITIVE_INFINITY)) return out;
    }
    options.progress?.(Math.min(start + CHUNK, commits.length), commits.length);
  }
  return out;
}

class Walk {
  readonly #book: Book;
  readonly #out: Verified;
  readonly #seen = new Set<string>();
  readonly #numbers = new Map<string, number>();
  #reader: WalkingReader;
  #landed = 0;

  constructor(book: Book, out: Verified, base: Oid | null) {
    this.#book = book;
    this.#out = out;
    this.#reader = new WalkingReader(book.store, base);
  }

  /** A whole history begins with the constant genesis commit. */
  async root(chain: Commit[]): Promise<boolean> {
    const genesis = await makeGenesis(this.#book.store, this.#book.names.ledger);
    if (chain[0]?.oid === genesis) return true;
    const oid = chain[0]?.oid ?? genesis;
    this.#out.findings.push({
      oid,
      law: 'book.root',
      message: 'the history does not begin with the genesis of this ledger',
    });
    return false;
  }

  async startAt(oid: Oid): Promise<void> {
    this.#reader = new WalkingReader(this.#book.store, oid);
    const { entry } = await this.#book.entryAt(oid);
    if (isEntry(entry)) this.#landed = epochMs(entry.stamp.landed);
  }

  /** What landed before the range lands no second time. */
  async remember(coming: Commit[]): Promise<void> {
    for (const id of await landedBefore(this.#book.store, this.#reader.commit!, coming)) this.#seen.add(id);
  }

  async step(commit: Commit, changes: TreeChange[], parent: Oid): Promise<void> {
    this.#out.entries++;
    const entry = parseEntry(commit);
    const files = await this.#files(commit, changes);
    if (!isEntry(entry)) this.#find(commit, undefined, 'entry.form', entry.problem);
    else if (entry.intent.format > FORMAT) this.#out.newer = { oid: commit.oid, format: entry.intent.format };
    else {
      const chain = this.#chain(commit, entry, parent);
      if (chain) this.#find(commit, entry, chain[0], chain[1]);
      else if (typeof files === 'string') this.#find(commit, entry, 'record.schema', files);
      else {
        await this.#judge(commit, entry, files);
      }
      this.#seen.add(entry.id);
      this.#numbers.set(entry.stamp.writer, entry.stamp.n);
      this.#landed = Math.max(this.#landed, epochMs(entry.stamp.landed));
    }
    this.#reader.advance(commit.oid, typeof files === 'string' ? [] : files);
    if (typeof files === 'string') this.#reader = new WalkingReader(this.#book.store, commit.oid);
  }

  async #judge(commit: Commit, entry: Entry, files: FileChange[]): Promise<void> {
    const { judged, rulebook } = this.#book;
    if (judged?.has(commit.oid)) return;
    const found = await judgeFiles(rulebook, this.#reader, files, entry, this.#book.checker);
    if ('violation' in found) this.#find(commit, entry, found.violation.law, found.violation.message);
    else {
      judged?.add(commit.oid);
      this.#count(entry, found.standing);
    }
  }

  #count({ intent: { actor } }: Entry, { state }: Standing): void {
    const names = this.#out.names.get(actor) ?? { proven: 0, unproven: 0, unchecked: 0 };
    if (state !== 'bad') names[state]++; // a bad one is a finding
    this.#out.names.set(actor, names);
  }

  /** Laws on the chain itself, which no single transition shows. */
  #chain(commit: Commit, entry: Entry, parent: Oid): [law: string, message: string] | undefined {
    const { writer, n, landed } = entry.stamp;
    if (commit.parents.length !== 1 || commit.parents[0] !== parent) return ['book.linear', 'the entry is a merge'];
    if (entry.intent.ledger !== this.#book.names.ledger) {
      return ['book.ledger', `the entry belongs to ledger ${entry.intent.ledger}`];
    }
    if (this.#seen.has(entry.id)) return ['book.once', 'the entry is in the book already'];
    if ((this.#numbers.get(writer) ?? 0) >= n) return ['book.order', `entry ${n} of its clone comes after a later one`];
    if (n > epochMs(landed))
      return ['book.order', `entry ${n} of its clone: no clone counts faster than a millisecond`];
    if (epochMs(landed) < this.#landed) return ['book.landed', 'landed before its parent'];
    const ahead = epochMs(landed) - this.#book.now();
    if (ahead > FUTURE_MS) {
      return ['book.landed', `landed at ${landed}, ${formatDuration(ahead)} ahead of the clock of this machine`];
    }
    return undefined;
  }

  /** The new bytes of each changed file, or what is wrong with one. */
  async #files(commit: Commit, changes: TreeChange[]): Promise<FileChange[] | string> {
    const strange = changes.find(({ odd }) => odd !== undefined);
    if (strange) return `${strange.path || 'the root'} of ${commit.oid}: ${strange.odd}`;
    try {
      const added = changes.filter(change => change.after !== null);
      const texts = await this.#book.store.readBlobs(added.map(change => change.after!));
      const byPath = new Map(added.map((change, index) => [change.path, texts[index]]));
      const files: FileChange[] = [];
      for (const { path, after } of changes) {
        const text = after === null ? null : byPath.get(path);
        if (text === undefined) return `${path} of ${commit.oid} is no readable file`;
        files.push({ path, text });
      }
      return files;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #find(commit: Commit, entry: Entry | undefined, law: string, message: string): void {
    this.#out.findings.push({
      oid: commit.oid,
      ...(entry ? { entry: entry.id, actor: entry.intent.actor, op: entry.intent.op } : { actor: commit.author.name }),
      law,
      message,
    });
  }
}
