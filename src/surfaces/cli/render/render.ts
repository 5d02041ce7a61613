import type { Operation } from '../../../kernel/operation.ts';
import { dim, type Style } from '../terminal.ts';
import { genericLines } from './generic.ts';
import { RENDERERS, tableOf } from './renderers.ts';
import { showLine } from './value.ts';

/** What every answer may carry beside its own fields; told in sentences below it. */
const COMMON = [
  'ok',
  'hints',
  'landed',
  'redacted',
  'truncated',
  'cursor',
  'total',
  'idempotent_replay',
  'unchanged',
] as const;

const isCommon = (key: string): boolean => (COMMON as readonly string[]).includes(key);

const LANDED: Readonly<Record<string, string>> = {
  recorded: 'recorded here; the remote has not got it yet',
  queued: 'queued at the remote; it lands with the next sync of anyone',
};

/** An answer for a person. Everything in it is data of others and made safe. */
export function renderAnswer(operation: Operation, answer: Record<string, unknown>, style: Style): string {
  const body = Object.fromEntries(
    // `sync` counts what landed; elsewhere the word is a remark below the answer.
    Object.entries(answer).filter(([key, value]) => !isCommon(key) || (key === 'landed' && typeof value === 'number')),
  );
  const lines = (operation.table ? tableOf(operation.table) : (RENDERERS[operation.name] ?? genericLines))(body, style);
  if (lines.length === 0) lines.push('done');
  return [...lines, ...remarks(answer).map(line => dim(line, style))].map(line => `${line}\n`).join('');
}

function remarks(answer: Record<string, unknown>): string[] {
  const { landed, redacted, total, cursor, idempotent_replay, unchanged, hints, note } = answer;
  const out: string[] = [];
  if (typeof total === 'number' && cursor !== undefined && cursor !== null)
    out.push(`${total} in all; more: --cursor ${showLine(cursor)}`);
  if (unchanged === true)
    out.push(note === undefined ? 'it is so already; nothing was written' : 'nothing was written');
  if (idempotent_replay === true) out.push('already done by the same call; nothing was written');
  if (typeof redacted === 'number' && redacted > 0) out.push(`${redacted} secret or home path redacted`);
  const said = landed === false ? LANDED[answer.queued === true ? 'queued' : 'recorded'] : undefined;
  if (said) out.push(said);
  if (typeof hints === 'object' && hints !== null)
    for (const [key, hint] of Object.entries(hints))
      if (typeof hint === 'string') out.push(`${key}: ${showLine(hint)}`);
  return out;
}
