import * as z from 'zod/mini';
import { choice } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { redactInput } from '../../kernel/redact/input.ts';
import { instant } from '../../kernel/time.ts';
import { data, EVENTS, source, summary, taskOf } from './line.ts';
import { spoolPort } from './ports.ts';

const input = () =>
  z.strictObject({
    event: choice(EVENTS),
    summary: summary(),
    task_id: z.optional(taskOf({ id: 'task' })),
    source: z.optional(source()),
    data: z.optional(data()),
  });

export const log = defineOperation({
  name: 'event.log',
  kind: 'act',
  // What agents say is kept whether or not there is a ledger yet; the next sync lands it.
  bare: true,
  // Signs of life are of one run, and so is what its agent writes next.
  enters: true,
  summary: 'Say what this agent does: start, result, error or a sign of life; kept here, landed by the next sync',
  input,
  positional: 'summary',
  examples: [
    { cli: "ledgenter event log 'sweep the sessions' --event task_start", says: 'an agent begins' },
    {
      cli: "ledgenter event log '14 tests pass' --event task_result --data '{\"exit_code\":0}'",
      says: 'and how it ended, with anything that counts',
    },
  ],
  async act(context, given) {
    const { actor, kind, run } = context.who;
    if (actor === 'nobody') refuse('NO_ACTOR', 'nobody knows whose event this is');
    const spool = await context.use(spoolPort);
    const { input: clean, count } = redactInput(input() as never, given, spool.root ? { root: spool.root } : {});
    const row = { ts: instant(context.now), agent: actor, ...(clean as typeof given) };
    await spool.add({
      ...row,
      ...(run[0] ? { run_id: run[0] } : {}),
      ...(run.length > 1 ? { chain: run } : {}),
      kind,
    });
    return {
      event: row,
      landed: false,
      ...(count > 0 ? { redacted: count } : {}),
      hints: { next: `ledgenter status --agent ${actor}` },
    };
  },
});
