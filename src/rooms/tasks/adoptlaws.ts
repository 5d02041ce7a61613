import { ADOPTION, defineLaw, defineRecordLaw, isBrought, type Law } from '../../kernel/law.ts';
import { isMaintainer } from '../actors/rank.ts';
import { actorRecord } from '../actors/record.ts';
import { requiresSignatures } from '../actors/standing.ts';
import { find } from '../lookup.ts';
import { adoption, digestOf, folderOf } from './adopted.ts';
import { taskRecord } from './record.ts';

const enforcedBy = 'rooms/adoption.test.ts';

export const adoptionLaws: Law[] = [
  defineLaw({
    id: 'adoption.records',
    brought: true,
    says: 'What an adoption brings beside the task are the records whose paths and digest it names, in the folder of a task that the same entry makes; they keep authors, times and ids, and the laws of their rooms judged them in their own ledger.',
    enforcedBy,
    async check({ entry, changes, before, after }) {
      if (entry.intent.op !== ADOPTION) return undefined;
      const brought = changes.filter(change => isBrought(change, entry));
      const said = adoption().safeParse(entry.intent.input);
      if (!said.success) return { message: 'the entry does not say what it adopts' };
      const { task_id, records, sha256 } = said.data;
      if (await find(before, taskRecord, task_id))
        return brought.length > 0 ? { message: `${task_id} is here: nothing is brought into its folder` } : undefined;
      const folder = folderOf(task_id);
      const files: { path: string; text: string }[] = [];
      for (const { path } of brought)
        files.push({ path: path.slice(folder.length + 1), text: (await after.reader.read(path)) ?? '' });
      files.sort((a, b) => (a.path < b.path ? -1 : 1));
      const all = files.length === records.length && files.every(({ path }, index) => path === records[index]);
      return all && digestOf(files) === sha256
        ? undefined
        : { message: `the records that come with ${task_id} are not those that the entry names` };
    },
  }),
  defineRecordLaw({
    id: 'adoption.vouched',
    says: 'Under `require_signatures` a task is adopted by a maintainer or a person: what comes with it (approvals, proofs, checks) is signed by nobody here but them.',
    enforcedBy,
    on: taskRecord,
    async check({ id, before, after }, transition) {
      if (before || !after?.adopted || !(await requiresSignatures(transition.before))) return undefined;
      const { actor, kind } = transition.entry.intent;
      const known = await find(transition.before, actorRecord, actor);
      if ((kind === 'human' && known?.kind === 'human') || (await isMaintainer(transition.before, actor)))
        return undefined;
      return {
        code: 'HUMAN_ONLY',
        message: `${id} brings the approvals of another ledger: here a maintainer or a person answers for them`,
      };
    },
  }),
];
