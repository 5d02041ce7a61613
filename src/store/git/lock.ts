import { closeSync, linkSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomHex } from '../random.ts';
import { faultOf } from './faults.ts';
import { readText, remove } from './files.ts';

/** A lock this old never blocks, whoever holds it, in ms. */
const STALE_MS = 30_000;
/** A lock that names no owner after this long was left by one who died as it began, in ms. */
const NAMELESS_MS = 2_000;
/**
 * When one owner keeps it this long the work runs without the lock, in ms: it is politeness, the swap of the ref is the
 * safety. A lock that changes hands is waited for longer: a hundred writers on a loaded machine that all lost patience
 * after 10 s decided 4.8 times an entry, MEASURED (`npm run races`).
 */
const PATIENCE_MS = 10_000;
const LONGEST_PATIENCE_MS = 60_000;
const FIRST_WAIT_MS = 2;
/** Waiters that look more often take the time from the owner they wait for. */
const LONGEST_WAIT_MS = 200;

interface Owner {
  pid: number;
  host: string;
  at: number;
  nonce: string;
}

/**
 * Runs `work` under an advisory lock, a file that is made exclusively. Never fails for want of the lock.
 * @throws LedgerError NO_ROOM, READ_ONLY_REPOSITORY when the file cannot be made at all; what `work` throws
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const mine = await take(path);
  try {
    return await work();
  } finally {
    // Somebody may have taken our lock for stale: theirs stays.
    if (mine !== undefined && readOwner(path)?.nonce === mine) remove(path);
  }
}

/** @returns the nonce of our lock, undefined when patience ran out */
async function take(path: string): Promise<string | undefined> {
  const nonce = randomHex(8);
  const limit = Date.now() + LONGEST_PATIENCE_MS;
  let until = Date.now() + PATIENCE_MS;
  let seen: string | undefined;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      create(path, { pid: process.pid, host: hostname(), at: Date.now(), nonce });
      return nonce;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Windows answers EPERM or EACCES for a file that is just being removed.
      const busy = code === 'EEXIST' || (process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES'));
      if (!busy) throw faultOf('taking a lock', error);
    }
    const held = look(path);
    if (held?.stale) {
      breakLock(path, held.text, nonce);
      continue;
    }
    if (held && held.text !== seen) {
      seen = held.text;
      until = Math.min(limit, Date.now() + PATIENCE_MS);
    }
    if (Date.now() >= until) return undefined;
    await sleep(wait * (0.5 + Math.random()));
  }
}

/** Where there is no room for its text, no lock stays behind. */
function create(path: string, owner: Owner): void {
  const file = openSync(path, 'wx');
  try {
    writeFileSync(file, JSON.stringify(owner));
  } catch (error) {
    remove(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

function readOwner(path: string): Owner | undefined {
  return parseOwner(readText(path) ?? '');
}

function parseOwner(text: string): Owner | undefined {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return undefined; // gone, or just being written
  }
}

/** What the lock says now, and whether it still counts; undefined when there is none. */
function look(path: string): { text: string; stale: boolean } | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  const text = readText(path);
  if (!found || text === undefined) return undefined;
  const owner = parseOwner(text);
  const age = Date.now() - found.mtimeMs;
  const gone = owner ? owner.host === hostname() && !alive(owner.pid) : age > NAMELESS_MS;
  return { text, stale: gone || age > STALE_MS };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another account's process
  }
}

/** Takes the stale lock away. Of several who try one succeeds; a fresh lock that came in between is put back. */
function breakLock(path: string, old: string, nonce: string): void {
  const aside = `${path}.${nonce}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return; // another was quicker
  }
  try {
    if ((readText(aside) ?? old) !== old) linkSync(aside, path);
  } catch {
    // a third lock is there already: it holds
  }
  remove(aside);
}
