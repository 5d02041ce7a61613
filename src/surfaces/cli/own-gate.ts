import type { Refusal } from '../../exchange/gate/judge.ts';
import { EXIT, LedgerError } from '../../kernel/errors.ts';
import { MAX_LINES, runGate } from '../gate/gate.ts';
import type { GlobalValues } from './globals.ts';
import { safeJson, safeLine } from './terminal.ts';
import type { World } from './world.ts';

/** Refused refs that are told one by one. */
const MAX_TOLD = 20;
const MAX_LINE = 400;

/**
 * `verify --pre-receive`: a line on stderr for each refused ref, which git carries to who pushes; silence when all is
 * lawful. Answers 77 when a ref is refused; what goes wrong is thrown, and the hook refuses then too.
 */
export async function preReceive(world: World, globals: GlobalValues, cwd: string): Promise<number> {
  if (world.stdin.isTTY)
    throw new LedgerError('USAGE', '--pre-receive reads the lines that git gives a hook', {
      hint: 'ledgenter help verify',
    });
  const { refs, entries, refused } = await runGate({ cwd, env: world.env, lines: await world.stdin.read(MAX_LINES) });
  const [first] = refused;
  if (!first) {
    if (globals.json) world.stdout.write(`${safeJson({ ok: true, refs, entries, refused })}\n`);
    return EXIT.ok;
  }
  const error = new LedgerError('REFUSED', lineOf(first), {
    hint: nextOf(refused),
    details: { refs, entries, refused },
  });
  if (globals.json) world.stdout.write(`${safeJson(error.toFailure())}\n`);
  else world.stderr.write(`${linesOf(refused).join('\n')}\n`);
  return error.exit;
}

function linesOf(refused: readonly Refusal[]): string[] {
  const lines = refused.slice(0, MAX_TOLD).map(one => `ledgenter: ${lineOf(one)}`);
  if (refused.length > MAX_TOLD) lines.push(`ledgenter: and ${refused.length - MAX_TOLD} more refs`);
  return [...lines, `  next: ${nextOf(refused)}`];
}

/** Everything in it may be a stranger's: one line, no control characters, an end. */
function lineOf({ ref, what, law, message }: Refusal): string {
  const line = safeLine(`${ref}: ${what} broke law ${law}: ${message}`);
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line;
}

function nextOf(refused: readonly Refusal[]): string {
  if (refused.every(({ message }) => message.endsWith('fetch first'))) return 'ledgenter sync';
  if (refused.some(({ law }) => law === 'ref.known')) return 'ledgenter help verify';
  return refused.some(({ law }) => !law.startsWith('ref.')) ? 'ledgenter verify' : 'ledgenter doctor';
}
