import { handoffRecord } from '../../handoffs/record.ts';
import { find } from '../../lookup.ts';
import { type Gap, gapsOf } from '../../tasks/gates.ts';
import { afterOthers, dependencies } from './claim.ts';
import { planning } from './plan.ts';
import type { Situation } from './situation.ts';
import { act, alternative, inspect, type Step, shown } from './step.ts';
import { validating } from './validate.ts';
import { needs, waits } from './wait.ts';
import { closing } from './work.ts';

/** A task in review: its judges first, then whose it is. */
export async function reviewing(situation: Situation): Promise<Step> {
  const { view, id, task, actor } = situation;
  const gaps: Gap[] = [];
  for await (const gap of gapsOf(view, id, task)) gaps.push(gap);
  const of = (gate: string): Gap | undefined => gaps.find(gap => gap.gate === gate);
  const [review, validation] = [of('reviewer'), of('validation')];
  if (of('plan')) return (await planning(situation))!;
  if (review && task.reviewer === actor) return judged(situation, review);
  if (validation && !situation.worked) return validating(situation, validation);
  const waiting = await dependencies(situation);
  const own = gaps.find(gap => gap !== review && gap !== validation && gap.gate !== 'requirements');
  const last = validation ? undefined : (await situation.rounds()).at(-1);
  const ends = [task.assignee, task.reviewer, last?.by].includes(actor);
  if (own?.gate === 'todos' && situation.worked) return takenBack(situation, own);
  if (own && own.gate !== 'todos' && ends) {
    const step = await closing(situation, own, validation !== undefined);
    if (step) return step;
  }
  if (validation && situation.worked) return validatedByOther(situation, validation);
  if (review)
    return waits(id, `${id} waits for the review of ${task.reviewer}`, [
      { what: review.message, remedy: `ledgenter handoff get ${task.review}` },
    ]);
  if (waiting.length > 0) return afterOthers(id, waiting, []);
  if (own) return waits(id, `${id} is ${task.assignee}’s to finish`, [{ what: own.message, remedy: own.hint }]);
  if (ends)
    return {
      action: 'task-done',
      says: `nothing is missing from ${id}`,
      primary: act('Finish it', `ledgenter task update ${id} --status done`),
    };
  return waits(id, `${id} is ${task.assignee}’s to finish`, [
    {
      what: `${task.assignee ?? 'its worker'} says that it is done`,
      remedy: `ledgenter task update ${id} --status done`,
    },
  ]);
}

/** What only a holder mends: its worker takes the task out of review for it. */
function takenBack({ id }: Situation, { message, hint }: Gap): Step {
  return {
    action: 'task-reopen',
    says: message,
    primary: act('Take it back to work on', `ledgenter task update ${id} --status open`),
    blocking: [{ what: message, remedy: hint }],
  };
}

/** What the reviewer alone can do. */
async function judged({ view, id, task }: Situation, { message }: Gap): Promise<Step> {
  const { review = '' } = task;
  const handoff = await find(view, handoffRecord, review);
  const answerable = handoff?.status === 'open' || handoff?.status === 'claimed';
  if (!answerable) return waits(id, message, [{ what: message, remedy: `ledgenter task update ${id} --status open` }]);
  const respond = `ledgenter handoff respond ${review} --verdict <approve|reject> --answer '<why>'`;
  return {
    action: 'review-answer',
    says: `${id} waits for your review`,
    primary: act('Say what you found', respond),
    item: { kind: 'handoff', id: review, text: shown(handoff.title), done: respond },
    others: [
      inspect('Read it first', `ledgenter handoff get ${review}`),
      inspect('What the work is measured by', `ledgenter context ${id} --for code-reviewer`),
    ],
  };
}

/** Who worked on it does not validate it: another is asked, once. */
async function validatedByOther(situation: Situation, { message }: Gap): Promise<Step> {
  const { id } = situation;
  const rounds = (await situation.rounds()).length;
  return needs(situation, {
    says: `${id} waits for its validation by another than who worked on it`,
    blocker: { what: message, remedy: `another actor runs: ledgenter next ${id}` },
    ask: {
      kind: 'work',
      to: 'member',
      title: `Validate ${id}${rounds > 0 ? `, round ${rounds + 1}` : ''}`,
      flags: ' --context-for validator',
    },
    others: [
      inspect('How far it is', `ledgenter validate status ${id}`),
      alternative('Take it back to work on', `ledgenter task update ${id} --status open`),
    ],
  });
}
