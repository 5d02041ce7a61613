import { defineRecordLaw, type Law } from '../../kernel/law.ts';
import { find } from '../lookup.ts';
import { decisionRecord, MARK, supersededRecord } from './record.ts';
import { formFinding, supersedeFinding } from './rules.ts';

const enforcedBy = 'rooms/decisions.test.ts';

export const decisionLaws: Law[] = [
  defineRecordLaw({
    id: 'decision.form',
    says: 'A decision is by the actor and of the time of its entry, and names only projects, repositories and tasks that exist.',
    enforcedBy,
    on: decisionRecord,
    check({ id, before, after }, { entry, after: view }) {
      if (before || !after) return undefined; // append-only and record.kept name it
      const { actor, at } = entry.intent;
      if (after.by !== actor || after.at !== at) return { message: `${id}: author or time is not that of its entry` };
      return formFinding(view, id, after);
    },
  }),
  defineRecordLaw({
    id: 'decision.supersedes',
    says: 'A decision supersedes one that was there before its entry and that none has superseded, never itself, and marks it as history.',
    enforcedBy,
    on: decisionRecord,
    async check({ id, before, after }, { before: was, after: view }) {
      const old = after?.supersedes;
      if (before || old === undefined) return undefined;
      const finding = await supersedeFinding(was, id, old);
      if (finding) return finding;
      const mark = await find(view, supersededRecord, MARK, old);
      return mark?.by === id ? undefined : { message: `${old} is not marked as superseded by ${id}` };
    },
  }),
  defineRecordLaw({
    id: 'decision.mark',
    says: 'A decision is marked as history only by the entry that makes the one that supersedes it.',
    enforcedBy,
    on: supersededRecord,
    check({ id, parent, before, after }, { changes }) {
      if (before || !after) return undefined; // append-only and record.kept name it
      const made = changes.some(
        ({ def, id: other, before: old, after: now }) =>
          def.kind === decisionRecord.kind &&
          !old &&
          other === after.by &&
          (now as { supersedes?: string } | undefined)?.supersedes === parent,
      );
      return id === MARK && made ? undefined : { message: `${parent}: no decision of this entry supersedes it` };
    },
  }),
];
