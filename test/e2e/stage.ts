import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The launcher that users run; `npm run build` makes what it loads. */
export const LAUNCHER = fileURLToPath(new URL('../../bin/ledgenter.cjs', import.meta.url));
export const BOOK = 'refs/ledgenter/main/book';
export const SEEN = 'refs/ledgenter-remotes/origin/main/book';

/** What would tell a process about this machine, its user or the host that runs the tests. */
const FOREIGN =
  /^(LEDGENTER_|CLAUDE|CODEX_|CURSOR_|GEMINI_|OPENCODE|AGENT$|AI_AGENT$|CI$|GITHUB_|GIT_|TAP|NODE_OPTIONS$)/;

/** What a JSON answer holds; a test names what it relies on. */
// biome-ignore lint/suspicious/noExplicitAny: answers of every operation pass here, and each test reads its own part
export type Answer = any;

/** How a process ended, and its answer when it was asked for JSON. */
export interface Ran {
  code: number | null;
  signal: string | null;
  out: string;
  err: string;
  answer: Answer;
}

export interface RunOptions {
  /** The actor; default `anna`. */
  as?: string;
  env?: Record<string, string>;
  input?: string;
  /** A process group of its own, so that it can be killed with all it started. */
  group?: boolean;
}

/** A process that was started: its end, and the process itself for who wants to kill it. */
export interface Started {
  child: ChildProcess;
  ended: Promise<Ran>;
}

/** A folder with a home of its own, in which repositories, remotes and processes are set up with real git. */
export class Stage {
  readonly dir: string;
  readonly #home: string;

