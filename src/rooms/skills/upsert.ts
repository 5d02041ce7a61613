import * as z from 'zod/mini';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { find } from '../lookup.ts';
import { body, description, slug } from './fields.ts';
import { asVersion, type Skill, skillHash, skillRecord, versionRecord } from './record.ts';
import { showSkill } from './show.ts';

export const upsert = defineOperation({
  name: 'skill.upsert',
  kind: 'write',
  summary: 'Write a skill, a procedure for every agent, or its next version; expected_version 0: only when new',
  input: () =>
    z.strictObject({
      skill: slug(),
      description: description(),
      body: body(),
      expected_version: z.optional(z.int().check(z.minimum(0))),
    }),
  positional: 'skill',
  examples: [
    {
      cli: "ledgenter skill upsert release --description 'How we release. Use before tagging.' --body -",
      says: 'a skill whose text comes from stdin',
    },
  ],
  subject: ({ skill }) => `wrote skill ${skill}`,
  async decide(view, { skill, expected_version, ...words }, by) {
    const before = await find(view, skillRecord, skill);
    const hash = skillHash(skill, words);
    const read = { hint: `ledgenter skill get ${skill}` };
    if (before?.archived)
      refuse('REFUSED', `${skill} is archived`, { hint: `ledgenter skill archive ${skill} --restore` });
    if (before?.hash === hash) return { same: { skill } };
    if (expected_version !== undefined && expected_version !== (before?.version ?? 0))
      refuse('REFUSED', `${skill} has version ${before?.version ?? 0}, not ${expected_version}`, read);
    const record: Skill = {
      ...words,
      hash,
      version: (before?.version ?? 0) + 1,
      created_by: before?.created_by ?? by.actor,
      created_at: before?.created_at ?? by.at,
      updated_by: by.actor,
      updated_at: by.at,
    };
    const kept = before ? [versionRecord.put(String(before.version), asVersion(before), skill)] : [];
    return { files: [skillRecord.put(skill, record), ...kept], result: { skill } };
  },
  async show({ view }, { skill }) {
    const { skill: shown } = await showSkill(view, String(skill), { body: false });
    return { skill: shown, hints: { next: 'ledgenter skill sync' } };
  },
});
