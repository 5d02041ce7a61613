import { defineRecordLaw, type Finding, type Law } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { knowledgeRecord } from '../knowledge/record.ts';
import { find } from '../lookup.ts';
import { introRecord } from './record.ts';

/** Why a page is no introduction that a task could have; undefined when it is. */
export async function introFinding(view: View, id: string): Promise<Finding | undefined> {
  const known = await find(view, knowledgeRecord, id);
  if (!known) return { code: 'NOT_FOUND', message: `there is no knowledge ${id}`, hint: 'ledgenter knowledge query' };
  if (known.kind === 'introduction') return undefined;
  return {
    message: `${id} is a ${known.kind}: only an introduction is linked to a task`,
    hint: "ledgenter intro write '<title>' --body '<what to know first>'",
  };
}

export const introLaws: Law[] = [
  defineRecordLaw({
    id: 'intro.form',
    says: 'What is linked to a task as its introduction is one, and is linked by the actor and at the time of the entry.',
    enforcedBy: 'rooms/files.test.ts',
    on: introRecord,
    check({ id, before, after }, { entry, after: view }) {
      if (before || !after) return undefined; // append-only and record.kept name it
      const { actor, at } = entry.intent;
      if (after.by !== actor || after.at !== at) return { message: `${id} is linked by another than its entry says` };
      return introFinding(view, id);
    },
  }),
];
