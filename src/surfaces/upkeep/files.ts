import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { OddFile } from '../../exchange/doctor/premises.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { isKey } from '../../kernel/record.ts';
import { epochMs } from '../../kernel/time.ts';
import { noteProblem } from '../../store/git/desk.ts';
import { faultOf } from '../../store/git/faults.ts';
import { readRunFile } from '../runs.ts';

/** A temporary file older than this was left by a process that died, in ms; no lock is older than its owner for long. */
const LEFT_MS = 3_600_000;
/** What a repair put aside is looked at by nobody but a person. */
const ASIDE = /\.damaged-[0-9a-f]+$/;
const TEMPORARY = /\.tmp$|\.stale$/;

/** Notes of a ledger's desk that are not what they should be. @param git the common git dir */
export function damagedNotes(git: string, ledger: string): OddFile[] {
  const desk = `ledgenter/${ledger}`;
  return filesIn(git, desk).flatMap(file => {
    if (ASIDE.test(file) || TEMPORARY.test(file)) return [];
    const text = readSmall(join(git, file));
    const why = text === undefined ? 'it cannot be read' : noteProblem(file.slice(desk.length + 1), text);
    return why === undefined ? [] : [{ file, why }];
  });
}

/** Temporary files below our own folders that nobody will put in place any more. */
export function leftFiles(git: string, now: number): OddFile[] {
  return ['ledgenter', ...runFolders(git)].flatMap(folder =>
    filesIn(git, folder)
      .filter(file => TEMPORARY.test(file) && now - changed(join(git, file)) > LEFT_MS)
      .map(file => ({ file, why: 'a killed process left it' })),
  );
}

/** Run files of all worktrees: `ledgenter-runs/<actor>.json`. */
export function runFiles(git: string): { file: string; damaged: boolean; last: number }[] {
  return runFolders(git).flatMap(folder =>
    filesIn(git, folder).flatMap(file => {
      const actor = basename(file, '.json');
      if (!file.endsWith('.json') || !isKey(actor)) return [];
      const run = readRunFile(join(git, dirname(folder)), actor);
      return [{ file, damaged: run === undefined, last: run ? epochMs(run.last_write) : Number.NaN }];
    }),
  );
}

function runFolders(git: string): string[] {
  const worktrees = names(join(git, 'worktrees')).map(name => `worktrees/${name}/ledgenter-runs`);
  return ['ledgenter-runs', ...worktrees];
}

/** Another name beside it: what it held stays readable, and counts no more. @throws LedgerError READ_ONLY_REPOSITORY */
export function putAside(git: string, file: string, now: number): string {
  const name = `${file}.damaged-${now.toString(16)}`;
  try {
    renameSync(join(git, own(file)), join(git, name));
    return name;
  } catch (error) {
    throw faultOf('renaming a file', error);
  }
}

/** @throws LedgerError READ_ONLY_REPOSITORY */
export function removeFile(git: string, file: string): void {
  try {
    rmSync(join(git, own(file)), { force: true });
  } catch (error) {
    throw faultOf('removing a file', error);
  }
}

/** Only files below our own folders are ever touched. */
function own(file: string): string {
  const good = /^(ledgenter|ledgenter-runs|worktrees\/[^/]+\/ledgenter-runs)\//.test(file) && !file.includes('..');
  if (!good) throw new LedgerError('INTERNAL', `not a file of ours: ${file}`);
  return file;
}

const MAX_SMALL = 4 << 20;

function readSmall(path: string): string | undefined {
  try {
    return statSync(path).size > MAX_SMALL ? undefined : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Files below a folder, from the git dir, with slashes. */
function filesIn(git: string, folder: string): string[] {
  try {
    return readdirSync(join(git, folder), { withFileTypes: true }).flatMap(entry =>
      entry.isDirectory() ? filesIn(git, `${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    );
  } catch {
    return []; // not made yet
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function changed(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
}
