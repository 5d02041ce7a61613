import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve, sep } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { definePort } from '../../kernel/operation.ts';
import type { Env } from '../hosts.ts';

/** What setting up hosts needs to know of this machine and of whoever asked. */
export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  env: Env;
  /** The checkout that the command runs in; none in a bare repository or outside of one. */
  checkout?: { topLevel: string; commonDir: string };
  /** Absolute: the Node that runs us, and the launcher that it was given. */
  node: string;
  launcher: string;
  /** Shows a text to the person who is asked; it was made harmless. */
  say(text: string): void;
  /** Asks a person; undefined without a terminal. */
  ask?(question: string, choices: readonly string[]): Promise<string>;
}

export const machinePort = definePort<Machine>('machine');

export function makeMachine(parts: {
  env: Env;
  repository: { commonDir: string; topLevel?: string } | undefined;
  ask: Machine['ask'];
}): Machine {
  const { env, repository, ask } = parts;
  const { topLevel, commonDir = '' } = repository ?? {};
  return {
    platform: process.platform,
    home: homedir(),
    env,
    ...(topLevel === undefined ? {} : { checkout: { topLevel, commonDir } }),
    node: steadyNode(process.execPath, env),
    launcher: resolve(process.argv[1] ?? ''),
    say: text => void process.stderr.write(text),
    ...(ask ? { ask } : {}),
  };
}

/** Homebrew's folders carry the version and go with the next one: there, what the PATH names in their place. */
function steadyNode(exec: string, env: Env): string {
  if (!exec.includes(`${sep}Cellar${sep}`)) return exec;
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const file = join(folder, 'node');
    if (folder !== '' && existsSync(file) && realpathSync(file) === exec) return file;
  }
  return exec;
}

/**
 * The command that a host is to start, as absolute words.
 * @throws LedgerError USAGE when we run from npx: its folder goes away, and its start is slower than hosts wait
 */
export function commandOf({ node, launcher }: Machine, ...words: string[]): [string, ...string[]] {
  if (/[\\/]_npx[\\/]/.test(launcher))
    throw new LedgerError('USAGE', 'this copy of ledgenter was fetched by npx and may be gone tomorrow', {
      hint: 'npm install -g ledgenter, then: ledgenter setup <host>',
    });
  return [node, launcher, ...words];
}

/**
 * The command as one line for the shell of hosts, quoted only where it must be. On Windows that is `cmd` or Git Bash, which
 * takes a bare backslash away: slashes go forward, which both take, and `cmd` takes them in a program's name only in quotes.
 */
export function lineOf(words: readonly string[], platform: NodeJS.Platform): string {
  if (platform === 'win32') {
    const isBare = (word: string, index: number) => /^[\w.:/@=-]+$/.test(word) && (index > 0 || !word.includes('/'));
    const slashed = words.map(word => word.replaceAll('\\', '/'));
    return slashed.map((word, index) => (isBare(word, index) ? word : `"${word}"`)).join(' ');
  }
  return words.map(word => (/^[\w.:/@=+-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`)).join(' ');
}
