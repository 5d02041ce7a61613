import { defineLaw, defineRecordLaw, type Law } from '../../kernel/law.ts';
import { find } from '../lookup.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { offerFinding } from './offers.ts';
import { type Handoff, handoffRecord } from './record.ts';
import { HANDOFF_RULES } from './rules.ts';

const enforcedBy = 'rooms/handoffs.test.ts';

const ruleLaws: Law[] = HANDOFF_RULES.map(({ id, says, check }) =>
  defineRecordLaw({
    id,
    says,
    enforcedBy,
    on: handoffRecord,
    check({ id: handoff, before, after }, { entry, before: was, after: view }) {
      if (!after) return undefined; // record.kept names it
      return check({ id: handoff, before, after, intent: entry.intent, was, view });
    },
  }),
);

export const handoffLaws: Law[] = [
  ...ruleLaws,
  defineLaw({
    id: 'handoff.offer',
    says: 'The claim of a task is offered through a work handoff of its holder about it, made by the same entry; it moves to whoever claims the handoff, in that entry; taking it back closes the handoff.',
    enforcedBy: 'rooms/hold.test.ts',
    async check({ changes, entry, before: was, after: view }) {
      for (const { def, id, before, after } of changes) {
        if (def.kind === taskRecord.kind && after) {
          const finding = await offerFinding(id, before as Task | undefined, after as Task, entry.intent, was, view);
          if (finding) return finding;
        }
        if (def.kind === handoffRecord.kind && after) {
          const finding = await stays(id, before as Handoff | undefined, after as Handoff);
          if (finding) return finding;
        }
      }
      return undefined;

      /** A handoff through which a task is offered is not claimed without it. */
      async function stays(id: string, old: Handoff | undefined, now: Handoff) {
        if (old?.status !== 'open' || now.status !== 'claimed' || old.task_id === undefined) return undefined;
        const task = await find(was, taskRecord, old.task_id);
        if (task?.hold?.offer?.id !== id) return undefined;
        const root = (await find(view, taskRecord, old.task_id))?.hold?.root;
        return root === now.hold?.root ? undefined : { message: `${id} is claimed without the task it offers` };
      }
    },
  }),
  defineRecordLaw({
    id: 'handoff.review',
    says: 'A task’s own review is opened by the entry that puts the task in review; its rejection opens the task again in the same entry.',
    enforcedBy,
    on: handoffRecord,
    async check({ id, before, after }, { before: was, after: view }) {
      if (after?.criteria_sha256 === undefined || after.task_id === undefined) return undefined;
      const now = await find(view, taskRecord, after.task_id);
      if (!before) return now?.review === id ? undefined : { message: `${id} is the review of no task` };
      if (before.status === 'answered' || after.verdict !== 'reject') return undefined;
      const then = await find(was, taskRecord, after.task_id);
      const waits = then?.review === id && then.status === 'in_review';
      return waits && now?.status !== 'open'
        ? { message: `${id} is rejected, but ${after.task_id} is not sent back` }
        : undefined;
    },
  }),
];
