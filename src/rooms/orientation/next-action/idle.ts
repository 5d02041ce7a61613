import type { Context } from '../../../kernel/operation.ts';
import { epochMs } from '../../../kernel/time.ts';
import { handoffRecord } from '../../handoffs/record.ts';
import { nextFor as nextOfHandoff } from '../../handoffs/show.ts';
import type { HandoffRow } from '../../handoffs/table.ts';
import { find } from '../../lookup.ts';
import type { Named } from '../../rows.ts';
import { activeTask, claims, type TaskFilter, taskIndex } from '../../tasks/ports.ts';
import { taskRecord } from '../../tasks/record.ts';
import { type Inbox, inboxIn } from '../inbox.ts';
import { tickDone } from '../tick.ts';
import { stepOf } from './index.ts';
import { Situation } from './situation.ts';
import { type Action, act, alternative, type Blocker, inspect, type Step, shown } from './step.ts';

/** Tasks of one sort that are looked at before another sort is. */
const LOOKED = 20;
/** Waits that an answer tells of. */
const TOLD = 5;

/** The task that a step is about, where it is about one. */
export interface Found {
  step: Step;
  situation?: Situation;
}

/** Steps with nothing in them for who asks, beside the handoff that they may propose. */
export const IDLE: readonly Action[] = ['wait', 'none', 'person-ask', 'task-unblock'];
/** What a handoff about a task is answered after. */
const FIRST: readonly Action[] = [
  'plan-accept',
  'question-answer',
  'validate-check',
  'validate-finish',
  'review-answer',
];

/**
 * What to do where no task is named: go on with what this run holds, answer what it is asked, then the best of what there
 * is. Nothing is claimed by asking.
 */
export async function idle(context: Context): Promise<Found> {
  const looked: Found[] = [];
  const seen = new Set<string>();
  const look = async (ids: AsyncIterable<string> | Iterable<string>): Promise<Found | undefined> => {
    for await (const id of ids) {
      if (seen.has(id)) continue;
      seen.add(id);
      const found = await at(context, id);
      if (!found) continue;
      if (!IDLE.includes(found.step.action)) return found;
      if (found.step.action !== 'none') looked.push(found);
    }
    return undefined;
  };
  const index = await context.use(taskIndex);
  const rows = async (filter: TaskFilter): Promise<string[]> =>
    (await index.query(filter, { limit: LOOKED, now: context.now })).rows.map(({ id }) => id);
  const { actor, mode } = context.who;
  return (
    (await look(await active(context))) ??
    (await look(await held(context))) ??
    (await asked(context, await inboxIn(context))) ??
    (mode === 'loop' && (await tickDone(context)) ? { step: ended() } : undefined) ??
    (await look(await rows({ assignee: actor, status: ['open', 'in_progress', 'in_review'] }))) ??
    (await look(await rows({ status: ['in_review'] }))) ??
    (await look(claimable(context))) ??
    (await look(await rows({ status: ['open'] }))) ??
    (await look(await rows({ status: ['in_progress', 'blocked'] }))) ??
    nothing(looked)
  );
}

async function at(context: Context, id: string): Promise<Found | undefined> {
  const task = await find(context.view, taskRecord, id);
  if (!task) return undefined;
  const situation = new Situation(context.view, id, task, context.who.actor, context);
  return { step: await stepOf(situation), situation };
}

/** What this worktree is about, while there is something to do about it. */
async function active({ use }: Context): Promise<string[]> {
  const id = await (await use(activeTask)).id();
  return id === undefined ? [] : [id];
}

async function held(context: Context): Promise<string[]> {
  const own = await (await context.use(claims)).held();
  return own.sort((a, b) => epochMs(a.lease_until) - epochMs(b.lease_until)).map(({ id }) => id);
}

async function* claimable({ use, who, now }: Context): AsyncGenerator<string> {
  let left = LOOKED;
  for await (const { id } of (await use(taskIndex)).claimable({ actor: who.actor }, now)) {
    if (left-- <= 0) return;
    yield id;
  }
}

/** What waits in the inbox; where it is about a task that waits for the same word, that word comes first. */
async function asked(context: Context, { waiting, answers }: Inbox): Promise<Found | undefined> {
  for (const row of waiting) {
    const found = row.task_id === undefined ? undefined : await at(context, row.task_id);
    const free = row.kind !== 'work' || row.holder === context.who.actor;
    if (found && free && FIRST.includes(found.step.action)) return found;
    const step = await answered(context, row);
    if (step) return { step };
  }
  const [answer] = answers;
  return answer && { step: acknowledged(answer) };
}

async function answered({ view, who, now }: Context, row: Named<HandoffRow>): Promise<Step | undefined> {
  const handoff = await find(view, handoffRecord, row.id);
  if (!handoff) return undefined;
  const told = await nextOfHandoff(view, row.id, handoff, who.actor, now);
  // It waits although another claimed it: that claim ran out.
  const command = told ?? (row.holder === who.actor ? undefined : `ledgenter handoff claim ${row.id}`);
  if (command === undefined) return undefined;
  return {
    action: 'handoff-answer',
    says: `${row.from} asks you (${row.kind}): ${shown(row.title, 200)}`,
    primary: act(command.includes('handoff claim') ? 'Take it' : 'Answer it', command),
    item: { kind: 'handoff', id: row.id, text: shown(row.title) },
    others: [inspect('Read it first', `ledgenter handoff get ${row.id}`)],
  };
}

const acknowledged = ({ id, title, answered_by }: Named<HandoffRow>): Step => ({
  action: 'handoff-answer',
  says: `${answered_by} answered what you asked: ${shown(title, 200)}`,
  primary: act('Acknowledge it', `ledgenter handoff ack ${id}`),
  item: { kind: 'handoff', id, text: shown(title) },
  others: [inspect('Read the answer', `ledgenter handoff get ${id}`)],
});

const ended = (): Step => ({
  action: 'run-end',
  says: 'one task a run in a loop, and this run has done one',
  primary: act('End the run', `ledgenter run end --counts '{"tasks_completed":1}'`),
});

/** Nobody has anything to do here: what others are waited for, or that there is no task at all. */
function nothing(looked: readonly Found[]): Found {
  const ask = looked.find(({ step }) => step.action === 'person-ask');
  if (ask) return ask;
  const create = alternative('Write down new work', create_);
  if (looked.length === 0)
    return {
      step: {
        action: 'task-create',
        says: 'nothing is ready, and nothing waits for you',
        primary: act('Write down what is to be done', create_),
        others: [inspect('What there is, and why not', 'ledgenter task query --ready --explain')],
      },
    };
  const blocking = looked.flatMap(({ step }): readonly Blocker[] => step.blocking ?? []).slice(0, TOLD);
  return {
    step: {
      action: 'wait',
      says: `${looked.length} tasks wait for others, none for you`,
      primary: inspect('What there is, and why not', 'ledgenter task query --ready --explain'),
      others: [create],
      blocking,
    },
  };
}

const create_ = "ledgenter task create '<title>' --acceptance-criteria '<what must hold>'";
