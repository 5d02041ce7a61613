import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Context } from '../../../src/kernel/operation.ts';
import { writeHookConf } from '../../../src/surfaces/hooks/conf.ts';
import { type HooksGround, makeHooksGround } from '../../../src/surfaces/hooks/ground.ts';
import { type HooksInput, installHooks, uninstallHooks } from '../../../src/surfaces/hooks/install.ts';
import { CLIENT_HOOKS } from '../../../src/surfaces/hooks/names.ts';
import { hooksStatus } from '../../../src/surfaces/hooks/status.ts';
import { readPlace } from '../../../src/surfaces/place.ts';
import { type Ran, type RunOptions, Stage } from '../../e2e/stage.ts';

// biome-ignore lint/suspicious/noExplicitAny: each test reads its own part of an answer
type Answer = any;

/** Hooks that husky writes a caller for. */
const HUSKY = [...CLIENT_HOOKS, 'pre-merge-commit', 'applypatch-msg', 'pre-rebase'];

/** A package with stand-ins for the hooks themselves, repositories with hooks of others, and a log of who ran. */
export class Yard {
  readonly stage: Stage;
  readonly #log: string;
  /** Commits of one second must not be one commit. */
  #commits = 0;

  constructor(dir: string) {
    this.stage = new Stage(dir);
    this.#log = join(dir, 'log');
    const own = (name: string) =>
      name === 'post-rewrite' || name === 'pre-receive'
        ? 'if [ -n "$ledgenter_stdin" ]; then exec <"$ledgenter_stdin"; fi\nwhile read -r one two three; do say "ours $ledgenter_hook read $three"; done\n'
        : 'say "ours $ledgenter_hook"\n';
    for (const name of [...CLIENT_HOOKS, 'pre-receive'])
      this.put(join(dir, 'package', 'hooks', name), `say() { echo "$1" >>"$HOOK_LOG"; }\n${own(name)}`);
    this.put(join(dir, 'package', 'bin', 'ledgenter.cjs'), '');
    // Without it the one around the tests says what a script without a suffix is.
    this.put(join(dir, 'package.json'), '{"type":"commonjs"}\n');
  }

  path(...parts: string[]): string {
    return this.stage.path(...parts);
  }

