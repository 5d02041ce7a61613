import { canonicalJson } from '../../kernel/canonical.ts';
import { defineRecordLaw, type Law } from '../../kernel/law.ts';
import { authorFinding } from '../authored.ts';
import { isSlug } from './fields.ts';
import { asVersion, skillHash, skillRecord, versionRecord } from './record.ts';

const enforcedBy = 'rooms/skills.test.ts';

export const skillLaws: Law[] = [
  defineRecordLaw({
    id: 'skill.form',
    says: 'A skill has a name that hosts take for a folder, the hash of what it says, and the authors and times of its entries.',
    enforcedBy,
    on: skillRecord,
    check({ id, before, after }, { entry }) {
      if (!after) return undefined; // record.kept names it
      if (!isSlug(id)) return { code: 'BAD_INPUT', message: `${id} is no name of a skill` };
      if (after.hash !== skillHash(id, after)) return { message: `${id}: the hash is not that of what it says` };
      return authorFinding(id, before, after, entry.intent, before?.hash === after.hash);
    },
  }),
  defineRecordLaw({
    id: 'skill.version',
    says: 'The version of a skill begins at 1 and rises by one with every change of what it says; what it said before is kept.',
    enforcedBy,
    on: skillRecord,
    async check({ id, before, after }, { after: view }) {
      if (!after) return undefined;
      const due = before === undefined ? 1 : before.version + (before.hash === after.hash ? 0 : 1);
      if (after.version !== due) return { message: `${id}: version ${after.version} where ${due} is due` };
      if (!before || before.hash === after.hash) return undefined;
      const kept = await view.get(versionRecord, String(before.version), id);
      return kept && canonicalJson(kept) === canonicalJson(asVersion(before))
        ? undefined
        : { message: `${id}: version ${before.version} is not kept as it was` };
    },
  }),
  defineRecordLaw({
    id: 'skill.kept',
    says: 'A version of a skill is put away only by the entry that replaces it.',
    enforcedBy,
    on: versionRecord,
    check({ id, parent, before, after }, { changes }) {
      if (before || !after) return undefined; // append-only and record.kept name it
      const change = changes.find(({ def, id: slug }) => def.kind === 'skill' && slug === parent);
      const replaced = change?.before as { version?: number; hash?: string } | undefined;
      const now = change?.after as { hash?: string } | undefined;
      return replaced && String(replaced.version) === id && now?.hash !== replaced.hash
        ? undefined
        : { message: `${parent}: version ${id} was not replaced by this entry` };
    },
  }),
  defineRecordLaw({
    id: 'skill.archived',
    says: 'A skill is archived, or brought back, by its entry and under the name of its author, and says the same then.',
    enforcedBy,
    on: skillRecord,
    check({ id, before, after }, { entry }) {
      if (!after || canonicalJson(before?.archived ?? null) === canonicalJson(after.archived ?? null)) {
        return after?.archived && before?.hash !== after.hash
          ? { message: `${id} is archived`, hint: `ledgenter skill archive ${id} --restore` }
          : undefined;
      }
      const { actor, at } = entry.intent;
      if (after.archived && (after.archived.by !== actor || after.archived.at !== at))
        return { message: `${id}: archived under another name or time than that of its entry` };
      return before?.hash === after.hash ? undefined : { message: `${id}: changed by the entry that archives it` };
    },
  }),
];
