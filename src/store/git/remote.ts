import { LedgerError } from '../../kernel/errors.ts';
import { isOid, isRefName, underPrefix } from '../encoding/names.ts';
import type { Oid, PushResult, RefUpdate, Remote } from '../port.ts';
import type { Discovery } from './discover.ts';
import { type Environment, gitEnvironment, sshEnvironment } from './environment.ts';
import { lastLine } from './faults.ts';
import { CANONICAL, Namespace } from './namespace.ts';
import { pushResult } from './pushreport.ts';
import { failureText, type RunOptions, type RunResult, runGit } from './run.ts';
import type { GitStore } from './store.ts';
import { trackListing, trackPush } from './tracking.ts';

export interface RemoteOptions {
  /** A configured remote (`origin`), a URL or a path. */
  name: string;
  /** Where the remote keeps the shared refs; default `refs/ledgenter`. */
  namespace?: string;
  /** Bound of one git process on the network, in ms; default 60 s. */
  timeoutMs?: number;
  signal?: AbortSignal;
  env?: Environment;
}

/** A remote that is busy with others' pushes may list what it no longer has; looked at again this often. */
const LISTINGS = 4;

/** The shared refs of one remote, by `git ls-remote`, `git fetch` and `git push`. */
export class GitRemote implements Remote {
  readonly name: string;
  readonly #store: GitStore;
  readonly #names: Namespace;
  readonly #local: RunOptions & { gitDir: string };
  readonly #network: RunOptions;
  readonly #settings: readonly string[];
  /** In a partial clone, merely looking for an object makes git fetch it, and without its files. */
  readonly #partial: boolean;

  constructor({ location, config }: Discovery, store: GitStore, options: RemoteOptions) {
    if (options.name === '' || options.name.startsWith('-') || /[\0\n]/.test(options.name))
      throw new LedgerError('USAGE', `not a remote: ${JSON.stringify(options.name)}`);
    this.name = options.name;
    this.#store = store;
    this.#names = new Namespace(options.namespace ?? CANONICAL, options.name);
    const env = sshEnvironment(gitEnvironment(options.env), config.get('core.sshcommand'));
    this.#local = { cwd: location.commonDir, gitDir: location.commonDir, env };
    // A remote's relative path counts from the checkout, where the user wrote it.
    const place = location.topLevel === undefined ? this.#local : { cwd: location.topLevel, env };
    this.#network = { ...place, timeoutMs: options.timeoutMs ?? 60_000, signal: options.signal };
    this.#partial = config.hasPromisor();
    // A mirror's push setting forbids naming refs.
    const mirror = `remote.${options.name}.mirror`;
    this.#settings = config.get(mirror) === undefined ? [] : ['-c', `${mirror}=false`];
  }

