import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isLedgerName } from '../../book/refs.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { randomHex } from '../../store/random.ts';
import { homeFolder } from '../home.ts';
import { HOSTS } from '../hosts.ts';
import { type HooksConfig, readHooksConfig } from './config.ts';
import { type HooksGround, makeOwnFolder, pathsOf, runFolder } from './ground.ts';
import { slashed } from './stub.ts';

/** The name of a trailer that git itself takes, and that no shell or pattern reads as anything else. */
const TRAILER = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;
/** Files that are watched; a configuration in more files than that is refreshed by the next install. */
const MAX_WATCHED = 64;
/**
 * The clock of a file system stands still between two ticks, 10 ms at most: what is written so short after we began to
 * read may carry a time from before, and must count as newer.
 */
const TICK_MS = 20;

/** What the hooks of one repository read, and what of it was configured wrongly. */
export interface Conf {
  text: string;
  problems: string[];
}

/**
 * What hooks need to know, one `key value` a line, so that `read -r key value` reads it without a process. `chain` comes
 * first: a stub reads that line alone.
 * @throws LedgerError BAD_INPUT for a path that is no line; USAGE when we run from npx
 */
export function confOf(ground: HooksGround, config: HooksConfig): Conf {
  const problems: string[] = [];
  const { setting } = config;
  const choice = (name: string, values: readonly string[], usual: string): string => {
    const value = setting(name)?.toLowerCase();
    if (value === undefined || values.includes(value)) return value ?? usual;
    problems.push(
      `ledgenter.${name} is ${JSON.stringify(value)}, and counts as ${usual}: it may be ${values.join(', ')}`,
    );
    return usual;
  };
  const trailer = setting('trailer') ?? 'Task';
  if (!TRAILER.test(trailer))
    problems.push(
      `ledgenter.trailer is ${JSON.stringify(trailer)}, and counts as Task: it may be letters, digits and dashes`,
    );
  const { node, launcher } = steady(ground);
  const lines: [string, string][] = [
    ['chain', slashed(config.outside?.folder ?? pathsOf(ground).hooks)],
    ['node', slashed(node)],
    ['launcher', slashed(launcher)],
    ['desks', slashed(desksOf(ground, setting))],
    ...ledgersOf(setting('ledger'), config.branches),
    ['trailer', TRAILER.test(trailer) ? trailer : 'Task'],
    ['strict', String(/^(true|yes|on|1)$/i.test(setting('strict') ?? ''))],
    ['reservations', choice('reservations', ['warn', 'refuse', 'off'], 'warn')],
    ['push', choice('push', ['carry', 'require', 'off'], 'carry')],
    ...(['run', 'actor'] as const).flatMap(name => {
      const value = setting(name);
      return value === undefined
        ? []
        : [[name, name === 'actor' ? value.trim().toLowerCase() : value] as [string, string]];
    }),
    ...HOSTS.filter(({ env }) => env.length > 0).map(
      ({ name, env }) => ['host', [name, ...env].join(' ')] as [string, string],
    ),
    ...watched(config.files).map(file => ['watch', slashed(file)] as [string, string]),
  ];
  return { text: lines.map(([key, value]) => `${key} ${asLine(value)}\n`).join(''), problems };
}

/**
 * Writes `conf` anew, whole or not at all. It gets the time at which configuration began to be read, so that whatever
 * changes from then on is newer than it (`-nt`), by the clock of the file system that both are on.
 * @returns whether its text changed, and what was configured wrongly
 * @throws LedgerError BAD_INPUT, USAGE, READ_ONLY_REPOSITORY, NO_REPOSITORY
 */
export async function writeHookConf(ground: HooksGround): Promise<{ changed: boolean; problems: string[] }> {
  const { conf } = pathsOf(ground);
  const temporary = `${conf}.${randomHex(6)}.tmp`;
  try {
    makeOwnFolder(ground, dirname(conf));
    writeFileSync(temporary, '', { flag: 'wx', mode: fileMode(ground) });
    const began = statSync(temporary).mtimeMs - TICK_MS;
    const { text, problems } = confOf(ground, await readHooksConfig(ground));
    const changed = readConf(ground) !== text;
    writeFileSync(temporary, text);
    utimesSync(temporary, began / 1000, began / 1000);
    renameSync(temporary, conf);
    return { changed, problems };
  } catch (error) {
    rmSync(temporary, { force: true });
    if (error instanceof LedgerError) throw error;
    throw new LedgerError('READ_ONLY_REPOSITORY', `${conf} cannot be written: ${(error as Error).message}`);
  }
}

/** What it says now; undefined where there is none. */
export function readConf(ground: Pick<HooksGround, 'commonDir'>): string | undefined {
  try {
    return readFileSync(pathsOf(ground).conf, 'utf8');
  } catch {
    return undefined;
  }
}

const fileMode = ({ commonDir }: HooksGround): number => statSync(commonDir).mode & 0o666;

/** Where the desks of the ledgers are to which commits here are linked: in this repository, or in its home. */
function desksOf(ground: HooksGround, setting: HooksConfig['setting']): string {
  const home = setting('home');
  const book = home === undefined ? ground.commonDir : homeFolder(home, runFolder(ground));
  return join(book, 'ledgenter');
}

/**
 * What decides which of them is in use, as far as configuration goes: `ledger <name>`, else a line a branch. The hooks
 * themselves read the branch, and what the worktree remembers.
 */
function ledgersOf(named: string | undefined, branches: HooksConfig['branches']): [string, string][] {
  if (named === undefined)
    return branches
      .filter(({ ledger }) => isLedgerName(ledger))
      .map(({ branch, ledger }) => ['branch', `${branch} ${ledger}`]);
  if (isLedgerName(named)) return [['ledger', named]];
  throw new LedgerError('BAD_INPUT', `ledgenter.ledger is ${JSON.stringify(named)}: no such ledger can be`);
}

/** @throws LedgerError USAGE when we run from npx: its folder goes away, and hooks with it */
export function steady({ machine: { node, launcher } }: HooksGround): { node: string; launcher: string } {
  if (/[\\/]_npx[\\/]/.test(launcher))
    throw new LedgerError('USAGE', 'this copy of ledgenter was fetched by npx and may be gone tomorrow', {
      hint: 'npm install -g ledgenter, then: ledgenter hooks install',
    });
  return { node, launcher };
}

/** A device (`GIT_CONFIG_GLOBAL=/dev/null`) is no file that changes. */
function watched(files: readonly string[]): string[] {
  const usual = files.filter(file => {
    try {
      return statSync(file, { throwIfNoEntry: false })?.isFile() ?? true;
    } catch {
      return false; // below a folder that may not be read
    }
  });
  return usual.slice(0, MAX_WATCHED);
}

/** @throws LedgerError BAD_INPUT for what is more than a line, or begins or ends with a blank that `read` takes away */
function asLine(value: string): string {
  if (!/[\r\n\0]/.test(value) && value === value.trim()) return value;
  throw new LedgerError(
    'BAD_INPUT',
    `a path that is no line of its own cannot be used by hooks: ${JSON.stringify(value)}`,
  );
}
