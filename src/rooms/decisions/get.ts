import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { decisionId } from './fields.ts';
import { showDecision } from './show.ts';

export const get = defineOperation({
  name: 'decision.get',
  kind: 'read',
  summary: 'One decision: choice, rationale, options weighed, and what superseded it',
  input: () => z.strictObject({ decision_id: decisionId(), full: z.optional(z.boolean()) }),
  positional: 'decision_id',
  resource: {
    uri: 'ledgenter://decision/{decision_id}',
    title: 'Decision',
    list: { operation: 'decision.query' },
  },
  examples: [{ cli: 'ledgenter decision get <decision_id>', says: 'why it is so' }],
  query: ({ view }, { decision_id, full = false }) => showDecision(view, decision_id, { full }),
});
