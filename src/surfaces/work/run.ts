import { writePort } from '../../exchange/writing.ts';
import { splitCommand } from '../../kernel/command.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { parseDuration } from '../../kernel/time.ts';
import { hasPassed } from '../../rooms/tasks/proofs.ts';
import { commandOperation } from '../../rooms/work/measured.ts';
import { needTodo } from '../../rooms/work/todos.ts';
import { lastLongEnough } from '../prove/held.ts';
import { DEFAULT_MS, type Measured, measured } from '../prove/measure.ts';
import { standingOf } from '../prove/standing.ts';
import { groundOf } from './ground.ts';

export interface RunInput {
  task_id: string;
  command: string;
  todo_id?: string | undefined;
  timeout?: string | undefined;
}

/**
 * Runs a command that its caller typed and records how it ended. Whatever would keep it from being recorded is said before
 * it runs.
 * @throws LedgerError NOT_FOUND, NOT_HOLDER, REFUSED, NO_REPOSITORY, USAGE, CANCELLED
 */
export async function run(context: Context, input: RunInput): Promise<{ [key: string]: unknown }> {
  const { task_id: id, command, todo_id } = input;
  const split = splitCommand(command);
  if ('problem' in split) throw new LedgerError('BAD_INPUT', `the command ${split.problem}`);
  const again = `ledgenter work run ${id} --command '<command>'${todo_id === undefined ? '' : ` --todo-id ${todo_id}`}`;
  const ground = await groundOf(context, id, again);
  if (todo_id !== undefined) await needTodo(context.view, id, todo_id);
  // It may take an hour; what cannot be signed then is said now.
  await ground.maySign();
  const before = await standingOf(ground.root);
  const timeoutMs = (input.timeout === undefined ? undefined : parseDuration(input.timeout)) ?? DEFAULT_MS;
  await lastLongEnough(context, id, timeoutMs);
  const ran = await measured(
    context,
    split.words,
    { ...ground, head: before.head },
    { timeoutMs, says: command, noun: 'command' },
  );
  const { how, output, text } = ran;
  const passed = hasPassed(how);
  const clean = before.head !== undefined && before.changed === undefined && ran.moved === undefined;
  const write = await context.use(writePort);
  const facts = {
    command,
    exit_code: how.exit_code,
    duration_ms: how.duration_ms,
    ...(before.head === undefined ? {} : { commit: before.head }),
    clean,
    ...(todo_id === undefined ? {} : { todo_id }),
  };
  const answer = await write(commandOperation, {
    task_id: id,
    text: saysOf(ran, command),
    ...facts,
    output_sha256: output.digest(),
    ...(text === '' ? {} : { output_tail: text }),
  });
  const { log_id, redacted = 0, landed, queued, parked } = answer;
  const all = Number(redacted) + ran.redacted;
  const done = todo_id === undefined ? `ledgenter todo next ${id}` : `ledgenter todo done ${id} --todo-id ${todo_id}`;
  return {
    log_id,
    passed,
    ...facts,
    ...(how.ended === undefined && how.signal === undefined ? {} : { ended: how.ended ?? how.signal }),
    ...(text === '' ? {} : { output_tail: text }),
    ...(all > 0 ? { redacted: all } : {}),
    landed,
    ...(queued === undefined ? {} : { queued }),
    ...(parked === undefined ? {} : { parked }),
    hints: { next: passed ? (todo_id === undefined ? done : `${done} --log-id ${log_id}`) : again },
  };
}

/** What the work log says of a run. */
function saysOf({ how }: Measured, command: string): string {
  const { exit_code, signal, ended, duration_ms } = how;
  const took = `${(duration_ms / 1000).toFixed(1)} s`;
  if (ended !== undefined) return `did not end within ${took}: ${command}`;
  if (signal !== undefined) return `ended by ${signal} after ${took}: ${command}`;
  return `${exit_code === 0 ? 'passed' : `failed with exit code ${exit_code}`} in ${took}: ${command}`;
}
