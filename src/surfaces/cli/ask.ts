import { createInterface } from 'node:readline/promises';
import { LedgerError } from '../../kernel/errors.ts';
import { safeLine } from './terminal.ts';

/** How often an answer that is none of the choices is asked for again. */
const TRIES = 3;

/**
 * Puts a question with a closed list of answers on the terminal (stderr, so that stdout stays the answer's). Answers
 * one of `choices`: its number, or the word itself, was typed.
 * @throws LedgerError USAGE after three answers that are none, or at the end of input.
 */
export async function askOnTerminal(
  question: string,
  choices: readonly string[],
  streams: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream } = {
    input: process.stdin,
    output: process.stderr,
  },
): Promise<string> {
  const lines = createInterface({ ...streams, terminal: false });
  const answers = lines[Symbol.asyncIterator]();
  try {
    streams.output.write(`${safeLine(question)}\n`);
    for (const [index, choice] of choices.entries()) streams.output.write(`  ${index + 1}  ${safeLine(choice)}\n`);
    for (let left = TRIES; left > 0; left--) {
      streams.output.write('> ');
      const { value, done } = await answers.next();
      if (done) break;
      const typed = String(value).trim();
      const chosen = choices.find((choice, index) => typed === choice || typed === String(index + 1));
      if (chosen !== undefined) return chosen;
    }
    throw new LedgerError('USAGE', `no answer: ${question}`, { hint: `one of ${choices.join(', ')}` });
  } finally {
    lines.close();
  }
}
