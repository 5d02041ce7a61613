import type { Context } from '../../kernel/operation.ts';
import { taskIndex } from '../tasks/ports.ts';
import type { Task } from '../tasks/record.ts';
import { nextFor } from '../tasks/show.ts';
import { elsewhere } from './here.ts';
import type { Inbox } from './inbox.ts';
import { IDLE, idle } from './next-action/idle.ts';
import { tickDone, tickOf } from './tick.ts';

/** What a run has before it, most urgent first. */
export interface Before {
  claim?: { id: string; task: Task };
  inbox: Inbox;
  ready: number;
  /** Tasks of this actor that nobody holds. */
  mine: number;
}

interface Hint {
  next: string;
  /** Slug of the repository that the work is in, when this process stands in another. */
  repo?: string;
}

/** One concrete next call. In a session nobody is sent to claim what they did not ask for. */
export async function nextIn(context: Context, before: Before): Promise<Hint> {
  const { view, who } = context;
  const { claim, inbox, ready, mine } = before;
  if (claim) {
    const next = (await nextFor(view, claim.id, claim.task, who.actor, context)) ?? `ledgenter task get ${claim.id}`;
    return named(next, await elsewhere(context, claim.task.project));
  }
  const [answer] = inbox.answers;
  const [waiting] = inbox.waiting;
  const loop = who.mode === 'loop';
  if (waiting) {
    if (waiting.holder === who.actor) return { next: `ledgenter handoff respond ${waiting.id} --answer '<answer>'` };
    return { next: `ledgenter handoff ${loop ? 'claim' : 'get'} ${waiting.id}` };
  }
  if (answer) return { next: `ledgenter handoff get ${answer.id}` };
  if (!loop) return { next: mine > 0 ? 'ledgenter task query --assignee me' : 'ledgenter task query --ready' };
  return loopNext(context, ready);
}

/** One task a tick: then the shift is over, and another run begins fresh. */
async function loopNext(context: Context, ready: number): Promise<Hint> {
  const { who, now, use } = context;
  if (await tickDone(context)) return { next: `ledgenter run end --counts '{"tasks_completed":1}'` };
  const { step, situation } = await idle(context);
  // A claim is left to whoever is first: named, two agents of a loop would be sent to one task.
  if (!IDLE.includes(step.action) && step.action !== 'task-create' && step.action !== 'task-claim')
    return named(step.primary.command, await elsewhere(context, situation?.task.project));
  if (ready > 0) {
    const index = await use(taskIndex);
    for await (const row of index.claimable({ actor: who.actor }, now))
      return named('ledgenter task claim', await elsewhere(context, row.project));
  }
  return { next: (await tickOf(context)).length > 0 ? 'ledgenter run end' : 'ledgenter task query --ready --explain' };
}

const named = (next: string, repo: string | undefined): Hint => ({ next, ...(repo === undefined ? {} : { repo }) });
