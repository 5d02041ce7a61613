import { canonicalJson } from '../../kernel/canonical.ts';
import { defineRecordLaw, type Law } from '../../kernel/law.ts';
import { authorFinding } from '../authored.ts';
import { find } from '../lookup.ts';
import { projectRecord } from '../projects/record.ts';
import { asRevision, type Knowledge, knowledgeRecord, revisionRecord } from './record.ts';
import { isRevised, saysSame } from './rules.ts';

const enforcedBy = 'rooms/knowledge.test.ts';

const tagged = (tags: readonly string[]): boolean =>
  tags.every((tag, i) => tag === tag.trim().toLowerCase() && (i === 0 || tags[i - 1]! < tag));

export const knowledgeLaws: Law[] = [
  defineRecordLaw({
    id: 'knowledge.form',
    says: 'Knowledge has a project that exists, its tags once and in order, and the authors and times of its entries.',
    enforcedBy,
    on: knowledgeRecord,
    async check({ id, before, after }, { entry, after: view }) {
      if (!after) return undefined; // record.kept names it
      const found = authorFinding(id, before, after, entry.intent, before && !isRevised(before, after));
      if (found) return found;
      if (!tagged(after.tags)) return { message: `${id} has a tag twice, out of order or in capitals` };
      const { project } = after;
      if (project === undefined || project === before?.project || (await find(view, projectRecord, project)))
        return undefined;
      return { code: 'NOT_FOUND', message: `there is no project ${project}`, hint: 'ledgenter project query' };
    },
  }),
  defineRecordLaw({
    id: 'knowledge.revision',
    says: 'Revisions of knowledge are counted from 1, one for every change of what it says and every return from the archive; what it said before is kept.',
    enforcedBy,
    on: knowledgeRecord,
    async check({ id, before, after }, { after: view }) {
      if (!after) return undefined;
      const revised = before !== undefined && isRevised(before, after);
      const due = before === undefined ? 1 : before.revision + (revised ? 1 : 0);
      if (after.revision !== due) return { message: `${id}: revision ${after.revision} where ${due} is due` };
      if (!revised) return undefined;
      const kept = await view.get(revisionRecord, String(before.revision), id);
      return kept && canonicalJson(kept) === canonicalJson(asRevision(before))
        ? undefined
        : { message: `${id}: revision ${before.revision} is not kept as it was` };
    },
  }),
  defineRecordLaw({
    id: 'knowledge.kept',
    says: 'A revision of knowledge is put away only by the entry that replaces it.',
    enforcedBy,
    on: revisionRecord,
    check({ id, parent, before, after }, { changes }) {
      if (before || !after) return undefined; // append-only and record.kept name it
      const change = changes.find(({ def, id: owner }) => def.kind === knowledgeRecord.kind && owner === parent);
      const was = change?.before as Knowledge | undefined;
      const now = change?.after as Knowledge | undefined;
      return was && now && String(was.revision) === id && isRevised(was, now)
        ? undefined
        : { message: `${parent}: revision ${id} was not replaced by this entry` };
    },
  }),
  defineRecordLaw({
    id: 'knowledge.archived',
    says: 'Knowledge is archived by its entry and under the name of its author, and says the same then; a new revision brings it back.',
    enforcedBy,
    on: knowledgeRecord,
    check({ id, before, after }, { entry }) {
      if (!after?.archived) return undefined;
      if (!before || !saysSame(before, after)) return { message: `${id}: changed by the entry that archives it` };
      if (before.archived) {
        const same = canonicalJson(before.archived) === canonicalJson(after.archived);
        return same ? undefined : { message: `${id} is archived already` };
      }
      const { actor, at } = entry.intent;
      return after.archived.by === actor && after.archived.at === at
        ? undefined
        : { message: `${id}: archived under another name or time than that of its entry` };
    },
  }),
];
