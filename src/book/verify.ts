import type { Entry } from '../kernel/entry.ts';
import { FORMAT } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import { FUTURE_MS } from '../kernel/hold.ts';
import type { Change } from '../kernel/law.ts';
import { epochMs, formatDuration } from '../kernel/time.ts';
import type { FileChange } from '../kernel/view.ts';
import type { Standing } from '../rooms/actors/standing.ts';
import type { Commit, Oid, TreeChange } from '../store/port.ts';
import type { Book } from './book.ts';
import { judgeFiles } from './enact.ts';
import { isEntry, parseEntry } from './entry.ts';
import { genesisOid } from './genesis.ts';
import { Landed } from './landed.ts';
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

/** What else must be true of a lawful entry where it is judged, by the records that it changes. */
export type Further = (
  entry: Entry,
  changes: readonly Change[],
) => Promise<{ law: string; message: string } | undefined>;

/** Commits, and files of one of them, read at once: bounds the memory of a long or hostile history. */
const CHUNK = 2_000;
const AT_ONCE = 32;
/** Files that one entry changes, in UTF-16 units; 256 KB of entry never make as much. */
const MAX_FILES = 32 << 20;

/**
 * Judges every entry after `base` up to `tip` (all of them for null) by the laws of its own format. The result is a
 * value: a hostile history yields findings, never an exception.
 * @param options `limit`: stop after so many findings. `landed`: what the book at `base` has, else an entry from before
 *   is not known when it comes again; what is verified is added to it. `ahead`: how far an entry may have landed after
 *   the clock of this machine, in ms
 */
export async function verify(
  book: Book,
  tip: Oid,
  base: Oid | null,
  options: {
    limit?: number;
    landed?: Landed;
    further?: Further;
    ahead?: number;
    progress?: (done: number, total: number) => void;
    signal?: AbortSignal;
  } = {},
): Promise<Verified> {
  const { store } = book;
  const out: Verified = { entries: 0, findings: [], names: new Map() };
  const walk = new Walk(book, out, base, options);
  const enough = options.limit ?? Number.POSITIVE_INFINITY;
  let at = base;
  let done = 0;
  try {
    if (at !== null) await walk.startAt(at);
    for await (const { commits, total } of store.logChunks(tip, base, CHUNK)) {
      let chunk = commits;
      if (at === null) {
        if (!walk.root(chunk[0])) return out;
        at = chunk[0]!.oid;
        chunk = chunk.slice(1);
        await walk.startAt(at);
      }
      const byOid = new Map(chunk.map(commit => [commit.oid, commit]));
      for await (const { commit: oid, changes } of store.changes(chunk.map(commit => commit.oid))) {
        if (options.signal?.aborted) return out;
        await walk.step(byOid.get(oid)!, changes, at);
        at = oid;
        if (out.newer || out.findings.length >= enough) return out;
      }
      done += commits.length;
      options.progress?.(done, total);
    }
    if (at === null) walk.root(undefined);
  } catch (error) {
    walk.stop(error);
  }
  return out;
}

class Walk {
  readonly #book: Book;
  readonly #out: Verified;
  /** What the book has so far. */
  readonly #has: Landed;
  readonly #further: Further | undefined;
  readonly #ahead: number;
  #reader: WalkingReader;
  #landed = 0;

  constructor(
    book: Book,
    out: Verified,
    base: Oid | null,
    { landed, further, ahead }: { landed?: Landed; further?: Further; ahead?: number },
  ) {
    this.#book = book;
    this.#out = out;
    this.#has = landed ?? new Landed();
    this.#further = further;
    this.#ahead = ahead ?? FUTURE_MS;
    this.#reader = new WalkingReader(book.store, base);
  }

  /** A whole history begins with the constant genesis commit. */
  root(first: Commit | undefined): boolean {
    const genesis = genesisOid(this.#book.names.ledger, this.#book.store.objectFormat);
    if (first?.oid === genesis) return true;
    const oid = first?.oid ?? genesis;
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
      this.#has.add(entry);
      this.#landed = Math.max(this.#landed, epochMs(entry.stamp.landed));
    }
    this.#reader.advance(commit.oid, typeof files === 'string' ? [] : files);
    if (typeof files === 'string') this.#reader = new WalkingReader(this.#book.store, commit.oid);
  }

  async #judge(commit: Commit, entry: Entry, files: FileChange[]): Promise<void> {
    const { judged, rulebook } = this.#book;
    if (judged?.has(commit.oid)) return;
    const found = await judgeFiles(rulebook, this.#reader, files, entry, this.#book.checker);
    const broken = 'violation' in found ? found.violation : await this.#further?.(entry, found.changes);
    if (broken) this.#find(commit, entry, broken.law, broken.message);
    else if ('standing' in found) {
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
    if (this.#has.has(entry.id)) return ['book.once', 'the entry is in the book already'];
    if (this.#has.last(writer) >= n) return ['book.order', `entry ${n} of its clone comes after a later one`];
    if (n > epochMs(landed))
      return ['book.order', `entry ${n} of its clone: no clone counts faster than a millisecond`];
    if (epochMs(landed) < this.#landed) return ['book.landed', 'landed before its parent'];
    const ahead = epochMs(landed) - this.#book.now();
    if (ahead > this.#ahead) {
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
      const texts: (string | undefined)[] = [];
      let size = 0;
      for (let start = 0; start < added.length; start += AT_ONCE) {
        const some = added.slice(start, start + AT_ONCE).map(change => change.after!);
        texts.push(...(await this.#book.store.readBlobs(some)));
        for (const text of texts.slice(start)) size += text?.length ?? 0;
        if (size > MAX_FILES) return `${commit.oid} changes more than ${MAX_FILES >> 20} MB of files`;
      }
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

  /** A commit that is too large to be read ends the walk as a finding: a hostile history is no fault of this program. */
  stop(error: unknown): void {
    const oid = error instanceof LedgerError && error.code === 'BAD_LEDGER' ? error.details?.oid : undefined;
    if (typeof oid !== 'string') throw error;
    this.#out.findings.push({ oid, law: 'entry.form', message: (error as LedgerError).message });
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
