import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { needTask, settle } from '../tasks/write.ts';
import { sessionId } from './fields.ts';
import { type Session, sessionsPort } from './ports.ts';
import { correctionRecord, MAX_MINUTES } from './record.ts';

const HINT = 'ledgenter session query';

/**
 * The one session whose id begins so. A law cannot ask it, for the state forgets a tenure when it ends; who writes does,
 * and the sheet counts no correction of a session that is not there.
 * @throws LedgerError NOT_FOUND, AMBIGUOUS
 */
async function sessionOf(context: Context, prefix: string, task: string | undefined): Promise<Session> {
  const { sessions } = await context.use(sessionsPort);
  const near = sessions.filter(
    ({ id, task_id }) => id.startsWith(prefix) && (task === undefined || task_id.startsWith(task)),
  );
  const found = near.filter(({ id }) => id === prefix);
  const [one, ...more] = found.length > 0 ? found : near;
  if (!one)
    return refuse('NOT_FOUND', `no work session${task ? ` of ${task}` : ''} begins with ${prefix}`, { hint: HINT });
  if (more.some(({ id, task_id }) => id !== one.id || task_id !== one.task_id))
    refuse('AMBIGUOUS', `${more.length + 1} work sessions begin with ${prefix}`, { hint: HINT });
  return one;
}

export const correct = defineOperation({
  name: 'session.correct',
  kind: 'write',
  humanOnly: true,
  creates: true,
  summary:
    'Correct the hours of one work session by some minutes, with a reason; what was measured stays and is shown beside it',
  input: () =>
    z.strictObject({
      session_id: sessionId(),
      task_id: z.optional(taskId()),
      minutes: z.int().check(
        z.minimum(-MAX_MINUTES),
        z.maximum(MAX_MINUTES),
        z.refine<number>(value => value !== 0, { error: 'corrects nothing' }),
      ),
      reason: text(),
    }),
  positional: 'session_id',
  examples: [
    {
      cli: "ledgenter session correct <session_id> --minutes -30 --reason 'the machine ran on over lunch'",
      says: 'half an hour less',
    },
  ],
  target: ({ task_id }) => (task_id === undefined ? undefined : { def: any(taskRecord), id: task_id }),
  async aim(context, input) {
    const { id, task_id } = await sessionOf(context, input.session_id, input.task_id);
    return [{ ...input, session_id: id, task_id }];
  },
  subject: ({ session_id, minutes }) =>
    `corrected session ${session_id.slice(0, 8)} by ${minutes > 0 ? '+' : ''}${minutes} min`,
  async decide(view, { session_id, task_id, minutes, reason }, by) {
    if (task_id === undefined) return refuse('BAD_INPUT', 'a correction names the task of its session', { hint: HINT });
    const task = await needTask(view, task_id);
    const id = by.newId(any(correctionRecord));
    const record = { session_id, minutes, reason, by: by.actor, at: by.at };
    const edit = { id: task_id, before: task, after: task, beside: true };
    return settle(view, by, [edit], [correctionRecord.put(id, record, task_id)], {
      task_id,
      session_id,
      correction_id: id,
    });
  },
  async show(_context, { task_id, session_id, correction_id }, { minutes }) {
    return { correction_id, session_id, task_id, minutes, hints: { next: `ledgenter session query ${task_id}` } };
  },
});
