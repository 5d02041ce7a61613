import { defineRecordLaw, type Law } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { decisionRecord } from '../decisions/record.ts';
import { knowledgeRecord } from '../knowledge/record.ts';
import { find } from '../lookup.ts';
import { taskRecord } from '../tasks/record.ts';
import { isImport } from '../tasks/rules/rule.ts';
import { sourceId, sourceRecord } from './record.ts';

const enforcedBy = 'imports/again.test.ts';

export const importingLaws: Law[] = [
  defineRecordLaw({
    id: 'source.import',
    says: 'Where a record comes from is told by the import that brings it or looks again, under its name and time, and leads to a record that exists.',
    enforcedBy,
    on: sourceRecord,
    async check({ id, before, after }, { entry, after: view }) {
      if (!after) return undefined; // record.kept names it
      const { intent } = entry;
      if (!isImport(intent)) return { message: `${id}: only an import says where something comes from` };
      if (sourceId(after.ref) !== id || (before && before.ref !== after.ref))
        return { message: `${id} is not the source of ${after.ref}` };
      if (after.by !== intent.actor || after.at !== intent.at)
        return { message: `${id}: author or time is not that of its entry` };
      return (await exists(view, after.record_id))
        ? undefined
        : { message: `${id} leads to ${after.record_id}, which does not exist` };
    },
  }),
];

async function exists(view: View, id: string): Promise<boolean> {
  const found =
    id[0] === 't'
      ? await find(view, taskRecord, id)
      : id[0] === 'd'
        ? await find(view, decisionRecord, id)
        : await find(view, knowledgeRecord, id);
  return found !== undefined;
}
