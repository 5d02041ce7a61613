import {
  closeSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { randomHex } from '../random.ts';

/** A spool file that has grown beyond this many bytes is followed by another. */
export const MAX_FILE = 262_144;
/** A spool takes at most this many bytes: what comes then is not kept. */
export const MAX_SPOOL = 8 << 20;
/** A file that has landed whole goes this long after its last line, in ms: nobody who opened it still writes then. */
const KEPT_MS = 86_400_000;
const NAME = /^([0-9a-f]{16,64})\.jsonl$/;
const CURRENT = 'current';

/**
 * Events that wait for a sync: files of lines under one folder, only ever appended to. A line is one write at the end of the
 * file that `current` names, so any number of processes write at once without a lock, and a crash tears at most its own
 * line. How far a file has landed stands beside it; that note may be lost, since the book knows it too.
 */
export class SpoolFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Appends one line.
   * @throws an error of node:fs, with code ENOSPC also where the spool is full
   */
  add(line: string): void {
    const file = openSync(join(this.folder, `${this.#current()}.jsonl`), 'a+');
    try {
      const { size } = fstatSync(file);
      // What a crash tore stays a line of its own: it must not take this one with it.
      const torn = size > 0 && lastByte(file, size) !== 10;
      writeSync(file, Buffer.from(`${torn ? '\n' : ''}${line}\n`));
    } finally {
      closeSync(file);
    }
  }

  /** Names of the spool files, the oldest first. */
  names(): string[] {
    const found = listed(this.folder).flatMap(name => NAME.exec(name)?.[1] ?? []);
    return found
      .map(name => ({ name, at: this.#modified(name) }))
      .sort((a, b) => a.at - b.at)
      .map(({ name }) => name);
  }

  /** The bytes of a file behind `from`; empty when it is gone. */
  rest(name: string, from: number): Buffer {
    try {
      return readFileSync(join(this.folder, `${name}.jsonl`)).subarray(from);
    } catch {
      return Buffer.alloc(0);
    }
  }

  /** How many bytes of a file are known to have landed; none of one that was cut off and is shorter than that. */
  landed(name: string): number {
    try {
      const kept = Number(readFileSync(join(this.folder, `${name}.landed`), 'utf8'));
      const size = sizeOf(join(this.folder, `${name}.jsonl`)) ?? 0;
      return Number.isSafeInteger(kept) && kept > 0 && kept <= size ? kept : 0;
    } catch {
      return 0;
    }
  }

  /** Notes it; a file that nobody appends to any more goes once all of it has landed. */
  setLanded(name: string, bytes: number, now: number): void {
    const note = join(this.folder, `${name}.landed`);
    const path = join(this.folder, `${name}.jsonl`);
    try {
      const found = statSync(path);
      if (found.size <= bytes && now - found.mtimeMs > KEPT_MS) {
        if (text(join(this.folder, CURRENT)) === name) discard(join(this.folder, CURRENT));
        discard(path);
        discard(note);
        return;
      }
      if (this.landed(name) === bytes) return;
      const temporary = `${note}.${randomHex(4)}.tmp`;
      writeFileSync(temporary, String(bytes), { flag: 'wx' });
      renameSync(temporary, note);
    } catch {
      // the book is asked again at the next sync
    }
  }

  /** The file that is appended to now, made known when there is none or it is full. */
  #current(): string {
    const pointer = join(this.folder, CURRENT);
    for (let attempt = 0; ; attempt++) {
      const name = text(pointer);
      const size = name === undefined ? undefined : sizeOf(join(this.folder, `${name}.jsonl`));
      if (name !== undefined && (size ?? 0) < MAX_FILE) return name;
      if (listed(this.folder).reduce((sum, one) => sum + (sizeOf(join(this.folder, one)) ?? 0), 0) > MAX_SPOOL)
        throw Object.assign(new Error('ENOSPC: the spool of events is full'), { code: 'ENOSPC' });
      mkdirSync(this.folder, { recursive: true });
      const fresh = randomHex(16);
      const temporary = `${pointer}.${randomHex(4)}.tmp`;
      try {
        writeFileSync(temporary, fresh, { flag: 'wx' });
        // The first of several processes decides; the next file may be decided by the last of them.
        if (name === undefined) once(temporary, pointer);
        else renameSync(temporary, pointer);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 3) throw error;
      } finally {
        discard(temporary);
      }
    }
  }

  #modified(name: string): number {
    try {
      return statSync(join(this.folder, `${name}.jsonl`)).mtimeMs;
    } catch {
      return 0;
    }
  }
}

/** @throws the file system's error; EEXIST when something is there that says a name */
function once(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // One that says nothing was left by a crash; a file system without hard links takes the last of two.
    if (code === 'EEXIST' && text(path) !== undefined) throw error;
    renameSync(temporary, path);
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nothing was spooled yet
  }
}

function text(path: string): string | undefined {
  try {
    const name = readFileSync(path, 'utf8').trim();
    return NAME.test(`${name}.jsonl`) ? name : undefined;
  } catch {
    return undefined;
  }
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

function lastByte(file: number, size: number): number {
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, size - 1);
  return byte[0]!;
}

function discard(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // gone already, or in use on Windows: the next sync looks again
  }
}
