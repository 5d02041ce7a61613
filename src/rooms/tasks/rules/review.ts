import type { Finding } from '../../../kernel/law.ts';
import { isKey } from '../../../kernel/record.ts';
import { handoffRecord } from '../../handoffs/record.ts';
import { isRole } from '../../handoffs/who.ts';
import { find } from '../../lookup.ts';
import { askedOf } from '../gates.ts';
import { gainsLook } from '../move.ts';
import type { Task } from '../record.ts';
import { criteriaHash } from '../review.ts';
import type { TaskChange, TaskRule } from './rule.ts';

export const workersRule: TaskRule = {
  id: 'task.workers',
  says: 'Who worked on a task is remembered for ever: whoever claims one that is reviewed or validated, and its holder and assignee when it gets a reviewer or asks for a validation.',
  async check({ id, before, after, intent, view }) {
    const [was, is] = [before?.workers ?? [], after.workers ?? []];
    const wrong = (message: string): Finding => ({ message: `${id}: ${message}`, hint: `ledgenter task get ${id}` });
    if (!is.every((name, i) => i === 0 || is[i - 1]! < name) || !was.every(name => is.includes(name)))
      return wrong('who worked on it is not forgotten');
    const claimed = after.hold !== undefined && after.hold.root !== before?.hold?.root;
    const asked = gainsLook(before, after);
    const entered = [
      ...(claimed ? [intent.actor] : []),
      ...(asked && after.hold ? [after.hold.actor] : []),
      ...(asked && after.assignee !== undefined ? [after.assignee] : []),
    ];
    if (is.some(name => !was.includes(name) && !entered.includes(name))) return wrong('only who holds it works on it');
    if (entered.every(name => is.includes(name))) return undefined;
    // Only what somebody is kept from by it has to be there: books without a second look go on as they were.
    const due = asked || after.reviewer !== undefined || (await askedOf(view, after)).validation_required;
    return !due ? undefined : wrong('who works on it is not remembered');
  },
};

export const reviewerRule: TaskRule = {
  id: 'task.reviewer',
  says: 'The reviewer of a task is an actor who never worked on it and is not its assignee.',
  check({ id, before, after, intent }) {
    const { reviewer } = after;
    if (reviewer === undefined) return undefined;
    if (!isKey(reviewer) || isRole(reviewer))
      return { code: 'BAD_INPUT', message: `${JSON.stringify(reviewer)} is no actor` };
    const works = after.assignee === reviewer || after.workers?.includes(reviewer) === true;
    if (!works) return undefined;
    const claims = before?.reviewer === reviewer && intent.actor === reviewer;
    return {
      message: claims
        ? `you review ${id}: another works on it`
        : `${reviewer} works on ${id} and cannot be its reviewer`,
      hint: claims ? 'ledgenter task claim' : `ledgenter task get ${id}`,
    };
  },
};

export const reviewRule: TaskRule = {
  id: 'task.review',
  says: 'While a task with a reviewer is in review, it names a review handoff to that reviewer about its criteria as they are, opened by the entry that put it there or changed them.',
  async check(change) {
    const { id, before, after } = change;
    const { review } = after;
    const wrong = (message: string): Finding => ({ message: `${id}: ${message}`, hint: `ledgenter task get ${id}` });
    if (after.status === 'done')
      return review === before?.review ? undefined : wrong('its review is not the one that it was in');
    if (after.status !== 'in_review' || after.reviewer === undefined)
      return review === undefined ? undefined : wrong('it is under no review');
    if (review === undefined) return wrong(`its review by ${after.reviewer} is not opened`);
    return review === before?.review && before.status === 'in_review'
      ? about(change, after, review, wrong)
      : ((await opened(change, review, wrong)) ?? about(change, after, review, wrong));
  },
};

type Wrong = (message: string) => Finding;

async function about({ id, view }: TaskChange, task: Task, review: string, wrong: Wrong): Promise<Finding | undefined> {
  const handoff = await find(view, handoffRecord, review);
  const fits =
    handoff?.kind === 'review' &&
    handoff.task_id === id &&
    handoff.to.length === 1 &&
    handoff.to[0] === task.reviewer &&
    handoff.criteria_sha256 === criteriaHash(task.criteria);
  return fits ? undefined : wrong('its review is about other criteria, or to another');
}

async function opened({ was, view }: TaskChange, review: string, wrong: Wrong): Promise<Finding | undefined> {
  const old = await find(was, handoffRecord, review);
  const now = await find(view, handoffRecord, review);
  return !old && now?.status === 'open' ? undefined : wrong('its review is not opened by this entry');
}