  async fetch(prefix: string): ReturnType<Remote['fetch']> {
    let reason = 'the remote changed too fast to be read';
    for (let listing = 1; listing <= LISTINGS; listing++) {
      const [listed, tracked] = await Promise.all([this.#list(prefix), this.#store.refs(this.#names.tracking)]);
      if ('reason' in listed) return { kind: 'broken', reason: listed.reason };
      const known = new Set(tracked.values());
      const unknown = [...new Set(listed.refs.values())].filter(oid => !known.has(oid));
      if (unknown.length === 0 || (!this.#partial && (await this.#whole(unknown)))) {
        await trackListing(this.#store, this.#names, prefix, listed.refs, tracked);
        return { kind: 'fetched', refs: listed.refs };
      }
      const failure = await this.#bring(listed.refs);
      const noted = await this.#noted(listed.refs);
      const rest = unknown.filter(oid => !new Set(noted.values()).has(oid));
      if (rest.length === 0 || (await this.#whole(rest))) {
        await trackListing(this.#store, this.#names, prefix, listed.refs, new Map([...tracked, ...noted]));
        return { kind: 'fetched', refs: listed.refs };
      }
      reason = failure ?? reason;
    }
    return { kind: 'broken', reason };
  }

  async push(updates: RefUpdate[]): Promise<PushResult> {
    if (updates.length === 0) return { kind: 'accepted' };
    const asked = updates.map(({ ref }) => this.#names.toRemote(ref));
    const args = ['push', '--porcelain', '--atomic', '--no-verify', '--no-follow-tags', '--no-signed', '--no-progress'];
    args.push('--recurse-submodules=no');
    for (const [i, { old, new: oid }] of updates.entries()) {
      if (old === null && oid === null) throw new LedgerError('INTERNAL', 'a push cannot ask for a ref to be absent');
      args.push(`--force-with-lease=${asked[i]}:${old ?? ''}`);
    }
    const specs = updates.map(({ new: oid }, i) => `${oid ?? ''}:${asked[i]}`);
    const run = await this.#net([...args, '--', this.name, ...specs]);
    if (run.killed) return { kind: 'broken', reason: lastLine(failureText(run)) };
    const result = pushResult(asked, { code: run.code, stdout: run.stdout.toString('utf8'), stderr: run.stderr });
    if (result.kind === 'refused') {
      const canonical = (ref: string): string => this.#names.fromRemote(ref) ?? ref;
      return { kind: 'refused', refs: result.refs.map(one => ({ ...one, ref: canonical(one.ref) })) };
    }
    if (result.kind === 'accepted') await trackPush(this.#store, this.#names, updates);
    return result;
  }

  /** The remote's own answer to this call, by canonical names. */
  async #list(prefix: string): Promise<{ refs: Map<string, Oid> } | { reason: string }> {
    const pattern = this.#names.toRemote(prefix);
    const run = await this.#net(['ls-remote', '--refs', '--', this.name, pattern, `${pattern.replace(/\/$/, '')}/*`]);
    if (run.code !== 0) return { reason: lastLine(failureText(run)) };
    const refs = new Map<string, Oid>();
    for (const line of run.stdout.toString('utf8').split('\n')) {
      const [oid, name] = line.split('\t');
      const ref = name === undefined ? undefined : this.#names.fromRemote(name);
      if (ref !== undefined && isOid(oid!) && isRefName(ref) && underPrefix(ref, prefix)) refs.set(ref, oid!);
    }
    return { refs };
  }

  /**
   * True when these commits are here with all they need. An object that is here proves nothing of what it refers to (a
   * fetch may have been killed); what refs reach is whole, and git tells whether the rest is.
   */
  async #whole(oids: readonly Oid[]): Promise<boolean> {
    // A stranger's object under a ref of ours may be no commit, or too large for one: git brings it, if it is needed.
    const commits = await this.#store.readCommits([...oids]).catch(() => [undefined]);
    if (commits.some(commit => commit === undefined)) return false;
    const input = `${oids.join('\n')}\n`;
    const ours = ['refs/ledgenter', 'refs/ledgenter-remotes', 'refs/ledgenter-local'].map(ref => `--glob=${ref}`);
    const args = ['rev-list', '--objects', '--quiet', '--stdin', '--not', ...ours];
    const env = { ...this.#local.env, GIT_NO_LAZY_FETCH: '1' };
    return (await runGit(args, { ...this.#local, env, input })).code === 0;
  }

  /** What the tracking refs of a listing show now. git moves them only to what it has whole. */
  #noted(refs: ReadonlyMap<string, Oid>): Promise<Map<string, Oid>> {
    return this.#store.peek([...refs.keys()].map(ref => this.#names.toTracking(ref)));
  }

  /** Fetches what was listed. @returns why git was not content, which matters only if objects are missing afterwards */
  async #bring(refs: ReadonlyMap<string, Oid>): Promise<string | undefined> {
    const args = ['fetch', '--no-write-fetch-head', '--no-tags', '--no-auto-gc', '--no-recurse-submodules'];
    args.push('--no-filter', '--no-progress', '--quiet', '--no-prune', '--stdin');
    const input = `${refspecs(this.#names, refs).join('\n')}\n`;
    const run = await this.#net([...args, '--', this.name], input);
    return run.code === 0 ? undefined : lastLine(failureText(run));
  }

  #net(args: readonly string[], input?: string): Promise<RunResult> {
    return runGit([...this.#settings, ...args], { ...this.#network, ...(input === undefined ? {} : { input }) });
  }
}

/**
 * What to fetch for a listing, into tracking refs: the book only forward; folders of other refs as a whole, since single
 * ones may be gone by now and git would then fetch nothing.
 */
function refspecs(names: Namespace, refs: ReadonlyMap<string, Oid>): string[] {
  const out = new Set<string>();
  const books = [...refs.keys()].filter(ref => ref.endsWith('/book'));
  const bookFolders = new Set(books.map(folderOf));
  for (const ref of refs.keys()) {
    const folder = folderOf(ref);
    const spec = `${names.toRemote(ref)}:${names.toTracking(ref)}`;
    if (ref.endsWith('/book')) out.add(spec);
    else if (bookFolders.has(folder)) out.add(`+${spec}`);
    else out.add(`+${names.toRemote(folder)}/*:${names.toTracking(folder)}/*`);
  }
  return [...out];
}

function folderOf(ref: string): string {
  return ref.slice(0, ref.lastIndexOf('/'));
}
