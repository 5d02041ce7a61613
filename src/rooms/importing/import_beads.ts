import { defineOperation } from '../../kernel/operation.ts';
import { createImported } from './create.ts';
import { importEntry } from './entry.ts';
import { importSubject } from './subject.ts';

/** One entry of `ledgenter import beads`: the file is read and mapped outside ({@link mapBeads}), each entry lands here. */
export const importBeads = defineOperation({
  name: 'import.beads',
  kind: 'write',
  internal: true,
  summary: 'Enter issues of a beads export as tasks, with their own times and people, marked as imported',
  input: importEntry,
  examples: [
    {
      cli: 'ledgenter import beads issues.jsonl --project web',
      says: 'all issues of a file, as tasks of the project web',
    },
  ],
  subject: importSubject,
  decide: createImported,
});
