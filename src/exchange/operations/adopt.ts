import * as z from 'zod/mini';
import { LedgerError } from '../../kernel/errors.ts';
import { mark } from '../../kernel/fields.ts';
import { prefixBody } from '../../kernel/ids.ts';
import { defineOperation } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../../rooms/lookup.ts';
import { adopt } from '../../rooms/tasks/adopt.ts';
import { FINAL, type Task, taskRecord } from '../../rooms/tasks/record.ts';
import { adoptionAt } from '../brought.ts';
import type { Clone } from '../clone.ts';
import { bringLedger } from '../joining.ts';
import { ledgersPort } from '../ledgers.ts';
import { sync } from '../sync.ts';
import { writePort } from '../writing.ts';
import { nameField } from './ledgers.ts';

export const ledgerAdopt = defineOperation<{ task_id: string; from: string }>({
  name: 'ledger.adopt',
  kind: 'act',
  enters: true,
  toolset: 'ledger',
  summary: 'Copy a task of another ledger into this one, once, with its notes, refs, files and authors; never a claim',
  input: () =>
    z.strictObject({
      // An id of the other ledger: it is resolved there.
      task_id: mark(z.string().check(z.minLength(1), z.maxLength(64)), { machine: true }),
      from: nameField(),
    }),
  positional: 'task_id',
  examples: [
    { cli: 'ledgenter ledger adopt <task_id> --from feature-a', says: 'what was done on the branch, on main too' },
  ],
  async act(context, { task_id, from }) {
    const { current } = await context.use(ledgersPort);
    if (from === current.name)
      throw new LedgerError('BAD_INPUT', `${from} is the ledger in use: a task is adopted from another`, {
        hint: 'ledgenter ledger list',
      });
    const { clone } = await bringLedger(context, from);
    // What colleagues wrote there since; where the remote is away, what is here counts.
    if (!clone.self) await refreshed(clone, context.signal);
    const tip = (await clone.book.tip()).book;
    const there = clone.book.view(tip);
    const id = await idThere(there, task_id, from);
    const task = (await there.get(taskRecord, id))!;
    await needDependencies(context.view, there, task, from);
    const write = await context.use(writePort);
    const { ok: _ok, ...answer } = await write(adopt, await adoptionAt(from, there, tip, id));
    return {
      ...answer,
      ...(task.hold ? { held_there: { actor: task.hold.actor, lease_until: task.hold.lease_until } } : {}),
    };
  },
});

async function refreshed(clone: Clone, signal: AbortSignal | undefined): Promise<void> {
  await sync(clone, { joinOnly: true, ...(signal ? { signal } : {}) }).catch(error => {
    if (!(error instanceof LedgerError) || error.code !== 'CLAIM_ELSEWHERE') throw error;
  });
}

/** The whole id of a task of the other ledger. @throws LedgerError NOT_FOUND, AMBIGUOUS */
async function idThere(there: View, typed: string, from: string): Promise<string> {
  const body = prefixBody(taskRecord.letter, typed);
  const found = body === undefined ? [] : await there.matching(taskRecord, body);
  if (found.length === 1) return found[0]!;
  const hint = `ledgenter task query --ledger ${from}`;
  if (found.length > 1)
    throw new LedgerError('AMBIGUOUS', `${found.length} tasks of ${from} begin with ${typed}`, { hint });
  throw new LedgerError('NOT_FOUND', `there is no task ${JSON.stringify(typed)} in the ledger ${from}`, { hint });
}

/**
 * What an open task waits for comes first: left behind, nothing would say any more that it has to be done.
 * @throws LedgerError REFUSED, NOT_FOUND
 */
async function needDependencies(here: View, there: View, task: Task, from: string): Promise<void> {
  if (FINAL.includes(task.status)) return;
  for (const other of task.depends_on) {
    if ((await find(here, taskRecord, other)) || (await find(there, taskRecord, other))?.status === 'done') continue;
    throw new LedgerError('REFUSED', `it waits for ${other}, which is not done in ${from} and not here`, {
      hint: `ledgenter ledger adopt ${other} --from ${from}`,
    });
  }
}
