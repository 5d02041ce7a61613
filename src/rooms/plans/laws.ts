import { defineRecordLaw, type Finding, type Law } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { believed } from '../actors/standing.ts';
import { find } from '../lookup.ts';
import { taskRecord } from '../tasks/record.ts';
import { comesWith } from '../tasks/rules/rule.ts';
import { keyNumber } from './look.ts';
import { planRecord, type Question, questionRecord, verdictRecord } from './record.ts';
import { answerFinding, broughtFinding, closedFinding, writtenFinding } from './rules.ts';

const enforcedBy = 'rooms/plans.test.ts';

/** Counted once for each of the two states that are judged: a forged entry may bring thousands. */
const counts = new WeakMap<View, Map<string, Promise<number>>>();

function countOf(letter: string, task: string, ids: (view: View) => Promise<string[]>, view: View): Promise<number> {
  const known = counts.get(view) ?? new Map<string, Promise<number>>();
  counts.set(view, known);
  const key = `${letter} ${task}`;
  const count = known.get(key) ?? ids(view).then(all => all.length);
  known.set(key, count);
  return count;
}

/** That a new key follows on those that there were: numbers have no gaps, and none is used again. */
async function numberFinding(
  letter: 'v' | 'q',
  key: string,
  task: string,
  ids: (view: View) => Promise<string[]>,
  was: View,
  view: View,
): Promise<Finding | undefined> {
  const number = keyNumber(letter, key);
  const [old, now] = [await countOf(letter, task, ids, was), await countOf(letter, task, ids, view)];
  if (number !== undefined && number > old && number <= now) return undefined;
  return { message: `${task}: the next is ${letter}${old + 1}, not ${key}` };
}

export const planLaws: Law[] = [
  defineRecordLaw({
    id: 'plan.version',
    says: 'Versions of a plan are numbered from 1 without gaps, each amends the one before it, and is by the actor and of the time of its entry, while the task is neither done nor cancelled; only an import brings plans of others, with the task that it makes, and says where that is from.',
    enforcedBy,
    on: planRecord,
    async check({ id, parent, before, after }, { before: was, after: view, entry: { intent } }) {
      if (before || !after || parent === undefined) return undefined; // append-only, record.kept and record.owner name it
      const number = await numberFinding('v', id, parent, state => state.ids(planRecord, parent), was, view);
      if (number) return number;
      const version = keyNumber('v', id)!;
      if (after.version !== version || (after.amends ?? 0) !== version - 1)
        return { message: `${parent}: ${id} says that it is v${after.version} in place of v${after.amends ?? 0}` };
      if (await comesWith(intent, was, view, parent)) return broughtFinding(view, parent, id, after, intent);
      if (after.by !== intent.actor || after.at !== intent.at)
        return { message: `${id} of ${parent} is by ${after.by}, its entry by ${intent.actor}` };
      const task = await find(view, taskRecord, parent);
      return task && closedFinding(parent, task);
    },
  }),
  defineRecordLaw({
    id: 'plan.verdict',
    says: 'A plan is accepted or rejected by the entry that names its version and hash, one in an entry, by its actor, about the questions as they are answered then; it is accepted only whole (goal, criteria, todos, no placeholder), with no required question open, and by an agent only when nobody rejected it.',
    enforcedBy,
    on: verdictRecord,
    async check({ parent, before, after }, transition) {
      const { before: was, after: view } = transition;
      if (before || !after || parent === undefined) return undefined;
      if (transition.changes.filter(({ def }) => def.kind === verdictRecord.kind).length > 1)
        return { message: `an entry says one thing of one plan, this one more of ${parent}` };
      const finding = await writtenFinding(was, view, parent, after, await believed(transition));
      if (finding || after.decision === 'reject') return finding;
      const plan = (await find(view, taskRecord, parent))?.plan;
      return plan?.version === after.version && plan.sha256 === after.plan_sha256
        ? undefined
        : { message: `${parent} does not say that its plan v${after.version} is accepted` };
    },
  }),
  defineRecordLaw({
    id: 'question.number',
    says: 'Questions are numbered from 1 without gaps, begin open, and are by the actor and of the time of their entry; what was asked stays. Only an import brings questions of others, with the task that it makes.',
    enforcedBy,
    on: questionRecord,
    async check({ id, parent, before, after }, { before: was, after: view, entry: { intent } }) {
      if (!after || parent === undefined) return undefined;
      if (before)
        return asked(before) === asked(after) ? undefined : { message: `${id} of ${parent}: what was asked stays` };
      const number = await numberFinding('q', id, parent, state => state.ids(questionRecord, parent), was, view);
      if (number || (await comesWith(intent, was, view, parent))) return number;
      if (after.by !== intent.actor || after.at !== intent.at)
        return { message: `${id} of ${parent} is by ${after.by}, its entry by ${intent.actor}` };
      const open = after.status === 'open' && after.answer === undefined && after.answered_by === undefined;
      return open ? undefined : { message: `${id} of ${parent} is answered before it was asked` };
    },
  }),
  defineRecordLaw({
    id: 'question.answer',
    says: 'A question is answered or dismissed with words, by the actor and at the time of the entry, and never opened again; it is dismissed by who asked or by a person, and what one agent said is changed by that agent or a person.',
    enforcedBy,
    on: questionRecord,
    async check({ id, parent, before, after }, transition) {
      const intent = await believed(transition);
      if (!before || !after || parent === undefined) return undefined;
      const { status, answer, answered_by, answered_at } = after;
      if (status === 'open' || answer === undefined) return { message: `${id} of ${parent} is settled without words` };
      if (answered_by !== intent.actor || answered_at !== intent.at)
        return { message: `${id} of ${parent} is answered by ${answered_by}, its entry by ${intent.actor}` };
      return answerFinding(parent, { id, record: before }, status, intent);
    },
  }),
];

/** What stays of a question, as one text. */
const asked = ({ text, required, by, at }: Question): string => JSON.stringify([text, required === true, by, at]);
