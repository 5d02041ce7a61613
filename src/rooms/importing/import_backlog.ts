import { defineOperation } from '../../kernel/operation.ts';
import { createImported } from './create.ts';
import { importEntry } from './entry.ts';
import { importSubject } from './subject.ts';

/** One entry of `ledgenter import backlog`: the files are read and mapped outside ({@link mapBacklog}), each entry lands here. */
export const importBacklog = defineOperation({
  name: 'import.backlog',
  kind: 'write',
  internal: true,
  summary: 'Enter what stands in a Backlog.md project, with its own times and people, marked as imported',
  input: importEntry,
  examples: [
    {
      cli: 'ledgenter import backlog . --project web',
      says: 'the tasks, documents and decisions of the project in this folder',
    },
  ],
  subject: importSubject,
  decide: createImported,
});
