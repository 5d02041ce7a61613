import * as z from 'zod/mini';
import { choice, text } from '../../kernel/fields.ts';
import { type By, defineOperation, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { any } from '../room.ts';
import { moved } from '../tasks/move.ts';
import { taskRecord } from '../tasks/record.ts';
import type { Edit } from '../tasks/write.ts';
import { acknowledged } from './ack.ts';
import { claim } from './claim.ts';
import { handoffId } from './fields.ts';
import { type Handoff, handoffRecord, VERDICTS } from './record.ts';
import { verdictProblem } from './rules.ts';
import { answer } from './show.ts';
import { needHandoff, settle } from './write.ts';

const input = () => z.strictObject({ handoff_id: handoffId(), answer: text(), verdict: z.optional(choice(VERDICTS)) });
type Input = z.infer<ReturnType<typeof input>>;

export const respond = defineOperation({
  name: 'handoff.respond',
  kind: 'write',
  default: true,
  summary:
    'Answer a handoff to you, claiming it first; review and approval take a verdict. To an answer you asked for: acknowledge it',
  input,
  positional: 'handoff_id',
  examples: [
    { cli: "ledgenter handoff respond <handoff_id> --answer 'the monotonic one'", says: 'a question answered' },
    {
      cli: "ledgenter handoff respond <handoff_id> --verdict reject --answer 'no test covers it'",
      says: 'a task sent back from review',
    },
  ],
  target: ({ handoff_id }) => ({ def: any(handoffRecord), id: handoff_id }),
  first: {
    operation: claim,
    input: ({ handoff_id }) => ({ handoff_id }),
    async needed(view, { handoff_id: id, verdict }) {
      const handoff = await needHandoff(view, id);
      if (handoff.status !== 'open' && handoff.status !== 'claimed') return false;
      refuseVerdict(id, handoff, verdict);
      return true;
    },
  },
  subject: ({ handoff_id, verdict }) => `${verdict === undefined ? 'answered' : VERBS[verdict]} ${handoff_id}`,
  async decide(view, { handoff_id: id, answer: words, verdict }, by) {
    const before = await needHandoff(view, id);
    if (before.status === 'answered' && before.created_by === by.actor && before.answered_by !== by.actor) {
      if (verdict !== undefined)
        refuse('REFUSED', `${id} was answered by ${before.answered_by}: acknowledge it, or ask again`, {
          hint: `ledgenter handoff ack ${id}`,
        });
      return settle(view, by, { id, before, after: acknowledged(before, words, by.at) }, { handoff_id: id });
    }
    if (before.answered_by === by.actor && before.answer === words && before.verdict === verdict)
      return { same: { handoff_id: id } };
    if (before.status === 'open')
      refuse('NOT_HOLDER', `${id} is answered by who claimed it`, { hint: `ledgenter handoff claim ${id}` });
    refuseVerdict(id, before, before.hold ? verdict : before.verdict);
    const { hold: _end, ...rest } = before;
    const after: Handoff = {
      ...rest,
      status: 'answered',
      answer: words,
      ...(verdict === undefined ? {} : { verdict }),
      answered_by: by.actor,
      answered_at: by.at,
    };
    const task = verdict === 'reject' ? await sentBack(view, id, before, words, by) : undefined;
    return settle(view, by, { id, before, after, ...(task ? { task } : {}) }, { handoff_id: id });
  },
  async show(context, { handoff_id }) {
    const { handoff, hints } = await answer(context, handoff_id);
    const { task_id } = handoff as { task_id?: string };
    const task = task_id === undefined ? undefined : await find(context.view, taskRecord, task_id);
    return {
      handoff,
      ...(task ? { task: { id: task_id, status: task.status } } : {}),
      hints: hints ?? { next: 'ledgenter inbox' },
    };
  },
});

const VERBS = { approve: 'approved', reject: 'rejected' } as const;

function refuseVerdict(id: string, handoff: Handoff, verdict: Input['verdict']): void {
  const problem = verdictProblem(id, handoff, verdict);
  if (problem) refuse(problem.code ?? 'BAD_INPUT', problem.message, problem.hint ? { hint: problem.hint } : {});
}

/** The task that waits for this review, open again with the reason, its worker kept. */
async function sentBack(
  view: View,
  id: string,
  { task_id }: Handoff,
  reason: string,
  by: By,
): Promise<Edit | undefined> {
  const before = task_id === undefined ? undefined : await find(view, taskRecord, task_id);
  if (before?.review !== id || before.status !== 'in_review') return undefined;
  return { id: task_id!, before, after: moved(before, { status: 'open', reason }, by) };
}
