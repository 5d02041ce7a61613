import { readFileSync } from 'node:fs';
import type { HistoryRow } from '../../rooms/logbook/ports.ts';
import type { Oid } from '../../store/port.ts';
import { checkText, checkWords, Damaged } from '../check.ts';

/** Raised whenever the bytes of the file change their meaning; another version is rebuilt. */
export const VERSION = 1;
const NEWLINE = 10;

/** An entry as the journal keeps it. */
export interface JournalRow extends HistoryRow {
  /** Tasks in whose folder the entry changed something; all of them. */
  tasks: string[];
  /** Projects whose record it changed. */
  projects: string[];
}

interface Header {
  version: number;
  tip: Oid;
  count: number;
  /** Bytes of the body, padded to whole words. */
  size: number;
  /** Bytes of its lines. */
  used: number;
  check: number;
}

/** The book's entries up to one tip, oldest first, a line each: `<commit> <JSON>`. Never changed once made. */
export class Journal {
  readonly tip: Oid;
  /** Entries, which are fewer than commits: genesis is none. */
  readonly count: number;
  readonly #lines: Buffer;

  constructor(tip: Oid, count: number, lines: Buffer) {
    this.tip = tip;
    this.count = count;
    this.#lines = lines;
  }

  static readonly empty = new Journal('', 0, Buffer.alloc(0));

  /** @throws Damaged, or the file system's error when it cannot be read */
  static read(path: string): Journal {
    const bytes = readFileSync(path);
    const cut = bytes.indexOf(NEWLINE) + 1;
    const head = bytes.toString('latin1', 0, Math.max(0, cut - 1));
    const json = head.slice(9);
    if (head.slice(0, 9) !== `${checkText(json)} `) throw new Damaged('header');
    const header = JSON.parse(json) as Header;
    if (header.version !== VERSION || bytes.length !== cut + header.size) throw new Damaged('size');
    // Words are read where they are aligned, so the body is copied to the front of a buffer of its own.
    const body = Buffer.allocUnsafeSlow(header.size);
    bytes.copy(body, 0, cut);
    if (checkBody(body) !== header.check) throw new Damaged('check');
    return new Journal(header.tip, header.count, body.subarray(0, header.used));
  }

  /** What a file of it holds. */
  bytes(): Buffer {
    const used = this.#lines.length;
    const body = Buffer.allocUnsafeSlow(Math.ceil(used / 4) * 4);
    this.#lines.copy(body);
    body.fill(NEWLINE, used);
    const header: Header = {
      version: VERSION,
      tip: this.tip,
      count: this.count,
      size: body.length,
      used,
      check: checkBody(body),
    };
    const json = JSON.stringify(header);
    return Buffer.concat([Buffer.from(`${checkText(json)} ${json}\n`), body]);
  }

  /** The journal at `tip`: this one as far as the commit `fork` (`''`: nothing of it), and then `rows`. */
  extended(fork: Oid, tip: Oid, rows: readonly JournalRow[]): Journal {
    let kept = this.#lines;
    let { count } = this;
    if (fork !== this.tip) {
      kept = kept.subarray(0, fork === '' ? 0 : this.#endOf(fork)!);
      count = 0;
      for (let at = kept.indexOf(NEWLINE); at >= 0; at = kept.indexOf(NEWLINE, at + 1)) count++;
    }
    const added = Buffer.from(rows.map(row => `${row.oid} ${JSON.stringify(row)}\n`).join(''));
    return new Journal(tip, count + rows.length, Buffer.concat([kept, added]));
  }

  /** The commits of the newest `most` entries, and the tip. */
  recent(most: number): Set<Oid> {
    const found = new Set<Oid>(this.tip === '' ? [] : [this.tip]);
    for (let end = this.#lines.length; end > 0 && found.size <= most; ) {
      const start = this.#lines.lastIndexOf(NEWLINE, end - 2) + 1;
      found.add(this.#lines.toString('latin1', start, this.#lines.indexOf(32, start)));
      end = start;
    }
    return found;
  }

  /** True when the commit is an entry of the journal, or its tip. */
  has(oid: Oid): boolean {
    return oid === this.tip || this.#endOf(oid) !== undefined;
  }

  /** Newest first, from the entry before `before` on; `needles` that a line lacks leave it out unparsed. */
  *rows(needles: readonly Buffer[], before?: Oid): Generator<JournalRow> {
    let end = this.#lines.length;
    if (before !== undefined) end = this.#startOf(before) ?? 0;
    while (end > 0) {
      const start = this.#lines.lastIndexOf(NEWLINE, end - 2) + 1;
      const line = this.#lines.subarray(start, end - 1);
      end = start;
      if (needles.some(needle => !line.includes(needle))) continue;
      yield JSON.parse(line.toString('utf8', line.indexOf(32) + 1));
    }
  }

  #startOf(oid: Oid): number | undefined {
    if (!/^[0-9a-f]{40,64}$/.test(oid)) return undefined;
    if (this.#lines.toString('latin1', 0, oid.length + 1) === `${oid} `) return 0;
    const found = this.#lines.indexOf(`\n${oid} {`);
    return found < 0 ? undefined : found + 1;
  }

  #endOf(oid: Oid): number | undefined {
    const start = this.#startOf(oid);
    return start === undefined ? undefined : this.#lines.indexOf(NEWLINE, start) + 1;
  }
}

function checkBody(body: Buffer): number {
  return checkWords(new Int32Array(body.buffer, body.byteOffset, body.length / 4), body.length);
}
