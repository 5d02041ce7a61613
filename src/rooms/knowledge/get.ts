import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { knowledgeId } from './fields.ts';
import { showKnowledge } from './show.ts';

export const get = defineOperation({
  name: 'knowledge.get',
  kind: 'read',
  summary: 'Read a page of knowledge, or an earlier revision of it',
  input: () =>
    z.strictObject({
      knowledge_id: knowledgeId(),
      revision: z.optional(z.int().check(z.minimum(1))),
      full: z.optional(z.boolean()),
    }),
  positional: 'knowledge_id',
  resource: {
    uri: 'ledgenter://knowledge/{knowledge_id}',
    title: 'Knowledge',
    list: { operation: 'knowledge.query' },
  },
  examples: [
    { cli: 'ledgenter knowledge get <knowledge_id>', says: 'what it says now' },
    { cli: 'ledgenter knowledge get <knowledge_id> --revision 1', says: 'what it said first' },
  ],
  query: ({ view }, { knowledge_id, revision, full }) => showKnowledge(view, knowledge_id, { revision, full }),
});
