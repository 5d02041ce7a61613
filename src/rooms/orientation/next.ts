import type { Context } from '../../kernel/operation.ts';
import { recentPort } from '../logbook/ports.ts';
import { taskIndex } from '../tasks/ports.ts';
import type { Task } from '../tasks/record.ts';
import { nextFor } from '../tasks/show.ts';
import { elsewhere } from './here.ts';
import type { Inbox } from './inbox.ts';

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
    const next = (await nextFor(view, claim.id, claim.task, who.actor)) ?? `ledgenter task get ${claim.id}`;
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
  const own = (await use(recentPort)).newest.filter(({ run }) => run === who.run[0]);
  const last = own.findIndex(({ op }) => op === 'run.end');
  const tick = last < 0 ? own : own.slice(0, last);
  const done = tick.some(({ op, status }) => op === 'task.update' && (status === 'done' || status === 'in_review'));
  if (done) return { next: `ledgenter run end --counts '{"tasks_completed":1}'` };
  if (ready > 0) {
    const index = await use(taskIndex);
    for await (const row of index.claimable({ actor: who.actor }, now))
      return named('ledgenter task claim', await elsewhere(context, row.project));
  }
  return { next: tick.length > 0 ? 'ledgenter run end' : 'ledgenter task query --ready --explain' };
}

const named = (next: string, repo: string | undefined): Hint => ({ next, ...(repo === undefined ? {} : { repo }) });
