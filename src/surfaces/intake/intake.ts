import { writePort } from '../../exchange/writing.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { ask } from '../../rooms/tasks/ask.ts';
import type { Channel } from '../../rooms/tasks/intake/channels.ts';
import { type Read, readIntake } from '../../rooms/tasks/intake/read.ts';

interface Input {
  from: Channel;
  file: string;
  origin_ask_ref?: string | undefined;
  title?: string | undefined;
  excerpt?: boolean | undefined;
  project?: string | undefined;
  assignee?: string | undefined;
  priority?: number | undefined;
  labels?: string[] | undefined;
}

/** What became of one item. */
interface Asked {
  at?: string;
  task_id?: string;
  origin_ask_ref?: string;
  title?: string;
  /** The reference asked before: its task is the one. */
  existing?: true;
  problem?: string;
}

/**
 * Enters what a channel says, each item by `task.ask`: one that was asked before finds its task, one that is bad keeps back
 * no other and is told with its place.
 * @throws LedgerError what is wrong with the only item, or with all of what was read
 */
export async function intake(
  context: Context,
  { from, file, origin_ask_ref, title, excerpt, ...draft }: Input,
): Promise<{ [key: string]: unknown }> {
  const items = readIntake(from, file, { origin_ask_ref, title, excerpt });
  const write = await context.use(writePort);
  const asks: Asked[] = [];
  let landed = true;
  for (const [index, item] of items.entries()) {
    context.progress?.(index, items.length, 'entering asks');
    const at = item.at === '' ? {} : { at: item.at };
    try {
      const answer = await write(ask, { ...draft, ...wordsOf(item) });
      const task = answer.task as { id: string; title: string };
      const ref = 'origin_ask_ref' in item ? item.origin_ask_ref : '';
      asks.push({
        ...at,
        task_id: task.id,
        origin_ask_ref: ref,
        title: task.title,
        ...(answer.existing || answer.idempotent_replay ? { existing: true } : {}),
      });
      landed &&= answer.landed !== false;
    } catch (error) {
      if (!(error instanceof LedgerError) || items.length === 1) throw error;
      asks.push({ ...at, problem: error.message });
    }
  }
  return answerOf(asks, landed);
}

/** @throws LedgerError BAD_INPUT saying why it is no ask */
function wordsOf(item: Read): { origin_ask_ref: string; title: string; description?: string } {
  const { at, ...words } = item;
  if ('problem' in words)
    throw new LedgerError('BAD_INPUT', `${at === '' ? 'it' : at} ${words.problem}`, { hint: 'ledgenter ask --help' });
  return words;
}

function answerOf(asks: Asked[], landed: boolean): { [key: string]: unknown } {
  const entered = asks.filter(({ task_id, existing }) => task_id !== undefined && !existing).length;
  const existing = asks.filter(one => one.existing).length;
  const first = asks.find(({ task_id }) => task_id !== undefined)?.task_id;
  const refused = asks.length - entered - existing;
  return {
    asks,
    entered,
    ...(existing > 0 ? { existing } : {}),
    ...(refused > 0 ? { refused } : {}),
    ...(entered > 0 ? { landed } : {}),
    ...(first === undefined ? {} : { hints: { next: `ledgenter task get ${first}` } }),
  };
}
