import { type Change, defineLaw, defineRecordLaw, type Finding, type Law, type Transition } from '../../kernel/law.ts';
import { find } from '../lookup.ts';
import { taskRecord } from '../tasks/record.ts';
import { checkRecord, validationRecord, waiverRecord } from './record.ts';
import { type Added, checkFinding, roundFinding, waiverFinding, workerFinding } from './rules.ts';
import { said } from './said.ts';

const enforcedBy = 'rooms/validation.test.ts';
const KINDS: readonly string[] = [checkRecord.kind, validationRecord.kind, waiverRecord.kind];
const SEEN: readonly string[] = [checkRecord.kind, validationRecord.kind];

/** What a law on one kind asks of each record that is added; nothing of them ever changes. */
const added =
  <R>(finding: (added: Added<R>) => Promise<Finding | undefined>) =>
  ({ id, parent, before, after }: Change<R>, { entry, before: was, after: view }: Transition) =>
    before !== undefined || after === undefined || parent === undefined
      ? undefined
      : finding({ task_id: parent, id, record: after, intent: entry.intent, was, view });

export const validationLaws: Law[] = [
  defineLaw({
    id: 'validation.author',
    says: 'An entry adds one check, round or waiver, by its actor and of its time.',
    enforcedBy,
    check({ changes, entry }) {
      const { actor, at } = entry.intent;
      const [one, more] = changes.filter(({ def, before, after }) => KINDS.includes(def.kind) && !before && after);
      if (!one) return undefined;
      if (more) return { path: more.path, message: `${more.path} is not the only one that its entry adds` };
      const { by, at: time } = one.after as { by: string; at: string };
      if (by === actor && time === at) return undefined;
      return { path: one.path, message: `${one.path} is by ${by}, its entry by ${actor}` };
    },
  }),
  defineLaw({
    id: 'validation.worker',
    says: 'Nobody validates what they worked on, under any run: whoever ever claimed the task, and whose it is.',
    enforcedBy,
    async check({ changes, entry, before: was, after: view }) {
      for (const { def, parent, path, before, after } of changes) {
        if (!SEEN.includes(def.kind) || before || !after || parent === undefined) continue;
        for (const state of [was, view]) {
          const task = await find(state, taskRecord, parent);
          const found = task && workerFinding(parent, task, entry.intent.actor);
          if (found) return { path, ...found };
        }
      }
      return undefined;
    },
  }),
  defineRecordLaw({
    id: 'validation.check',
    says: 'A check is made of a task in review, in the round that goes on, of a criterion and commits as they are; the criterion is met as it says, and one with a check command passes only by its proof.',
    enforcedBy,
    on: checkRecord,
    check: added(checkFinding),
  }),
  defineRecordLaw({
    id: 'validation.round',
    says: 'Rounds are counted from 1, end in review, and are bound to the commits, criteria and plan as they are; one passes only when every criterion passed in it or is waived, and one that failed opens the task again with what it says as the reason.',
    enforcedBy,
    on: validationRecord,
    check: added(roundFinding),
  }),
  defineRecordLaw({
    id: 'waiver.human',
    says: 'A waiver is written by a person, through `validate waive` or `require waive`, before the task is over, of a criterion as it is worded or a dependency; where a review or a validation is asked for, by one who never worked on it.',
    enforcedBy,
    on: waiverRecord,
    check: added(waiverFinding),
  }),
  defineLaw({
    id: 'validation.said',
    says: 'Checks, rounds and waivers are what their entry says, about the criteria, commits and plan that it says were looked at.',
    enforcedBy,
    async check({ changes, entry: { intent }, before: was }) {
      for (const { def, parent, path, before, after } of changes) {
        if (!KINDS.includes(def.kind) || before || !after || parent === undefined) continue;
        const task = await find(was, taskRecord, parent);
        if (task && !(await said(was, parent, task, def.kind, after, intent)))
          return { path, message: `${path} is not what its entry says` };
      }
      return undefined;
    },
  }),
];
