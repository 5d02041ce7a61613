import * as z from 'zod/mini';
import { limit } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { keyedPage, pageFields, pick } from '../lists.ts';
import { skillRecord } from './record.ts';
import { skillRow } from './show.ts';

export const query = defineOperation({
  name: 'skill.query',
  kind: 'read',
  summary: 'List skills and what each is for',
  input: () => z.strictObject({ archived: z.optional(z.boolean()), limit: limit(), ...pageFields() }),
  examples: [{ cli: 'ledgenter skill query', says: 'the playbooks on the shelf' }],
  table: { rows: 'skills', columns: ['skill', 'version', 'updated_by', 'description'], none: 'no skill' },
  async query({ view }, { archived = false, fields, ...page }) {
    const rows = (await view.all(skillRecord))
      .filter(({ record }) => (record.archived !== undefined) === archived)
      .map(({ id, record }) => skillRow(id, record));
    const { items, ...rest } = keyedPage(rows, 'skill', page);
    return { skills: items.map(item => pick(item, fields, 'skill')), ...rest };
  },
});
