import { sha256 } from '@noble/hashes/sha2.js';
import * as z from 'zod/mini';
import { fromBase64 } from '../../kernel/base64.ts';
import { recordId } from '../../kernel/ids.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';

/** Largest attachment that the ledger itself keeps, in bytes. */
export const MAX_BLOB = 1_048_576;

const blob = lazy(() => z.union([z.strictObject({ text: z.string() }), z.strictObject({ base64: z.string() })]));
/** Attached bytes: as text where they are UTF-8, so that git and people can read them. */
export type Blob = z.infer<ReturnType<typeof blob>>;

export const blobRecord: RecordDef<Blob> = defineRecord<Blob>({
  kind: 'blob',
  letter: 'b',
  room: 'blobs',
  schema: blob,
  appendOnly: true,
  derived: () => true,
  maxSize: 2_000_000,
});

/** Where bytes with this SHA-256 are kept. */
export function blobId(sha: string): string {
  return recordId('b', 'blob', sha);
}

/** The bytes of a blob; undefined when its base64 is not canonical. */
export function bytesOf(content: Blob): Uint8Array | undefined {
  return 'text' in content ? new TextEncoder().encode(content.text) : fromBase64(content.base64);
}

/** True for bytes that a reader would take for text: those must come as text, so that the redactor sees them. */
export function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** SHA-256 as 64 hex digits. */
export function digest(bytes: Uint8Array): string {
  return Array.from(sha256(bytes), byte => byte.toString(16).padStart(2, '0')).join('');
}
