import { constants, copyFileSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isId, recordId } from '../kernel/ids.ts';
import { epochMs, instant } from '../kernel/time.ts';
import { randomHex } from '../store/random.ts';

/** A run nobody wrote under for this long is over, in ms. */
export const RUN_IDLE_MS = 12 * 3_600_000;
/** `last_write` is renewed at most this often, in ms: a write costs no extra file for it. */
const TOUCH_MS = 60_000;

/** The run of one actor in one worktree: shared by its shells, hooks and MCP servers. */
export interface RunFile {
  actor: string;
  run: string;
  last_write: string;
  /** A person at a terminal wrote last: git gives its hooks none to tell by. */
  human?: true;
  /** The agent host of whoever writes: a hook is the same actor's only in the same host. */
  host?: string;
}

/** Where a worktree's git dir keeps the run of `actor` (a key, so legal as a file name). */
export function runFilePath(gitDir: string, actor: string): string {
  return join(gitDir, 'ledgenter-runs', `${actor}.json`);
}

/** The run file of `actor`; undefined when there is none that can be read. */
export function readRunFile(gitDir: string, actor: string): RunFile | undefined {
  try {
    const file = JSON.parse(readFileSync(runFilePath(gitDir, actor), 'utf8')) as Partial<RunFile>;
    const good = file.actor === actor && isId('r', String(file.run)) && !Number.isNaN(epochMs(String(file.last_write)));
    return good ? (file as RunFile) : undefined;
  } catch {
    return undefined; // absent or damaged: as good as none
  }
}

/** The run that `actor` writes under now, given what the file says; every process comes to the same answer. */
export function currentRun(file: RunFile | undefined, actor: string, now: number, fresh: () => string): string {
  if (!file) return recordId('r', 'run', actor, fresh());
  if (now - epochMs(file.last_write) < RUN_IDLE_MS) return file.run;
  return recordId('r', 'run', actor, 'after', file.run, file.last_write);
}

/** The run to read under; leaves no trace. `gitDir` undefined = outside a repository. */
export function peekRun(gitDir: string | undefined, actor: string, now: number): string {
  return currentRun(gitDir === undefined ? undefined : readRunFile(gitDir, actor), actor, now, () => randomHex(16));
}

/**
 * The run to write under, kept for the next process of this worktree. The first of several processes wins; where the
 * git dir cannot be written the run lives as long as the process.
 */
export function enterRun(
  gitDir: string,
  actor: string,
  now: number,
  run = peekRun(gitDir, actor, now),
  { human = false, host }: { human?: boolean; host?: string | undefined } = {},
): string {
  const path = runFilePath(gitDir, actor);
  const before = readRunFile(gitDir, actor);
  const told = before?.run === run && (before.human === true || !human) && before.host === host;
  if (told && Math.abs(now - epochMs(before.last_write)) < TOUCH_MS) return run;
  const signs = {
    ...(human || before?.human ? { human: true as const } : {}),
    ...(host === undefined ? {} : { host }),
  };
  const text = `${JSON.stringify({ actor, run, last_write: instant(now), ...signs } satisfies RunFile)}\n`;
  const temporary = `${path}.${process.pid}.${randomHex(4)}`;
  try {
    mkdirSync(join(gitDir, 'ledgenter-runs'), { recursive: true });
    writeFileSync(temporary, text);
    if (before) renameSync(temporary, path);
    else if (!createOnce(temporary, path, () => readRunFile(gitDir, actor) !== undefined))
      return readRunFile(gitDir, actor)?.run ?? run;
    return run;
  } catch {
    return run; // politeness, never safety: the write itself tells what is wrong with the git dir
  } finally {
    discard(temporary);
  }
}

/** Runs that were named from outside and wrote in a worktree, for its hooks: the newest first. */
const NAMED = 50;

/**
 * Notes under which ids a run that was named from outside writes here. The hooks of git know the name from their environment
 * and no hash: a line is `<id> <id of its parent>…|<what called it>`.
 */
export function noteNamed(gitDir: string, called: string, run: readonly string[]): void {
  if (/[\r\n]/.test(called)) return;
  const path = join(gitDir, 'ledgenter-runs', 'named');
  const line = `${run.join(' ')}|${called}`;
  let known: string[] = [];
  try {
    known = readFileSync(path, 'utf8').split('\n');
  } catch {
    // none was named yet
  }
  if (known[0] === line) return;
  const lines = [line, ...known.filter(one => one !== '' && one !== line)].slice(0, NAMED);
  const temporary = `${path}.${process.pid}.${randomHex(4)}`;
  try {
    mkdirSync(join(gitDir, 'ledgenter-runs'), { recursive: true });
    writeFileSync(temporary, `${lines.join('\n')}\n`);
    renameSync(temporary, path);
  } catch {
    discard(temporary); // politeness: the hook then links nothing by itself
  }
}

/** Forgets the run of this worktree if it is `run`: the next write begins another. */
export function leaveRun(gitDir: string, actor: string, run: string): void {
  if (readRunFile(gitDir, actor)?.run === run) discard(runFilePath(gitDir, actor));
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // it was never made, or cannot be removed: then the run is opened again by the next write
  }
}

/** Puts the file in place unless another process did; false when it did. One that says nothing is replaced. */
function createOnce(temporary: string, path: string, taken: () => boolean): boolean {
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      if (taken()) return false;
      renameSync(temporary, path);
      return true;
    }
  }
  try {
    copyFileSync(temporary, path, constants.COPYFILE_EXCL); // a file system without hard links
    return true;
  } catch {
    return false;
  }
}
