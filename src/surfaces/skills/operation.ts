import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { choice } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { slug } from '../../rooms/skills/fields.ts';
import { HOST_NAMES } from './places.ts';
import { skillSitePort } from './site.ts';

const slugs = () => z.optional(z.array(slug()).check(z.minLength(1), z.maxLength(200)));

export const skillSync = defineOperation({
  name: 'skill.sync',
  kind: 'act',
  cliOnly: true,
  summary:
    'Write skills where agent hosts read them, after showing what changes; --here into this checkout, hidden from git',
  input: () =>
    z.strictObject({
      skill: slugs(),
      host: z.optional(z.array(choice(HOST_NAMES)).check(z.minLength(1), z.maxLength(HOST_NAMES.length))),
      here: z.optional(z.boolean()),
      status: z.optional(z.boolean()),
      dry_run: z.optional(z.boolean()),
      yes: z.optional(z.boolean()),
      replace: slugs(),
    }),
  positional: 'skill',
  examples: [
    { cli: 'ledgenter skill sync', says: 'shows what would change and asks' },
    { cli: 'ledgenter skill sync --status', says: 'what is in sync, behind, edited here' },
    { cli: 'ledgenter skill sync --here --yes', says: 'into this checkout, without a question' },
  ],
  table: {
    rows: 'skills',
    columns: ['skill', 'version', 'by', 'host', 'state', 'did', 'file'],
    none: 'no skill to write',
  },
  exit: answer => (answer.in_sync ? EXIT.ok : EXIT.no),
  async act(context, input) {
    const { syncSkills } = await import('./sync.ts');
    return syncSkills(context, input, await context.use(skillSitePort));
  },
});