  env(more: Record<string, string> = {}): Record<string, string> {
    return this.stage.env({ HOOK_LOG: this.#log, ...more });
  }

  put(file: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
    chmodSync(file, mode);
  }

  /** A hook of a person's, in the folder of hooks of a repository. */
  hand(cwd: string, name: string, more = '', mode = 0o755): void {
    this.put(join(cwd, '.git', 'hooks', name), `#!/bin/sh\necho "hand ${name}" >>"$HOOK_LOG"\n${more}`, mode);
  }

  async ground(cwd: string, more: Partial<HooksGround['machine']> = {}): Promise<HooksGround> {
    const env = this.env();
    return makeHooksGround(await readPlace(cwd, env), env, {
      platform: process.platform,
      home: this.path('home'),
      env,
      node: process.execPath,
      launcher: this.path('package', 'bin', 'ledgenter.cjs'),
      say: () => {},
      ...more,
    });
  }

  async #with<T>(cwd: string, run: (context: Context) => Promise<T>): Promise<T> {
    const ground = await this.ground(cwd);
    return run({ use: async () => ground } as unknown as Context);
  }

  install(cwd: string, input: HooksInput = { yes: true }): Promise<Answer> {
    return this.#with(cwd, context => installHooks(context, input));
  }

  uninstall(cwd: string, input: HooksInput = { yes: true }): Promise<Answer> {
    return this.#with(cwd, context => uninstallHooks(context, input));
  }

  status(cwd: string): Promise<Answer> {
    return this.#with(cwd, hooksStatus);
  }

  async refresh(cwd: string): Promise<Answer> {
    return writeHookConf(await this.ground(cwd));
  }

  git(cwd: string, args: string[], options: RunOptions = {}): Promise<Ran> {
    return this.stage.tryGit(cwd, args, { ...options, env: this.env(options.env) });
  }

  /** Who ran since the last call, in order. */
  ran(): string[] {
    const lines = existsSync(this.#log) ? readFileSync(this.#log, 'utf8').split('\n').slice(0, -1) : [];
    writeFileSync(this.#log, '');
    return lines;
  }

  /** A commit: how it ended, and who ran. */
  async commit(cwd: string, ...more: string[]): Promise<{ code: number | null; err: string; ran: string[] }> {
    this.ran();
    const { code, err } = await this.git(cwd, [
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      `commit ${++this.#commits}`,
      ...more,
    ]);
    return { code, err, ran: this.ran() };
  }

  /** As husky does it at every `npm install`: callers in a folder, which is put in effect. */
  async husky(cwd: string): Promise<void> {
    await this.stage.git(cwd, 'config', 'core.hooksPath', '.husky/_');
    const caller = `#!/usr/bin/env sh\nfile=\${0%/*}/../\${0##*/}\n[ ! -f "$file" ] || exec sh -e "$file" "$@"\n`;
    for (const name of HUSKY) this.put(join(cwd, '.husky', '_', name), caller, 0o755);
    this.put(join(cwd, '.husky', '_', '.gitignore'), '*');
  }

  /** As lefthook does it: what is there is put aside, and refused to be overwritten there. */
  lefthook(folder: string, ...names: string[]): void {
    for (const name of names) {
      const file = join(folder, name);
      if (existsSync(file) && !readFileSync(file, 'utf8').includes('call_lefthook')) {
        if (existsSync(`${file}.old`)) throw new Error(`${file}.old already exists`);
        renameSync(file, `${file}.old`);
      }
      this.put(
        file,
        `#!/bin/sh\ncall_lefthook() { echo "lefthook $2" >>"$HOOK_LOG"; }\ncall_lefthook run "${name}" "$@"\n`,
        0o755,
      );
    }
  }

  /** As pre-commit does it: what is there is put aside, and run first. It refuses to be run by itself. */
  preCommit(cwd: string, name: string): void {
    const file = join(cwd, '.git', 'hooks', name);
    if (existsSync(file) && !readFileSync(file, 'utf8').includes('File generated by pre-commit'))
      renameSync(file, `${file}.legacy`);
    const lines = [
      '#!/bin/sh',
      '# File generated by pre-commit: a stand-in',
      '[ -z "$PRE_COMMIT_RUNNING_LEGACY" ] || { echo "installed in migration mode" >&2; exit 1; }',
      `legacy=\${0%/*}/${name}.legacy`,
      '[ ! -x "$legacy" ] || PRE_COMMIT_RUNNING_LEGACY=1 "$legacy" "$@" </dev/null || exit $?',
      `echo "pre-commit ${name}" >>"$HOOK_LOG"`,
    ];
    this.put(file, `${lines.join('\n')}\n`, 0o755);
  }
}

/** Everything below a folder: kind, mode and bytes. */
export function snapshot(
  root: string,
  skip = /^(objects|logs|refs|index|COMMIT_EDITMSG|HEAD|ORIG_HEAD)(\/|$)/,
): Record<string, string> {
  const out: Record<string, string> = {};
  const walk = (folder: string, name: string): void => {
    if (!existsSync(folder)) return;
    for (const entry of readdirSync(folder).sort()) {
      const [path, key] = [join(folder, entry), name === '' ? entry : `${name}/${entry}`];
      if (skip.test(key)) continue;
      const found = lstatSync(path);
      const mode = (found.mode & 0o777).toString(8);
      if (found.isDirectory()) {
        out[key] = 'folder';
        walk(path, key);
      } else
        out[key] = found.isSymbolicLink() ? `link ${readlinkSync(path)}` : `${mode} ${readFileSync(path, 'latin1')}`;
    }
  };
  walk(root, '');
  return out;
}
