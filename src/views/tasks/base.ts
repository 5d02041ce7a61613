import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Oid } from '../../store/port.ts';
import { checkText, checkWords, Damaged } from '../check.ts';
import { areCounts, type Counts } from './counts.ts';
import { ID_SIZE, type IndexRow, KEY_SIZE, SECTIONS, sortKey } from './row.ts';

/** Raised whenever the bytes of any cache file change their meaning; another version is rebuilt. */
export const VERSION = 4;
/** Bytes that are read and checked together. */
const BLOCK = 16_384;
/** First read of a file: holds the header of any ledger under about 100,000 tasks. */
const HEAD = 16_384;
const NEWLINE = 10;

interface Header {
  version: number;
  tip: Oid;
  /** Offsets of the sections in the body, and the end of the last. */
  starts: number[];
  /** Bytes of the body, padded to whole words. */
  size: number;
  counts: Counts;
  /** One check number a block. */
  checks: number[];
}

/** One line of the body: sort key, JSON, newline. */
export function lineOf(row: IndexRow): string {
  return `${sortKey(row)}${JSON.stringify(row)}\n`;
}

/** All rows at one tip, in one immutable run of bytes: a function of the tip alone, however it was built. */
export class Base {
  readonly tip: Oid;
  readonly counts: Counts;
  readonly starts: readonly number[];
  readonly #header: Header;
  readonly #head: string;
  readonly #body: Buffer;
  readonly #path: string | undefined;
  readonly #loaded: Uint8Array;
  /** Blocks to read at the next need: doubles, so that a scan opens the file a few times only. */
  #ahead = 1;

  private constructor(header: Header, head: string, body: Buffer, path?: string) {
    this.tip = header.tip;
    this.counts = header.counts;
    this.starts = header.starts;
    this.#header = header;
    this.#head = head;
    this.#body = body;
    this.#path = path;
    this.#loaded = new Uint8Array(header.checks.length);
  }

  /** Lays the sections (lines, already in order) one after the other. */
  static of(tip: Oid, counts: Counts, sections: readonly (readonly Uint8Array[])[]): Base {
    const starts = [0];
    for (const parts of sections) starts.push(starts.at(-1)! + parts.reduce((total, part) => total + part.length, 0));
    const size = Math.ceil(starts.at(-1)! / 4) * 4;
    const body = Buffer.allocUnsafeSlow(size);
    let at = 0;
    for (const part of sections.flat()) {
      body.set(part, at);
      at += part.length;
    }
    body.fill(NEWLINE, at);
    const checks: number[] = [];
    for (let block = 0; block * BLOCK < size; block++) checks.push(checkBlock(body, block));
    const header: Header = { version: VERSION, tip, starts, size, counts, checks };
    const json = JSON.stringify(header);
    const base = new Base(header, `${checkText(json)} ${json}\n`, body);
    base.#loaded.fill(1);
    return base;
  }

