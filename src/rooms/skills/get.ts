import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { slug } from './fields.ts';
import { asMarkdown, showSkill } from './show.ts';

export const get = defineOperation({
  name: 'skill.get',
  kind: 'read',
  summary: 'Read a skill, or an earlier version of it',
  input: () =>
    z.strictObject({
      skill: slug(),
      version: z.optional(z.int().check(z.minimum(1))),
      full: z.optional(z.boolean()),
    }),
  positional: 'skill',
  resource: {
    uri: 'ledgenter://skill/{skill}',
    title: 'Skill',
    list: { operation: 'skill.query' },
    text: ({ skill }) => asMarkdown(skill as { [key: string]: unknown }),
  },
  examples: [{ cli: 'ledgenter skill get release', says: 'how we release' }],
  query: ({ view }, { skill, version, full }) => showSkill(view, skill, { version, full }),
});
