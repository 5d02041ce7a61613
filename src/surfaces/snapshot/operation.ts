import * as z from 'zod/mini';
import { mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';

export const snapshotOperation = defineOperation<{ dir: string }>({
  name: 'snapshot',
  kind: 'act',
  cliOnly: true,
  toolset: 'ledger',
  summary:
    'Write the ledger as Markdown that a person can read and grep: one file a record, an index, nothing else in the folder',
  input: () => z.strictObject({ dir: mark(z.string().check(z.minLength(1), z.maxLength(4000)), { machine: true }) }),
  positional: 'dir',
  examples: [{ cli: 'ledgenter snapshot ../office', says: 'the present state; again puts a newer one in its place' }],
  async act(context, input) {
    const { snapshot } = await import('./snapshot.ts');
    return snapshot(context, input);
  },
});
