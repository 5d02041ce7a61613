import { defineOperation } from '../../kernel/operation.ts';
import { createImported } from './create.ts';
import { importEntry } from './entry.ts';
import { importSubject } from './subject.ts';

/** One entry of `ledgenter import <file> --ids new`: what another ledger has, as something new of this ({@link mapCopies}). */
export const importLedger = defineOperation({
  name: 'import.ledger',
  kind: 'write',
  internal: true,
  summary:
    'Enter a task, decision or page of another ledger as a new one; tasks with their own times and people, marked as imported',
  input: importEntry,
  examples: [{ cli: 'ledgenter import other.ledger --ids new', says: 'tasks of another ledger, as new ones of this' }],
  subject: importSubject,
  decide: createImported,
});