  constructor(dir: string) {
    this.dir = dir;
    this.#home = join(dir, 'home');
    mkdirSync(this.#home, { recursive: true });
  }

  path(...parts: string[]): string {
    return join(this.dir, ...parts);
  }

  /** An environment in which no host shows, no configuration of the user's counts, and nothing syncs by itself. */
  env(extra: Record<string, string> = {}): Record<string, string> {
    const own = Object.entries(process.env).filter(([name, value]) => value !== undefined && !FOREIGN.test(name));
    const person = { NAME: 'Anna', EMAIL: 'anna@example.com' };
    return {
      ...(Object.fromEntries(own) as Record<string, string>),
      HOME: this.#home,
      USERPROFILE: this.#home,
      XDG_CONFIG_HOME: this.#home,
      GIT_CONFIG_GLOBAL: devNull,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CEILING_DIRECTORIES: this.dir,
      GIT_AUTHOR_NAME: person.NAME,
      GIT_AUTHOR_EMAIL: person.EMAIL,
      GIT_COMMITTER_NAME: person.NAME,
      GIT_COMMITTER_EMAIL: person.EMAIL,
      LEDGENTER_AUTOSYNC: 'false',
      ...extra,
    };
  }

  /** Environment in which a Node process sees the clock so many ms ahead. */
  later(ms: number): Record<string, string> {
    const clock = this.path('clock.cjs');
    if (!existsSync(clock)) writeFileSync(clock, CLOCK);
    return { NODE_OPTIONS: `--require=${clock}`, CLOCK_AHEAD: String(ms) };
  }

  /** Starts any program. */
  start(
    command: string,
    args: string[],
    cwd: string,
    { as = 'anna', env = {}, input, group = false }: RunOptions = {},
  ): Started {
    const detached = group && process.platform !== 'win32';
    const [program, words] = unwatched(command, args, env.NODE_OPTIONS ?? '');
    const child = spawn(program, words, {
      cwd,
      env: this.env({ LEDGENTER_ACTOR: as, ...env }),
      stdio: 'pipe',
      detached,
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', part => {
      out += part;
    });
    child.stderr.setEncoding('utf8').on('data', part => {
      err += part;
    });
    const ended = new Promise<Ran>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal, out, err, answer: json(out) }));
    });
    return { child, ended };
  }

  /** Starts the built binary with `--json`. */
  begin(cwd: string, args: string[], options: RunOptions = {}): Started {
    return this.start(process.execPath, [LAUNCHER, ...args, '--json'], cwd, options);
  }

  /** Runs the built binary with `--json` to its end. */
  run(cwd: string, args: string[], options: RunOptions = {}): Promise<Ran> {
    return this.begin(cwd, args, options).ended;
  }

  /** Runs the built binary as a person does, without `--json`. */
  plain(cwd: string, args: string[], options: RunOptions = {}): Promise<Ran> {
    return this.start(process.execPath, [LAUNCHER, ...args], cwd, options).ended;
  }

  /** The answer of a command that must work. @throws Error with all it printed when it does not */
  async ok(cwd: string, args: string[], options: RunOptions = {}): Promise<Answer> {
    const ran = await this.run(cwd, args, options);
    if (ran.code !== 0 || ran.answer?.ok !== true)
      throw new Error(`ledgenter ${args.join(' ')} ended with ${ran.code ?? ran.signal}: ${ran.out}${ran.err}`);
    return ran.answer;
  }

  /** stdout of a git command that must work, trimmed. */
  async git(cwd: string, ...args: string[]): Promise<string> {
    const ran = await this.tryGit(cwd, args);
    if (ran.code !== 0) throw new Error(`git ${args.join(' ')} ended with ${ran.code ?? ran.signal}: ${ran.err}`);
    return ran.out.trimEnd();
  }

  tryGit(cwd: string, args: string[], options: RunOptions = {}): Promise<Ran> {
    return this.start('git', args, cwd, options).ended;
  }

  /** A repository with one commit. */
  async repository(name: string): Promise<string> {
    const cwd = this.path(name);
    mkdirSync(cwd, { recursive: true });
    await this.git(cwd, 'init', '-q', '-b', 'trunk');
    writeFileSync(join(cwd, 'code.txt'), `${name}\n`);
    await this.git(cwd, 'add', '.');
    await this.git(cwd, 'commit', '-q', '-m', 'first');
    return cwd;
  }

  /** A bare repository that clones push to, with a first commit on `trunk`. */
  async remote(name = 'shared.git'): Promise<string> {
    const seed = this.path('seed');
    if (!existsSync(seed)) await this.repository('seed');
    await this.git(this.dir, 'clone', '-q', '--bare', seed, this.path(name));
    return this.path(name);
  }

  /** A clone of `remote` whose pushes are counted, one line each, in `pushes.log`. */
  async clone(remote: string, name: string): Promise<string> {
    await this.git(this.dir, 'clone', '-q', remote, this.path(name));
    const counter = this.path('count-push.sh');
    if (!existsSync(counter))
      writeFileSync(counter, 'log=$1; shift; echo "$1" >>"$log"; shift; exec git-receive-pack "$@"\n');
    const command = ['sh', counter, this.path('pushes.log'), name].map(word => `'${word}'`).join(' ');
    await this.git(this.path(name), 'config', 'remote.origin.receivepack', command);
    return this.path(name);
  }

  /** Pushes that the remote met since the last {@link resetPushes}, by clone. */
  pushes(): Map<string, number> {
    const counts = new Map<string, number>();
    const log = this.path('pushes.log');
    for (const name of existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [])
      if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts;
  }

  resetPushes(): void {
    writeFileSync(this.path('pushes.log'), '');
  }

  note(name: string, line: string): void {
    appendFileSync(this.path(name), `${line}\n`);
  }

  /** A remote with a published ledger, and clones that joined it. */
  async team(names: readonly string[], remote?: string): Promise<{ remote: string; clones: string[] }> {
    const shared = remote ?? (await this.remote());
    const clones: string[] = [];
    for (const [index, name] of names.entries()) {
      const cwd = await this.clone(shared, name);
      await this.ok(cwd, index === 0 ? ['init', '--publish'] : ['init']);
      clones.push(cwd);
    }
    return { remote: shared, clones };
  }

  /** The id of a new task. */
  async task(cwd: string, title: string, ...flags: string[]): Promise<string> {
    return (await this.ok(cwd, ['task', 'create', title, ...flags])).task.id;
  }

  /** What `git fsck --strict` complains of, without what is normal (an unborn branch, objects no ref reaches). */
  async fsck(cwd: string): Promise<string> {
    const ran = await this.tryGit(cwd, ['fsck', '--strict', '--full', '--no-progress']);
    const lines = `${ran.out}${ran.err}`.split('\n');
    return lines.filter(line => line !== '' && !/^(notice: |dangling |unreachable |Checking )/.test(line)).join('\n');
  }

  /** Faults of a repository that must be whole: what fsck says, what verify finds. */
  async faults(cwd: string): Promise<string[]> {
    const said = await this.fsck(cwd);
    const verified = await this.run(cwd, ['verify']);
    return [
      ...(said === '' ? [] : [`fsck: ${said}`]),
      ...(verified.code === 0 ? [] : [`verify: ${verified.out}${verified.err}`]),
    ];
  }

  /** The books of these repositories have one tip and are a chain without merges; its length. */
  async sameBook(...repositories: string[]): Promise<{ tip: string; entries: number }> {
    const tips = await Promise.all(repositories.map(cwd => this.git(cwd, 'rev-parse', BOOK)));
    if (new Set(tips).size !== 1) throw new Error(`books differ: ${tips.join(' ')}`);
    const merges = await this.git(repositories[0]!, 'rev-list', '--count', '--merges', BOOK);
    if (merges !== '0') throw new Error(`the book has ${merges} merges`);
    return { tip: tips[0]!, entries: Number(await this.git(repositories[0]!, 'rev-list', '--count', BOOK)) };
  }
}

/** Loaded before the program: every look at the clock is ahead. */
const CLOCK = `
const ahead = Number(process.env.CLOCK_AHEAD);
const Real = Date;
globalThis.Date = class Date extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + ahead);
    else super(...given);
  }
  static now() {
    return Real.now() + ahead;
  }
};
`;

/** The test runner loads itself into every process that a test starts: that is no part of what users run, and slow. */
function unwatched(command: string, args: string[], options: string): [string, string[]] {
  if (process.platform === 'win32') return [command, args];
  return ['sh', ['-c', 'NODE_OPTIONS=$0; export NODE_OPTIONS; exec "$@"', options, command, ...args]];
}

/** The whole output as JSON, undefined when it is none. */
function json(text: string): Answer {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
