import { LedgerError } from '../../kernel/errors.ts';
import type { ObjectFormat } from '../encoding/hash.ts';
import { isOid, isTreePath, parseSpec } from '../encoding/names.ts';
import type { Commit, CommitMeta, FileEdit, Oid, RefUpdate, Store, SwapResult, TreeChange } from '../port.ts';
import { CatFile, type FoundObject } from './catfile.ts';
import type { Discovery } from './discover.ts';
import { type Environment, gitEnvironment, quarantine } from './environment.ts';
import { fastImport, type Step } from './fastimport.ts';
import { GitHistory } from './history.ts';
import { commitLoose, treeOf } from './objects.ts';
import { GitRefs } from './refs.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A store that only reads, for a hook that judges a push: it sees the pushed objects, which lie apart until git takes them. */
export interface GateOptions {
  signal?: AbortSignal;
}

/** A git repository: isomorphic-git writes single commits, git itself does everything else. */
export class GitStore implements Store {
  readonly objectFormat: ObjectFormat;
  readonly #run: { cwd: string; gitDir: string; env: NodeJS.ProcessEnv; zero: Oid; signal?: AbortSignal };
  readonly #native: boolean;
  readonly #catFile: CatFile;
  readonly #refs: GitRefs;
  readonly #history: GitHistory;
  readonly #readOnly: boolean;

  constructor({ location, config }: Discovery, env?: Environment, gate?: GateOptions) {
    const { commonDir, objectFormat } = location;
    this.objectFormat = objectFormat;
    const zero = '0'.repeat(objectFormat === 'sha1' ? 40 : 64);
    const own = gitEnvironment(env);
    this.#readOnly = gate !== undefined;
    this.#run = {
      cwd: commonDir,
      gitDir: commonDir,
      env: gate ? { ...own, ...quarantine(env ?? process.env) } : own,
      zero,
      ...(gate?.signal ? { signal: gate.signal } : {}),
    };
    // isomorphic-git knows neither SHA-256 nor the file modes of a repository that several accounts share.
    const shared = config.get('core.sharedrepository') ?? 'umask';
    this.#native = objectFormat !== 'sha1' || !['umask', 'false', '0', 'no', 'off'].includes(shared.toLowerCase());
    this.#catFile = new CatFile(this.#run);
    this.#refs = new GitRefs(this.#run, this.#catFile);
    this.#history = new GitHistory(this.#run, this.#catFile, objectFormat);
  }

  async readBlobs(specs: string[]): Promise<(string | undefined)[]> {
    const asked = specs.filter(spec => parseSpec(spec) !== undefined);
    const answers = (await this.#catFile.ask(asked)).map(blobText);
    let next = 0;
    return specs.map(spec => (spec === asked[next] ? answers[next++] : undefined));
  }

  async listTree(commit: Oid, path: string): Promise<string[]> {
    if (!isOid(commit) || (path !== '' && !isTreePath(path))) return [];
    const [found] = await this.#catFile.ask([`${commit}:${path}`]);
    return found?.type === 'tree' ? treeOf(found, this.objectFormat).entries.map(entry => entry.name) : [];
  }

  readCommits(oids: Oid[]): Promise<(Commit | undefined)[]> {
    return this.#history.readCommits(oids);
  }

  async commit(parents: Oid[], edits: FileEdit[], meta: CommitMeta): Promise<Oid> {
    this.#mayWrite();
    checkOids(parents);
    const loose = this.#native ? undefined : await commitLoose(this.#run.gitDir, this.#catFile, parents, edits, meta);
    return loose ?? (await fastImport(this.#run, parents, once({ edits, meta })))[0]!;
  }

  async commitMany(parent: Oid | null, steps: AsyncIterable<Step>): Promise<Oid[]> {
    this.#mayWrite();
    const parents = parent === null ? [] : [parent];
    checkOids(parents);
    return fastImport(this.#run, parents, steps);
  }

  refs(prefix: string): Promise<Map<string, Oid>> {
    return this.#refs.list(prefix);
  }

  /** As {@link refs} for single refs, faster: may be behind by a moment, so only for what a swap settles. */
  peek(refs: readonly string[]): Promise<Map<string, Oid>> {
    return this.#refs.peek(refs);
  }

  async swap(updates: RefUpdate[]): Promise<SwapResult> {
    this.#mayWrite();
    return this.#refs.swap(updates);
  }

  log(tip: Oid, base: Oid | null): Promise<Commit[]> {
    return this.#history.log(tip, base);
  }

  logChunks(tip: Oid, base: Oid | null, size: number): AsyncIterable<{ commits: Commit[]; total: number }> {
    return this.#history.logChunks(tip, base, size);
  }

  newest(tip: Oid, limit: number): Promise<Commit[]> {
    return this.#history.newest(tip, limit);
  }

  diff(from: Oid | null, to: Oid, folder?: string): Promise<TreeChange[]> {
    return this.#history.diff(from, to, folder);
  }

  changes(commits: Oid[]): AsyncIterable<{ commit: Oid; changes: TreeChange[] }> {
    return this.#history.changes(commits);
  }

  mergeBase(a: Oid, b: Oid): Promise<Oid | null> {
    return this.#history.mergeBase(a, b);
  }

  async close(): Promise<void> {
    await Promise.all([this.#catFile.close(), this.#refs.close()]);
  }

  #mayWrite(): void {
    if (this.#readOnly) throw new LedgerError('INTERNAL', 'a gate writes nothing');
  }
}

function blobText(found: FoundObject | undefined): string | undefined {
  if (found?.type !== 'blob') return undefined;
  if (!found.body) throw new LedgerError('BAD_LEDGER', `blob ${found.oid} is larger than 2 MB`);
  try {
    return utf8.decode(found.body);
  } catch {
    throw new LedgerError('BAD_LEDGER', `blob ${found.oid} is not UTF-8 text`);
  }
}

function checkOids(oids: readonly Oid[]): void {
  for (const oid of oids) if (!isOid(oid)) throw new LedgerError('INTERNAL', `not an object id: ${oid}`);
}

async function* once(step: Step): AsyncIterable<Step> {
  yield step;
}
