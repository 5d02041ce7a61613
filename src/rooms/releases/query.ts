import * as z from 'zod/mini';
import { limit } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { PAGE, pageFields, pick } from '../lists.ts';
import { chain } from './chain.ts';
import { listedRelease } from './show.ts';

export const query = defineOperation({
  name: 'release.query',
  kind: 'read',
  summary: 'List releases, newest first, as they follow each other',
  input: () => z.strictObject({ limit: limit(), ...pageFields() }),
  aliases: [{ name: 'release list', args: [] }],
  examples: [{ cli: 'ledgenter release query --limit 5', says: 'the last five' }],
  table: {
    rows: 'releases',
    columns: ['version', 'at', 'by', 'at_task', 'at_commit', 'git_tag', 'note'],
    none: 'nothing was released yet',
  },
  async query({ view }, { limit: size = PAGE, cursor, fields }) {
    const all = await chain(view);
    const from = cursor === undefined ? 0 : all.findIndex(({ version }) => version === cursor) + 1;
    if (cursor !== undefined && from === 0) refuse('BAD_INPUT', 'the cursor is not one that this list gave');
    const page = all.slice(from, from + size);
    const more = from + page.length < all.length;
    return {
      releases: page.map(({ version, release }) => pick(listedRelease(version, release), fields, 'version')),
      total: all.length,
      ...(more ? { cursor: page.at(-1)!.version } : {}),
    };
  },
});
