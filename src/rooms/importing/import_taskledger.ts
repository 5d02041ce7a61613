import { defineOperation } from '../../kernel/operation.ts';
import { createImported } from './create.ts';
import { importEntry } from './entry.ts';
import { importSubject } from './subject.ts';

/** One entry of `ledgenter import taskledger`: the files are read and mapped outside ({@link mapTaskledger}), each entry lands here. */
export const importTaskledger = defineOperation({
  name: 'import.taskledger',
  kind: 'write',
  internal: true,
  summary: 'Enter what stands in a taskledger directory, with its own times and people, marked as imported',
  input: importEntry,
  examples: [
    {
      cli: 'ledgenter import taskledger . --project web',
      says: 'the tasks of the taskledger workspace in this folder, with all that belongs to them',
    },
  ],
  subject: importSubject,
  decide: createImported,
});
