import { safeLine } from './terminal.ts';

type Report = (done: number, total: number | undefined, what: string) => void;

/** Silence before the first sign, and between signs on a terminal and elsewhere, in ms. */
const FIRST_MS = 1000;
const TERMINAL_MS = 200;
const LINES_MS = 5000;

/**
 * Shows on stderr that something long goes on: one line that changes on a terminal, else a line every few seconds.
 * `clear` removes the line again.
 */
export function progressOn(
  stream: { isTTY?: boolean; write(text: string): unknown },
  quiet: boolean,
  clock: () => number = Date.now,
): { report: Report; clear(): void } {
  if (quiet) return { report: () => {}, clear: () => {} };
  const terminal = stream.isTTY === true;
  const started = clock();
  let last = started + FIRST_MS - (terminal ? TERMINAL_MS : LINES_MS);
  let drawn = false;
  return {
    report(done, total, what) {
      const now = clock();
      if (now - started < FIRST_MS || now - last < (terminal ? TERMINAL_MS : LINES_MS)) return;
      last = now;
      const line = `${safeLine(what)} ${done}${total === undefined ? '' : `/${total}`}`;
      stream.write(terminal ? `\r${String.fromCharCode(27)}[K${line.slice(0, 78)}` : `${line}\n`);
      drawn = terminal;
    },
    clear() {
      if (drawn) stream.write(`\r${String.fromCharCode(27)}[K`);
      drawn = false;
    },
  };
}
