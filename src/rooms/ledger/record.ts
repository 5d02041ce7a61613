import * as z from 'zod/mini';
import { recordText } from '../../kernel/canonical.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';

const ledger = lazy(() =>
  z.strictObject({
    format: z.int(),
    ledger: z.string(),
    /** Ref prefix at the authority (`refs/ledgenter`, `refs/heads/ledgenter`); absent until the first init entry. */
    namespace: z.optional(z.string()),
    /** Fingerprint of the one remote that decides claims; absent = this repository itself decides. */
    authority: z.optional(z.string()),
    /** Gates asked of every task, and other policies of the whole ledger. */
    policies: z.optional(z.record(z.string(), z.union([z.boolean(), z.string(), z.number()]))),
    /** The ledger that it began as a fork of, and where the book of that one stood; kept for ever. */
    forked_from: z.optional(z.strictObject({ ledger: z.string(), tip: z.string() })),
  }),
);
export type Ledger = z.infer<ReturnType<typeof ledger>>;

/** The one record at the root of the tree; its key is `ledger`. */
export const ledgerRecord: RecordDef<Ledger> = {
  ...defineRecord<Ledger>({ kind: 'ledger', room: '', schema: ledger }),
  path: () => 'ledger.json',
  folder: () => '',
  at: path => (path === 'ledger.json' ? { id: 'ledger' } : undefined),
  put: (_id, record) => ({ path: 'ledger.json', text: recordText(record) }),
  remove: () => ({ path: 'ledger.json', text: null }),
};
