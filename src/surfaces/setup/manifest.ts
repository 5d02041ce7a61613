import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { type Bytes, hashOf, readBytes, replaceBytes } from './bytes.ts';
import type { SetupName } from './names.ts';

/** A file that setup changed, as it must know it to undo that. */
export interface Row {
  /** Of the part that was written. */
  what: string;
  /** What it held before, in base64; null: there was no file. */
  before: string | null;
  /** SHA-256 of what was written, 64 hex digits. */
  after: string;
  /** Folders that were made for it, the outermost first. */
  made: string[];
  /** The line that was added to the checkout's exclude file for it. */
  excluded?: string;
}

/** What was set up for one host: for the user, or in one checkout. */
export interface Manifest {
  host: SetupName;
  /** Root of the checkout. */
  here?: string;
  /** By absolute path, links resolved. */
  files: Map<string, Row>;
}

const folderOf = (home: string): string => join(home, '.ledgenter', 'setup');

function fileOf(home: string, host: string, here: string | undefined): string {
  const where = here === undefined ? '' : `-${hashOf(Buffer.from(here)).slice(0, 12)}`;
  return join(folderOf(home), `${host}${where}.json`);
}

/** Held by whoever changes manifests. */
export function lockOf(home: string): string {
  mkdirSync(folderOf(home), { recursive: true, mode: 0o700 });
  return join(folderOf(home), 'lock');
}

/**
 * The manifest as it is now; with no files when nothing was set up.
 * @throws LedgerError BAD_INPUT for one that is damaged: what was there before would be forgotten
 */
export function readManifest(home: string, host: SetupName, here: string | undefined): Manifest {
  const file = fileOf(home, host, here);
  const bytes = readBytes(file);
  const empty = { host, ...(here === undefined ? {} : { here }), files: new Map() };
  if (bytes === null) return empty;
  try {
    return { ...empty, files: rowsOf(JSON.parse(bytes.toString('utf8'))) };
  } catch {
    throw new LedgerError('BAD_INPUT', `${file} is damaged: what was there before setup cannot be told`, {
      hint: `move ${file} away, then: ledgenter setup ${host} --remove`,
    });
  }
}

function rowsOf(value: unknown): Map<string, Row> {
  const { files } = value as { files: Record<string, Row> };
  const rows = Object.entries(files);
  for (const [path, { what, before, after, made }] of rows) {
    const texts = [what, after, ...made].every(text => typeof text === 'string');
    if (!isAbsolute(path) || !texts || (before !== null && typeof before !== 'string')) throw new TypeError(path);
  }
  return new Map(rows);
}

/** Keeps it where only this user can read it: what was in a file may be secret. */
export function writeManifest(home: string, { host, here, files }: Manifest): void {
  const file = fileOf(home, host, here);
  const before = readBytes(file);
  if (files.size === 0) {
    if (before !== null) rmSync(file, { force: true });
    return;
  }
  mkdirSync(folderOf(home), { recursive: true, mode: 0o700 });
  const text = JSON.stringify({ format: 1, host, here, files: Object.fromEntries(files) }, null, 1);
  replaceBytes(file, before, Buffer.from(`${text}\n`), 0o600);
}

/** Every setup there is on this machine. */
export function allManifests(home: string): Manifest[] {
  const out: Manifest[] = [];
  for (const name of namesIn(folderOf(home))) {
    try {
      const { host, here } = JSON.parse(readFileSync(join(folderOf(home), name), 'utf8')) as Manifest;
      out.push(readManifest(home, host, here));
    } catch {
      // damaged: told when that host is set up or removed
    }
  }
  return out;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => name.endsWith('.json'));
  } catch {
    return []; // nothing was ever set up
  }
}

export const beforeOf = (row: Row | undefined): Bytes =>
  row === undefined || row.before === null ? null : Buffer.from(row.before, 'base64');
