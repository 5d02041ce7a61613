import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { lineProblem } from './line.ts';

/** Lines that are told one by one; the rest is counted. */
const MAX_TOLD = 50;
/** Most text that is checked at once, in UTF-16 units: a day of a busy agent is a tenth of it. */
const MAX_TEXT = 2 << 20;

export const validate = defineOperation({
  name: 'event.validate',
  kind: 'read',
  bare: true,
  // It reads a file of the caller's.
  cliOnly: true,
  summary: 'Check a file of agent events, one JSON object a line: every line that is none, with its number and why',
  input: () =>
    z.strictObject({
      file: mark(z.string().check(z.maxLength(MAX_TEXT)), {
        machine: true,
        piped: true,
        file: true,
        form: 'a file, or - for stdin',
      }),
    }),
  positional: 'file',
  examples: [
    { cli: 'ledgenter event validate events/claude/2026-03-02.jsonl', says: 'exit code 65 when a line is bad' },
  ],
  table: { rows: 'bad', columns: ['line', 'problem'], none: 'every line is an event' },
  exit: ({ bad_lines }) => (bad_lines === 0 ? EXIT.ok : EXIT.data),
  async query(_context, { file }) {
    const lines = file.split('\n');
    const bad: { line: number; problem: string }[] = [];
    let [events, found] = [0, 0];
    for (const [index, raw] of lines.entries()) {
      const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      // What stands behind the last line end is a line only if it has anything.
      if (text === '' && index === lines.length - 1) continue;
      const problem = text.trim() === '' ? 'is empty' : lineProblem(text);
      if (problem === undefined) events++;
      else if (found++ < MAX_TOLD) bad.push({ line: index + 1, problem });
    }
    return { events, bad_lines: found, bad, ...(found > bad.length ? { truncated: true } : {}) };
  },
});
