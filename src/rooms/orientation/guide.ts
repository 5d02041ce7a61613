import * as z from 'zod/mini';
import { choice } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { catalogue } from './ports.ts';
import { TEXTS, TOPICS } from './topics.ts';

export const guide = defineOperation({
  name: 'guide',
  kind: 'read',
  bare: true,
  toolset: 'orientation',
  default: true,
  summary: 'How to work here, by topic; begin with start',
  input: () => z.strictObject({ topic: z.optional(choice(TOPICS)) }),
  positional: 'topic',
  examples: [{ cli: 'ledgenter guide tasks', says: 'statuses, and what each change asks for' }],
  async query(context, { topic = 'start' }) {
    const lines = TEXTS[topic](await context.use(catalogue));
    return { topic, text: lines.join('\n'), topics: TOPICS };
  },
});
