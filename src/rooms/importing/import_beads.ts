import { defineOperation } from '../../kernel/operation.ts';
import { createImported } from './create.ts';
import { importEntry } from './entry.ts';

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
  subject({ tasks, more }) {
    const [first] = tasks;
    if (!first) return `imported notes of ${more?.[0]?.ref ?? 'nothing'}`;
    return tasks.length === 1
      ? `imported ${first.ref} ${first.title}`
      : `imported ${first.ref} and ${tasks.length - 1} more`;
  },
  decide: createImported,
});
