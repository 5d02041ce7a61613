import { defineOperation } from '../../kernel/operation.ts';
import { createImported } from './create.ts';
import { importEntry } from './entry.ts';

/** One entry of `ledgenter import <file> --ids new`: a task of another ledger as a new one of this ({@link mapCopies}). */
export const importLedger = defineOperation({
  name: 'import.ledger',
  kind: 'write',
  internal: true,
  summary: 'Enter a task of another ledger as a new one, with its own times and people, marked as imported',
  input: importEntry,
  examples: [{ cli: 'ledgenter import other.ledger --ids new', says: 'tasks of another ledger, as new ones of this' }],
  subject({ tasks, more }) {
    const [first] = tasks;
    return first ? `imported ${first.ref} ${first.title}` : `imported notes of ${more?.[0]?.ref ?? 'nothing'}`;
  },
  decide: createImported,
});
