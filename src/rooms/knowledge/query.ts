import * as z from 'zod/mini';
import { choice, limit } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { newestPage, pageFields, pick } from '../lists.ts';
import { type Named, tables } from '../rows.ts';
import { plainTags, project, tags } from './fields.ts';
import { KNOWLEDGE_KINDS } from './record.ts';
import { type KnowledgeRow, knowledgeTable } from './table.ts';

const input = () =>
  z.strictObject({
    kind: z.optional(choice(KNOWLEDGE_KINDS)),
    tags: z.optional(tags()),
    project: z.optional(project()),
    archived: z.optional(z.boolean()),
    limit: limit(),
    ...pageFields(),
  });
type Input = z.infer<ReturnType<typeof input>>;

export const query = defineOperation({
  name: 'knowledge.query',
  kind: 'read',
  summary: 'List knowledge by title, freshest first; archived: what was put away',
  input,
  examples: [
    { cli: 'ledgenter knowledge query --kind runbook', says: 'how things are done here' },
    { cli: 'ledgenter knowledge query --tags sweeper', says: 'what is known of it' },
  ],
  table: {
    rows: 'knowledge',
    columns: ['id', 'kind', 'updated_at', 'updated_by', 'project', 'tags', 'title'],
    none: 'nothing is written down',
  },
  async query(context, given) {
    const rows = await (await context.use(tables)).rows(knowledgeTable);
    const { items, ...rest } = newestPage(
      rows.filter(row => matches(row, given)),
      'updated_at',
      given,
    );
    return { knowledge: items.map(row => pick(row, given.fields, 'id')), ...rest };
  },
});

function matches(row: Named<KnowledgeRow>, { kind, tags: wanted, project, archived = false }: Input): boolean {
  return (
    (row.archived === true) === archived &&
    (kind === undefined || row.kind === kind) &&
    (project === undefined || row.project === project.toLowerCase()) &&
    plainTags(wanted ?? []).every(tag => row.tags?.includes(tag))
  );
}
