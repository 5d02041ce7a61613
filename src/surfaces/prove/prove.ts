import { type Write, writePort } from '../../exchange/writing.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { parseDuration } from '../../kernel/time.ts';
import { proof as proofOperation } from '../../rooms/tasks/proof.ts';
import { checkHash, hasPassed, refOf } from '../../rooms/tasks/proofs.ts';
import type { Task } from '../../rooms/tasks/record.ts';
import { provingFinding } from '../../rooms/tasks/rules/proof.ts';
import { nextFor } from '../../rooms/tasks/show.ts';
import { needTask } from '../../rooms/tasks/write.ts';
import { NOBODY } from '../who.ts';
import { Acceptance } from './accepted.ts';
import { type Checked, chosen } from './choose.ts';
import { lastLongEnough, needOwnHold } from './held.ts';
import { DEFAULT_MS, measured } from './measure.ts';
import { type ProvingGround, provingPort } from './port.ts';
import { standingOf } from './standing.ts';
import { confirmed } from './trust.ts';

export interface ProveInput {
  task_id: string;
  criterion?: string | undefined;
  trust?: string | undefined;
  timeout?: string | undefined;
}

/** The checkout a check runs in, and the commit that it says something about. */
interface Ground extends ProvingGround {
  root: string;
  head: string;
}

/**
 * Runs checks one after the other, each recorded by an entry of its own. Whatever would make a run worthless is said
 * before anything is run.
 * @throws LedgerError NOT_FOUND, NOT_HOLDER, REFUSED (not trusted, not clean, not a commit of the task), USAGE, CANCELLED
 */
export async function prove(context: Context, input: ProveInput): Promise<{ [key: string]: unknown }> {
  const { task_id: id } = input;
  const { view, who } = context;
  if (who.actor === NOBODY) throw new LedgerError('NO_ACTOR', 'nobody is named, and a proof is somebody’s');
  const task = await needTask(view, id);
  const todo = await chosen(view, id, task, input.criterion);
  if (todo.length === 0) {
    const next = await nextFor(view, id, task, who.actor, context);
    return { task_id: id, proofs: [], ...(next === undefined ? {} : { hints: { next } }) };
  }
  const { root, ...ground } = await context.use(provingPort);
  await mayProve(context, id, task);
  await confirmed(new Acceptance(context, id, task, ground), id, todo, input.trust);
  if (root === undefined)
    throw new LedgerError('NO_REPOSITORY', 'checks run in a checkout, and there is none here', {
      hint: `ledgenter -C <folder> task prove ${id}`,
    });
  const head = await headOf(context, id, root);
  // A check may take an hour; what cannot be signed then is said now.
  await ground.maySign();
  const timeoutMs = (input.timeout === undefined ? undefined : parseDuration(input.timeout)) ?? DEFAULT_MS;
  return proveAll(context, id, todo, { ...ground, root, head }, timeoutMs);
}

/** @throws LedgerError REFUSED, NOT_HOLDER: what the laws would say of the entry, before the check runs */
async function mayProve(context: Context, id: string, task: Task): Promise<void> {
  const found = provingFinding(id, task, context.who.kind);
  if (found) throw new LedgerError(found.code ?? 'REFUSED', found.message, { hint: found.hint! });
  await needOwnHold(context, id, task, `ledgenter task prove ${id}`);
}

/** The commit to prove at. @throws LedgerError REFUSED where a proof would not count */
async function headOf({ view }: Context, id: string, root: string): Promise<string> {
  const { head, changed } = await standingOf(root);
  const again = `then: ledgenter task prove ${id}`;
  if (head === undefined)
    throw new LedgerError('REFUSED', 'nothing is committed here yet', { hint: `commit, ${again}` });
  if (changed !== undefined)
    throw new LedgerError('REFUSED', `the tree is not clean: ${changed} differs from HEAD or is not tracked`, {
      hint: `commit, stash or ignore it, ${again}`,
    });
  if (await refOf(view, id, head)) return head;
  throw new LedgerError('REFUSED', `HEAD (${head.slice(0, 12)}) is no live commit of ${id}`, {
    hint: `ledgenter task code-ref ${id} --ref-type commit --sha ${head}`,
  });
}

async function proveAll(context: Context, id: string, todo: readonly Checked[], ground: Ground, timeoutMs: number) {
  const write = await context.use(writePort);
  const proofs = [];
  const told = { redacted: 0, landed: true };
  let last: { [key: string]: unknown } = {};
  let stopped: string | undefined;
  let refused: { [key: string]: unknown } | undefined;
  for (const one of todo) {
    try {
      await lastLongEnough(context, id, timeoutMs);
      const { shown, answer, redacted, moved } = await proveOne(context, write, id, one, ground, timeoutMs);
      proofs.push(shown);
      last = answer;
      told.redacted += redacted;
      told.landed &&= answer.landed === true;
      // What comes next would say nothing of the commit either.
      if (moved !== undefined) stopped = `${one.criterion.id} says nothing of the commit: ${moved}`;
    } catch (error) {
      // What is recorded is told, whatever became of the rest.
      if (proofs.length === 0 || !(error instanceof LedgerError)) throw error;
      refused = { criterion: one.criterion.id, ...error.toFailure().error };
    }
    if ((stopped ?? refused) !== undefined) break;
  }
  const { hints, queued, parked } = last;
  return {
    task_id: id,
    proofs,
    ...(stopped === undefined ? {} : { stopped }),
    ...(refused === undefined ? {} : { refused }),
    ...(told.redacted > 0 ? { redacted: told.redacted } : {}),
    landed: told.landed,
    ...(queued === undefined ? {} : { queued }),
    ...(parked === undefined ? {} : { parked }),
    ...(refused === undefined ? (hints === undefined ? {} : { hints }) : { hints: { next: refused.hint } }),
  };
}

async function proveOne(
  context: Context,
  write: Write,
  id: string,
  { criterion, words }: Checked,
  ground: Ground,
  timeoutMs: number,
) {
  const { head } = ground;
  const ran = await measured(context, words, ground, { timeoutMs, says: `${criterion.id}: ${criterion.check}` });
  const { how, moved, text, redacted, output } = ran;
  const facts = {
    criterion: criterion.id,
    check_sha256: checkHash(criterion),
    ...how,
    commit: head,
    clean: moved === undefined,
    output_sha256: output.digest(),
    output_bytes: output.bytes,
    ...(text === '' ? {} : { output_tail: text }),
  };
  const answer = await write(proofOperation, { task_id: id, ...facts });
  const passed = hasPassed(how);
  const { exit_code, signal: ended_by, ended, duration_ms } = how;
  const shown = {
    criterion: criterion.id,
    passed,
    met: answer.met === true,
    exit_code,
    ...(ended_by === undefined ? {} : { signal: ended_by }),
    ...(ended === undefined ? {} : { ended }),
    duration_ms,
    commit: head,
    clean: facts.clean,
    proof_id: answer.proof_id,
    ...(passed || text === '' ? {} : { output_tail: text }),
  };
  return { shown, answer, redacted, moved };
}
