import * as z from 'zod/mini';
import { limit, mark, word } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { needKinds, type SearchHit, searchIndex } from '../searching.ts';

/** Finds answered when the caller names no limit. */
const HITS = 10;

export const search = defineOperation({
  name: 'search',
  kind: 'read',
  toolset: 'orientation',
  summary:
    'Search tasks, notes, decisions, knowledge and handoffs, best first; all: what is archived or superseded too',
  input: () =>
    z.strictObject({
      query: z.string().check(z.minLength(1), z.maxLength(500)),
      kind: z.optional(z.array(mark(word(), { machine: true, word: true })).check(z.maxLength(20))),
      project: z.optional(mark(z.string().check(z.maxLength(64)), { machine: true })),
      all: z.optional(z.boolean()),
      limit: limit(),
    }),
  positional: 'query',
  examples: [
    { cli: "ledgenter search 'login times out'", says: 'everything that bears on it' },
    { cli: 'ledgenter search parseInput --kind note,decision', says: 'what was said of a name in the code' },
  ],
  table: { rows: 'hits', columns: ['kind', 'id', 'title', 'snippet'], none: 'nothing found' },
  async query(context, { query: text, kind: kinds, limit = HITS, ...rest }) {
    const index = await context.use(searchIndex);
    needKinds(index, kinds);
    const { hits, total } = await index.search({ text, kinds, limit, ...rest });
    const [first] = hits;
    return { hits: hits.map(shown), total, ...(first ? { hints: { next: nextFor(first) } } : {}) };
  },
});

function shown({ kind, id, owner, title, snippet, hidden }: SearchHit): Record<string, unknown> {
  return {
    kind,
    id,
    ...(owner ? { [`${owner.kind}_id`]: owner.id } : {}),
    title,
    ...(snippet === undefined ? {} : { snippet }),
    ...(hidden ? { hidden } : {}),
  };
}

/** Where a part of a task is read, by kind; notes and the like with the task itself. */
const PARTS: Readonly<Record<string, (owner: string, id: string) => string>> = {
  plan: (owner, id) => `ledgenter plan get ${owner} --version ${id.slice(1)}`,
  question: owner => `ledgenter question query ${owner}`,
  todo: (owner, id) => `ledgenter todo get ${owner} --todo-id ${id}`,
  work_log: owner => `ledgenter work query ${owner}`,
};

function nextFor({ kind, id, owner }: SearchHit): string {
  if (!owner) return `ledgenter ${kind} get ${id}`;
  return PARTS[kind]?.(owner.id, id) ?? `ledgenter ${owner.kind} get ${owner.id} --include ${kind}s`;
}