  /** Reads the header and the first rows. @throws Damaged, or the file system's error when it cannot be read. */
  static open(path: string): Base {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const head = readHead(file, size);
      const header = parseHead(head);
      if (Buffer.byteLength(head) + header.size !== size) throw new Damaged('size');
      const base = new Base(header, head, Buffer.allocUnsafeSlow(header.size), path);
      if (header.checks.length > 0) base.#read(file, 0, 1);
      return base;
    } finally {
      closeSync(file);
    }
  }

  /** What a file of it holds. */
  bytes(): Buffer[] {
    this.#need(0, this.#header.size);
    return [Buffer.from(this.#head), this.#body];
  }

  /** Offsets of the lines of a section from `from` on, in claim order. */
  *lines(section: number, from = this.starts[section]!): Generator<{ at: number; end: number }> {
    const stop = this.starts[section + 1]!;
    for (let at = from; at < stop; ) {
      const end = this.#lineEnd(at, stop);
      yield { at, end };
      at = end + 1;
    }
  }

  key(at: number): string {
    this.#need(at, at + KEY_SIZE);
    return this.#body.toString('latin1', at, at + KEY_SIZE);
  }

  id(at: number): string {
    this.#need(at, at + KEY_SIZE);
    return this.#body.toString('latin1', at + KEY_SIZE - ID_SIZE, at + KEY_SIZE);
  }

  row({ at, end }: { at: number; end: number }): IndexRow {
    this.#need(at, end);
    try {
      return JSON.parse(this.#body.toString('utf8', at + KEY_SIZE, end));
    } catch {
      throw new Damaged('row');
    }
  }

  /** Offset behind the line at `at`. */
  nextLine(section: number, at: number): number {
    return this.#lineEnd(at, this.starts[section + 1]!) + 1;
  }

  slice(start: number, end: number): Buffer {
    this.#need(start, end);
    return this.#body.subarray(start, end);
  }

  /** Offset of the first line of a section whose key is greater than `key`. */
  seek(section: number, key: string): number {
    let low = this.starts[section]!;
    let high = this.starts[section + 1]!;
    const stop = high;
    while (low < high) {
      const middle = this.#lineStart((low + high) >> 1, low);
      if (this.key(middle) <= key) low = this.#lineEnd(middle, stop) + 1;
      else high = middle;
    }
    return low;
  }

  /** The line of a task, looked for in the given sections. */
  locate(id: string, sections: Iterable<number>): { at: number; end: number; section: number } | undefined {
    // Quotes inside JSON strings are escaped, so these bytes stand in no text, only at the row's own id.
    const needle = `{"id":"${id}"`;
    for (const section of sections) {
      const [start, stop] = [this.starts[section]!, this.starts[section + 1]!];
      const found = this.slice(start, stop).indexOf(needle);
      if (found < 0) continue;
      const at = start + found - KEY_SIZE;
      return { at, end: this.#lineEnd(at, stop), section };
    }
    return undefined;
  }

  #lineStart(at: number, floor: number): number {
    for (let from = at; from > floor; ) {
      const begin = Math.max(floor, from - 1024);
      const found = this.slice(begin, from).lastIndexOf(NEWLINE);
      if (found >= 0) return begin + found + 1;
      from = begin;
    }
    return floor;
  }

  #lineEnd(at: number, stop: number): number {
    for (let from = at; from < stop; ) {
      const to = Math.min(stop, (Math.floor(from / BLOCK) + 1) * BLOCK);
      const found = this.slice(from, to).indexOf(NEWLINE);
      if (found >= 0) return from + found;
      from = to;
    }
    throw new Damaged('line');
  }

  #need(start: number, end: number): void {
    if (this.#path === undefined || end <= start) return;
    const last = Math.floor((end - 1) / BLOCK);
    let first = Math.floor(start / BLOCK);
    while (first <= last && this.#loaded[first]) first++;
    if (first > last) return;
    const file = openSync(this.#path, 'r');
    try {
      // Another process may have put a newer base in this one's place.
      if (readHead(file, fstatSync(file).size) !== this.#head) throw new Damaged('replaced');
      this.#ahead *= 2;
      this.#read(file, first, Math.min(Math.max(last + 1, first + this.#ahead), this.#loaded.length));
    } catch (error) {
      throw error instanceof Damaged ? error : new Damaged(String(error));
    } finally {
      closeSync(file);
    }
  }

  #read(file: number, first: number, stop: number): void {
    const [start, end] = [first * BLOCK, Math.min(stop * BLOCK, this.#header.size)];
    const got = readSync(file, this.#body, start, end - start, Buffer.byteLength(this.#head) + start);
    if (got !== end - start) throw new Damaged('short');
    for (let block = first; block < stop; block++) {
      if (checkBlock(this.#body, block) !== this.#header.checks[block]) throw new Damaged('check');
      this.#loaded[block] = 1;
    }
  }
}

function checkBlock(body: Buffer, block: number): number {
  const start = block * BLOCK;
  const end = Math.min(start + BLOCK, body.length);
  return checkWords(new Int32Array(body.buffer, body.byteOffset + start, (end - start) / 4), block);
}

function readHead(file: number, size: number): string {
  for (let length = HEAD; ; length *= 8) {
    const bytes = Buffer.allocUnsafe(Math.min(length, size));
    const got = readSync(file, bytes, 0, bytes.length, 0);
    const end = bytes.subarray(0, got).indexOf(NEWLINE);
    if (end >= 0) return bytes.toString('latin1', 0, end + 1);
    if (length >= size) throw new Damaged('header');
  }
}

function parseHead(head: string): Header {
  const json = head.slice(9, -1);
  if (head.slice(0, 9) !== `${checkText(json)} `) throw new Damaged('header');
  const header = JSON.parse(json) as Header;
  if (header.version !== VERSION || !areCounts(header.counts)) throw new Damaged('version');
  if (header.starts.length !== SECTIONS.length + 1) throw new Damaged('sections');
  return header;
}
