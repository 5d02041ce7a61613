import { instant } from '../../../kernel/time.ts';
import { undone } from '../../requirements/gate.ts';
import type { Task } from '../../tasks/record.ts';
import { accepting } from './plan.ts';
import type { Situation } from './situation.ts';
import { act, alternative, type Blocker, type Command, elsewhere, inspect, type Step, shown } from './step.ts';
import { waits } from './wait.ts';

/** A task that nobody holds, with its plan as it should be: what keeps it from being claimed, else its claim. */
export async function claiming(situation: Situation): Promise<Step | undefined> {
  const { id, task, actor, kind } = situation;
  const claim = `ledgenter task claim ${id}`;
  const waiting = await dependencies(situation);
  if (waiting.length > 0) return afterOthers(id, waiting, [alternative('Begin all the same', claim)]);
  const { now } = situation;
  if (task.start_on !== undefined && now !== undefined && task.start_on > instant(now).slice(0, 10))
    return waits(id, `${id} begins on ${task.start_on}`, [
      { what: `it begins on ${task.start_on}`, remedy: `ledgenter task update ${id} --start-on ''` },
    ]);
  if (task.reviewer === actor) return reviewers(id);
  if (task.assignee !== undefined && task.assignee !== actor && kind !== 'human')
    return waits(id, `${id} is ${task.assignee}’s`, [{ what: `it is assigned to ${task.assignee}`, remedy: claim }]);
  const last =
    (await situation.asked()).validation_required || task.plan ? (await situation.rounds()).at(-1) : undefined;
  if (last?.result === 'failed')
    return {
      action: 'work-restart',
      says: `the validation of ${id} failed: ${shown(last.summary, 200)}`,
      primary: act('Take it up again', `ledgenter work restart ${id} --summary '<what you will mend>'`),
      others: [inspect('What failed', `ledgenter validate status ${id}`), alternative('Claim it', claim)],
    };
  return {
    action: 'task-claim',
    says: `${id} is ready: ${shown(task.title, 200)}`,
    primary: act('Claim it', claim),
    item: { kind: 'task', id, text: shown(task.title) },
    others: [inspect('Read it first', `ledgenter task get ${id}`)],
  };
}

const reviewers = (id: string): Step =>
  waits(id, `you review ${id}: another works on it`, [
    { what: 'who reviews a task does not work on it', remedy: `ledgenter task claim ${id}` },
  ]);

/** Tasks that must be done before it and are not; those that a person waived are not waited for. */
export const dependencies = ({ view, task }: Situation): Promise<Waiting[]> => undone(view, task);

type Waiting = { id: string; task: Task | undefined };

/** Waits for what must be done first; `others`: what may be done all the same. */
export function afterOthers(id: string, waiting: readonly Waiting[], others: readonly Command[]): Step {
  const [first, ...rest] = waiting;
  return waits(
    id,
    `${id} waits for ${first!.id}${rest.length > 0 ? ` and ${rest.length} more` : ''}`,
    waiting.map(blocker),
    {
      primary: inspect('What that one needs', `ledgenter next ${first!.id}`),
      item: { kind: 'task', id: first!.id, ...(first!.task ? { text: shown(first!.task.title) } : {}) },
      others: [...others, elsewhere()],
    },
  );
}

export const blocker = ({ id, task }: Waiting): Blocker => ({
  what: `${id} is ${task?.status ?? 'missing'}, and must be done first`,
  remedy: `ledgenter next ${id}`,
});

/** A task that is in progress, but not under a live claim of this run: undefined when it is. */
export async function holding(situation: Situation): Promise<Step | undefined> {
  const { id, task, actor } = situation;
  const hold = task.hold;
  if (!hold) return undefined;
  const { offer } = hold;
  if (offer?.to.includes(actor) && hold.actor !== actor)
    return {
      action: 'handoff-answer',
      says: `${hold.actor} offers you ${id}`,
      primary: act('Take it over', `ledgenter handoff claim ${offer.id}`),
      item: { kind: 'handoff', id: offer.id },
      others: [inspect('Read it first', `ledgenter handoff get ${offer.id}`)],
    };
  const how = await situation.holding();
  if (offer && hold.actor === actor && how !== 'lapsed')
    return waits(
      id,
      `you offered ${id} to ${offer.to.join(', ')}`,
      [{ what: `it is offered to ${offer.to.join(', ')}`, remedy: `ledgenter handoff cancel ${offer.id}` }],
      {
        primary: inspect('See whether it is taken', `ledgenter handoff get ${offer.id}`),
        others: [alternative('Take it back', `ledgenter handoff cancel ${offer.id}`)],
      },
    );
  if (how === 'mine') return undefined;
  const until = hold.lease_until;
  if (how === 'lapsed')
    return {
      action: 'work-resume',
      says: `your lease on ${id} ended at ${until}`,
      primary: act('Claim it again', `ledgenter work resume ${id} --reason '<why>'`),
      others: [alternative('The same, without a word', `ledgenter task claim ${id}`)],
    };
  if (how === 'takeable' && task.reviewer === actor) return reviewers(id);
  if (how === 'takeable')
    return {
      action: 'task-claim',
      says: `the lease of ${hold.actor} on ${id} ended at ${until}: it can be taken over`,
      primary: act('Take it over', `ledgenter task claim ${id}`),
      item: { kind: 'task', id, text: shown(task.title) },
      others: [inspect('Read it first', `ledgenter task get ${id}`)],
    };
  const accept = await accepting(situation);
  if (accept) return accept;
  const who = how === 'own-run' ? `your run ${hold.run}` : hold.actor;
  return waits(id, `${who} holds ${id} until ${until}`, [
    { what: `${who} holds it until ${until}`, remedy: `ledgenter task get ${id}` },
  ]);
}
