import { mkdirSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { checkRefName, isOid, isRefName, underPrefix } from '../encoding/names.ts';
import type { Oid, RefUpdate, SwapResult } from '../port.ts';
import type { CatFile } from './catfile.ts';
import { faultOf, lastLine } from './faults.ts';
import { withLock } from './lock.ts';
import { failureText, type RunOptions, runGit } from './run.ts';
import { RefTransactions } from './transaction.ts';

/** git's words for "that ref has another value". */
const LOST = /but expected|reference already exists|unable to resolve reference|reference is missing/;
/** git's words for "somebody holds the lock", after it has waited for it. */
const LOCKED = /File exists|data is locked|cannot lock references/i;
const TRIES = 3;
const OURS = /^refs\/ledgenter(?:-local|-remotes)?\//;
/**
 * A lock on one of our refs that is older than this was left by a process that was killed, in ms: whoever works holds
 * it for milliseconds. Less than what a swap waits in all, so that the swap which meets it still succeeds.
 */
const STALE_LOCK_MS = 10_000;

/** The refs of one repository, by git. */
export class GitRefs {
  readonly #options: RunOptions & { gitDir: string };
  readonly #catFile: CatFile;
  readonly #transactions: RefTransactions;

  constructor(options: RunOptions & { gitDir: string }, catFile: CatFile) {
    this.#options = options;
    this.#catFile = catFile;
    this.#transactions = new RefTransactions(options);
  }

  /** Refs under a prefix, or one exact ref, sorted by name. */
  async list(prefix: string): Promise<Map<string, Oid>> {
    if (prefix !== 'refs/') checkRefName(prefix.replace(/\/$/, ''));
    // One exact ref needs no process of its own; a ref whose object is gone counts as absent, and a swap would say so.
    if (!prefix.endsWith('/')) return this.peek([prefix]);
    return this.#forEachRef([prefix], ref => underPrefix(ref, prefix));
  }

  /** The refs among these that exist, without a process of its own. For hints: a swap settles what they are. */
  async peek(refs: readonly string[]): Promise<Map<string, Oid>> {
    for (const ref of refs) checkRefName(ref);
    const found = await this.#catFile.ask(refs);
    return new Map(refs.flatMap((ref, i) => (found[i] ? [[ref, found[i].oid] as const] : [])));
  }

  async swap(updates: readonly RefUpdate[]): Promise<SwapResult> {
    if (updates.length === 0) return { ok: true };
    const commands = updates.map(command);
    for (let attempt = 1; ; attempt++) {
      await Promise.all(updates.map(({ ref }) => this.#removeStaleLock(ref)));
      const reason = await this.#transactions.run(commands);
      if (reason === undefined) return { ok: true };
      const lost = await this.#differing(updates);
      if (lost.length > 0) return { ok: false, lost, reason: lastLine(reason) };
      if (LOST.test(reason)) {
        // It had another value for a moment; whose, git's message says.
        const named = updates.map(({ ref }) => ref).filter(ref => reason.includes(`'${ref}'`));
        return { ok: false, lost: named, reason: lastLine(reason) };
      }
      if (!LOCKED.test(reason)) throw faultOf('git update-ref', reason);
      if (attempt >= TRIES) throw new LedgerError('BUSY', `refs are locked: ${lastLine(reason)}`);
    }
  }

  close(): Promise<void> {
    return this.#transactions.close();
  }

  async #forEachRef(patterns: readonly string[], keep: (ref: string) => boolean): Promise<Map<string, Oid>> {
    const run = await runGit(['for-each-ref', '--format=%(objectname) %(refname)', '--', ...patterns], this.#options);
    if (run.code !== 0) throw faultOf('git for-each-ref', failureText(run));
    const refs = new Map<string, Oid>();
    for (const line of run.stdout.toString('utf8').split('\n')) {
      const cut = line.indexOf(' ');
      const [oid, ref] = [line.slice(0, cut), line.slice(cut + 1)];
      if (isOid(oid) && isRefName(ref) && keep(ref)) refs.set(ref, oid);
    }
    return refs;
  }

  async #differing(updates: readonly RefUpdate[]): Promise<string[]> {
    const asked = new Set(updates.map(({ ref }) => ref));
    const now = await this.#forEachRef([...asked], ref => asked.has(ref));
    return updates.filter(({ ref, old }) => (now.get(ref) ?? null) !== old).map(({ ref }) => ref);
  }

  /** A killed git leaves its lock, which nobody would ever remove. Only those of our own refs are touched. */
  async #removeStaleLock(ref: string): Promise<void> {
    const path = join(this.#options.gitDir, `${ref}.lock`);
    if (!OURS.test(ref) || !isOld(path)) return;
    // One at a time: a second remover could otherwise take away the fresh lock of whoever came after the first.
    const remover = join(this.#options.gitDir, 'ledgenter', 'stale-ref-lock');
    const remove = async (): Promise<void> => {
      if (isOld(path)) unlinkSync(path);
    };
    // Whoever cannot remove it is told so by the swap that follows.
    try {
      mkdirSync(dirname(remover), { recursive: true });
      await withLock(remover, remove);
    } catch {
      // the lock stays
    }
  }
}

function isOld(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > STALE_LOCK_MS;
}

function command({ ref, old, new: oid }: RefUpdate): string {
  checkRefName(ref);
  for (const value of [old, oid])
    if (value !== null && !isOid(value)) throw new LedgerError('INTERNAL', `not an object id: ${value}`);
  if (old === oid) return `verify ${ref}${old === null ? '' : ` ${old}`}`;
  if (old === null) return `create ${ref} ${oid}`;
  return oid === null ? `delete ${ref} ${old}` : `update ${ref} ${oid} ${old}`;
}
