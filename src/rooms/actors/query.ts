import * as z from 'zod/mini';
import { choice, limit } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { keyedPage, pageFields, pick } from '../lists.ts';
import { ACTOR_KINDS, actorRecord, ROLES } from './record.ts';
import { shown } from './show.ts';

export const query = defineOperation({
  name: 'actor.query',
  kind: 'read',
  summary: 'List who has written in this ledger, with kind and role',
  input: () =>
    z.strictObject({
      role: z.optional(choice(ROLES)),
      kind: z.optional(choice(ACTOR_KINDS)),
      ...pageFields(),
      limit: limit(),
    }),
  examples: [{ cli: 'ledgenter actor query --role maintainer', says: 'who may change policies and roles' }],
  table: { rows: 'actors', columns: ['actor', 'kind', 'role', 'name'], none: 'no actor' },
  async query({ view }, { role, kind, fields, ...page }) {
    const all = await view.all(actorRecord);
    const found = all
      .filter(({ record }) => (!role || record.role === role) && (!kind || record.kind === kind))
      .map(({ id, record }) => shown(id, record));
    const { items, ...rest } = keyedPage(found, 'actor', page);
    return { actors: items.map(row => pick(row, fields, 'actor')), ...rest };
  },
});
