import * as z from 'zod/mini';
import { choice, limit } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { type SearchHit, searchIndex } from '../searching.ts';
import { plainTags, project, tags } from './fields.ts';
import { KNOWLEDGE_KINDS, knowledgeRecord } from './record.ts';

/** Finds answered when the caller names no limit. */
const HITS = 5;

export const search = defineOperation({
  name: 'knowledge.search',
  kind: 'read',
  default: true,
  summary: 'Search what the team wrote down, best first, with the passage that matches; knowledge_get reads one',
  input: () =>
    z.strictObject({
      query: z.string().check(z.minLength(1), z.maxLength(500)),
      kind: z.optional(choice(KNOWLEDGE_KINDS)),
      tags: z.optional(tags()),
      project: z.optional(project()),
      archived: z.optional(z.boolean()),
      limit: limit(),
    }),
  positional: 'query',
  examples: [
    { cli: "ledgenter knowledge search 'sweeper hangs after deploy'", says: 'has somebody seen this before' },
    { cli: 'ledgenter knowledge search restart --kind runbook', says: 'only procedures' },
  ],
  table: { rows: 'knowledge', columns: ['id', 'kind', 'title', 'snippet'], none: 'nothing is written down on that' },
  async query(context, { query: text, kind, tags: wanted, archived, limit = HITS, project: key }) {
    const index = await context.use(searchIndex);
    const { hits, total } = await index.search({
      text,
      kinds: [knowledgeRecord.kind],
      sort: kind,
      tags: wanted && plainTags(wanted),
      project: key,
      all: archived,
      limit,
    });
    const [first] = hits;
    return {
      knowledge: hits.map(shown),
      total,
      ...(first ? { hints: { next: `ledgenter knowledge get ${first.id}` } } : {}),
    };
  },
});

function shown({ id, title, sort, tags: own, snippet, hidden }: SearchHit): Record<string, unknown> {
  return {
    id,
    title,
    kind: sort,
    ...(own?.length ? { tags: own } : {}),
    ...(snippet === undefined ? {} : { snippet }),
    ...(hidden ? { archived: true } : {}),
  };
}
