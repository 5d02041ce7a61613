import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { parseInstant } from '../../kernel/time.ts';
import type { CodeSite, SiteCommit } from '../../rooms/code/ports.ts';
import { failureText, lastLine, type RunResult, runGit } from '../../store/git/index.ts';

/** A question to the history is answered in this time, in ms, or not at all. */
const BOUND_MS = 15_000;
/** Bytes of git's answer: messages of 200 commits, or 1,000 lines with what blame says of them. */
const MAX_OUTPUT = 32 << 20;
/** Commits read for one question. */
const MAX_COMMITS = 200;
/** Characters of a name or subject. */
const MAX_WORDS = 200;
/** Id, author's time, name, message: none of them can hold a NUL. */
const FORMAT = '--format=%H%x00%aI%x00%an%x00%B%x00';
const LOG = ['log', '--no-show-signature', '--no-color', '--encoding=UTF-8', FORMAT];

/** Git in the checkout that somebody stands in. What they write reaches it only behind `--`, or as one revision. */
export class CheckoutSite implements CodeSite {
  readonly trailer: string;
  readonly shallow: boolean;
  readonly #cwd: string;
  readonly #topLevel: string | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor(parts: {
    cwd: string;
    commonDir: string;
    topLevel: string | undefined;
    trailer: string;
    signal: AbortSignal | undefined;
  }) {
    this.trailer = parts.trailer;
    this.shallow = existsSync(join(parts.commonDir, 'shallow'));
    this.#cwd = parts.cwd;
    this.#topLevel = parts.topLevel;
    this.#signal = parts.signal;
  }

  file(text: string): { path: string; exists: boolean } {
    if (text.includes('\0')) throw new LedgerError('BAD_INPUT', 'a path has no NUL');
    const top = real(this.#top());
    const written = resolve(real(this.#cwd), text);
    // A folder that is a link counts as what it leads to, so that none leads out of the work tree.
    const whole = join(real(dirname(written)), basename(written));
    const path = relative(top, whole);
    if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path))
      throw new LedgerError('BAD_INPUT', `${text} is not inside the work tree`, {
        hint: 'ledgenter task for <commit>|<file in this work tree>',
      });
    const inner = nested(top, whole);
    if (inner !== undefined)
      throw new LedgerError('BAD_INPUT', `${text} is in a repository of its own, ${relative(top, inner)}`, {
        hint: `ledgenter -C ${relative(real(this.#cwd), inner)} task for ${relative(inner, whole)}`,
      });
    return { path: path === '' ? '.' : path.split(sep).join('/'), exists: existsSync(whole) };
  }

  async commit(name: string): Promise<string | undefined> {
    if (name === '' || name.startsWith('-') || /[\0\n]/.test(name)) return undefined;
    const run = await this.#git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
    const oid = run.stdout.toString('utf8').trim();
    return run.code === 0 && /^[0-9a-f]{40,64}$/.test(oid) ? oid : undefined;
  }

  async commits(shas: readonly string[]): Promise<SiteCommit[]> {
    const asked = [...new Set(shas)].filter(sha => /^[0-9a-f]{40,64}$/.test(sha)).slice(0, MAX_COMMITS);
    if (asked.length === 0) return [];
    const run = await this.#git([...LOG, '--no-walk=unsorted', '--ignore-missing', '--stdin', '--'], asked);
    if (run.code !== 0) throw fault('git log', run);
    return commitsIn(run.stdout.toString('utf8'));
  }

  async blame(path: string, from: number, to: number): Promise<{ line: number; sha: string | null }[]> {
    this.#top();
    const args = ['blame', '--porcelain', '--no-textconv', `-L${from},${to}`, '--', path];
    const run = await this.#git(args);
    if (run.code === 0) return blamed(run.stdout.toString('utf8'));
    if (run.code === 128 && /no such path .* in HEAD/.test(run.stderr)) return range(from, to);
    if (run.code === 128 && /no such ref: HEAD/.test(run.stderr)) return range(from, to);
    const few = /has only (\d+) lines?/.exec(run.stderr)?.[1];
    if (few !== undefined)
      throw new LedgerError('BAD_INPUT', `${path} has only ${few} lines`, { hint: `ledgenter task for ${path}` });
    throw fault('git blame', run, `ledgenter task for --file '<path>' --lines ${from}`);
  }

  async history(path: string, limit: number): Promise<SiteCommit[]> {
    this.#top();
    const run = await this.#git(['--literal-pathspecs', ...LOG, `--max-count=${limit}`, '--follow', '--', path]);
    if (run.code === 128 && /does not have any commits yet/.test(run.stderr)) return [];
    if (run.code !== 0) throw fault('git log', run);
    return commitsIn(run.stdout.toString('utf8'));
  }

  #top(): string {
    if (this.#topLevel !== undefined) return this.#topLevel;
    throw new LedgerError('NO_REPOSITORY', 'there is no work tree here', { hint: 'ledgenter task for <commit>' });
  }

  #git(args: readonly string[], lines?: readonly string[]): Promise<RunResult> {
    return runGit(args, {
      cwd: this.#topLevel ?? this.#cwd,
      timeoutMs: BOUND_MS,
      maxOutput: MAX_OUTPUT,
      signal: this.#signal,
      ...(lines ? { input: lines.map(line => `${line}\n`) } : {}),
    });
  }
}

/** The path without links where it is there; else as it stands. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The repository in the work tree (a submodule, another clone) that a path lies in; undefined for one of this one. */
function nested(top: string, whole: string): string | undefined {
  for (let folder = dirname(whole); folder.startsWith(top + sep); folder = dirname(folder))
    if (existsSync(join(folder, '.git'))) return folder;
  return undefined;
}

function fault(what: string, run: RunResult, smaller = 'ledgenter task for <commit>'): LedgerError {
  if (run.killed === 'timeout')
    return new LedgerError('BUSY', `${what} took longer than ${BOUND_MS / 1000} seconds`, {
      hint: smaller,
    });
  if (run.killed === 'output') return new LedgerError('TOO_LARGE', `${what} had too much to say`, { hint: smaller });
  return new LedgerError('NOT_FOUND', `${what}: ${lastLine(failureText(run))}`, { hint: 'git status' });
}

function commitsIn(text: string): SiteCommit[] {
  const fields = text.split('\0');
  const found: SiteCommit[] = [];
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [sha, time, author, message] = fields.slice(at, at + 4) as [string, string, string, string];
    const subject = message.trimStart().split('\n', 1)[0]!;
    found.push({
      sha: sha.trim(),
      at: parseInstant(time) ?? time,
      author: author.slice(0, MAX_WORDS),
      subject: subject.slice(0, MAX_WORDS),
      message,
    });
  }
  return found;
}

/** Of blame's answer the lines that begin one line of the file: `<id> <line then> <line now> …`; text begins with a tab. */
function blamed(text: string): { line: number; sha: string | null }[] {
  return text.split('\n').flatMap(line => {
    const [, sha, now] = /^([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?$/.exec(line) ?? [];
    return sha === undefined ? [] : [{ line: Number(now), sha: /^0+$/.test(sha) ? null : sha }];
  });
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ line: from + index, sha: null }));
