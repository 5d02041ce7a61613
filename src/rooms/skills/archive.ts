import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { slug } from './fields.ts';
import { skillRecord } from './record.ts';
import { showSkill, skillOf } from './show.ts';

export const archive = defineOperation({
  name: 'skill.archive',
  kind: 'write',
  summary: 'Take a skill off the shelf, or bring it back with restore; its versions stay readable',
  input: () => z.strictObject({ skill: slug(), restore: z.optional(z.boolean()) }),
  positional: 'skill',
  examples: [{ cli: 'ledgenter skill archive release', says: 'nobody releases by it any more' }],
  subject: ({ skill, restore }) => `${restore ? 'restored' : 'archived'} skill ${skill}`,
  async decide(view, { skill, restore = false }, by) {
    const { archived, ...record } = await skillOf(view, skill);
    if ((archived === undefined) === restore) return { same: { skill } };
    const after = restore ? record : { ...record, archived: { by: by.actor, at: by.at } };
    return { files: [skillRecord.put(skill, after)], result: { skill } };
  },
  async show({ view }, { skill }) {
    return { ...(await showSkill(view, String(skill), { body: false })), hints: { next: 'ledgenter skill sync' } };
  },
});
