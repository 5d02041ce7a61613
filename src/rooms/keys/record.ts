import * as z from 'zod/mini';
import { canonicalJson, type Json } from '../../kernel/canonical.ts';
import type { Intent } from '../../kernel/entry.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { recordId, sha256Hex } from '../../kernel/ids.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord } from '../../kernel/record.ts';
import type { FileChange, View } from '../../kernel/view.ts';

const kept = lazy(() =>
  z.strictObject({
    op: z.string(),
    /** SHA-256 of the canonical input, 64 hex digits. */
    input: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    /** What the operation answered, so that a repetition answers the same. */
    result: z.record(z.string(), z.unknown()),
    /** The entry that was written under the key. */
    entry: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  }),
);

/** An idempotency key that was used, and what came of it. */
export interface Kept {
  op: string;
  input: string;
  result: { [key: string]: Json };
  entry: string;
}

export const keyRecord = defineRecord<Kept>({
  kind: 'key',
  letter: 'k',
  room: 'keys',
  schema: kept as unknown as () => z.ZodMiniType<Kept>,
  appendOnly: true,
  derived: () => true,
});

/** The id under which a key is kept; the key itself is not. */
export function keyId(key: string): string {
  return recordId('k', key);
}

/**
 * SHA-256 over the canonical input of an intent, without what was found out of the state beside it (what its author saw): the
 * same call again, after that changed, is the same call.
 */
export function inputHash({ input }: { input: { readonly [key: string]: unknown } }): string {
  const { looked_sha256: _saw, asked_sha256: _meant, ...given } = input;
  return sha256Hex(canonicalJson(given));
}

/** What was done under `key`, undefined when nothing was. */
export async function keyOf(view: View, key: string): Promise<Kept | undefined> {
  return view.get(keyRecord, keyId(key));
}

/** The refusal of a key that was used for something else. */
export function reused({ op, entry }: Kept): LedgerError {
  return new LedgerError(
    'KEY_REUSED',
    `the idempotency key was used before, for another ${op} (entry ${entry.slice(0, 12)})`,
  );
}

/** The file that keeps the key of `intent`; none when it has no key. */
export function keyFiles(intent: Intent, entry: string, result: { [key: string]: Json }): FileChange[] {
  if (intent.key === undefined) return [];
  return [keyRecord.put(keyId(intent.key), { op: intent.op, input: inputHash(intent), result, entry })];
}
