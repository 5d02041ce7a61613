import * as z from 'zod/mini';
import { LOCK_POLICIES } from '../../exchange/transfer/claims.ts';
import { choice, mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';

/** What becomes of the ids of a file in a ledger that has entries of its own. */
export const ID_POLICIES = ['keep', 'new'] as const;

const path = () => mark(z.string().check(z.minLength(1), z.maxLength(4000)), { machine: true });

export const exportOperation = defineOperation<{ file: string }>({
  name: 'export',
  kind: 'act',
  cliOnly: true,
  toolset: 'ledger',
  summary:
    'Write the whole ledger, with its history, into one file that import reads: the same book gives the same bytes',
  input: () => z.strictObject({ file: path() }),
  positional: 'file',
  examples: [{ cli: 'ledgenter export ../office.ledger', says: 'everything in one file' }],
  async act(context, input) {
    const { exportLedger } = await import('./export.ts');
    return exportLedger(context, input);
  },
});

export interface ImportLedgerInput {
  file: string;
  dry_run?: boolean | undefined;
  ids?: (typeof ID_POLICIES)[number] | undefined;
  lock_policy?: (typeof LOCK_POLICIES)[number] | undefined;
}

export const importLedgerOperation = defineOperation<ImportLedgerInput>({
  name: 'import',
  kind: 'act',
  bare: true,
  cliOnly: true,
  toolset: 'ledger',
  summary: 'Take in a file of export: every entry is judged by the laws first, and all of it comes in or nothing',
  input: () =>
    z.strictObject({
      file: path(),
      dry_run: z.optional(z.boolean()),
      ids: z.optional(choice(ID_POLICIES)),
      lock_policy: z.optional(choice(LOCK_POLICIES)),
    }),
  positional: 'file',
  examples: [
    { cli: 'ledgenter import ../office.ledger --dry-run', says: 'what would come, and what would not fit' },
    { cli: 'ledgenter import ../office.ledger', says: 'the whole ledger, or what this one has not yet' },
    { cli: 'ledgenter import ../other.ledger --ids new', says: 'tasks of another ledger, as new ones of this' },
  ],
  async act(context, input) {
    const { importLedger } = await import('./import.ts');
    return importLedger(context, input);
  },
});
