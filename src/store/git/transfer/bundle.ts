import { LedgerError } from '../../../kernel/errors.ts';
import type { ObjectFormat } from '../../encoding/hash.ts';
import { isOid } from '../../encoding/names.ts';
import type { Oid } from '../../port.ts';

/** What a git bundle says before its pack. */
export interface BundleHead {
  objectFormat: ObjectFormat;
  refs: Map<string, Oid>;
  /** Byte at which the pack begins. */
  packAt: number;
}

/** Most bytes before the pack: twenty thousand refs with long names. */
export const MAX_HEAD = 4 << 20;
const MAX_REFS = 20_001;

const PLAIN = '# v2 git bundle\n';
const NAMED = '# v3 git bundle\n';
const SHA256 = '@object-format=sha256\n';
const LINE = /^([0-9a-f]{40}|[0-9a-f]{64}) (refs\/[a-z0-9/._-]{1,200})$/;

/** The lines before the pack, with the refs in order of name: equal refs give equal bytes. */
export function headText(objectFormat: ObjectFormat, refs: ReadonlyMap<string, Oid>): string {
  const lines = [...refs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([ref, oid]) => `${oid} ${ref}\n`);
  return `${objectFormat === 'sha256' ? NAMED + SHA256 : PLAIN}${lines.join('')}\n`;
}

/** True for bytes that begin as a bundle does. */
export function isBundle(start: Uint8Array): boolean {
  const text = Buffer.from(start).toString('latin1', 0, PLAIN.length);
  return text === PLAIN || text === NAMED;
}

/**
 * Reads the lines before the pack, of a file that anyone may have made.
 * @param start the first bytes of the file, {@link MAX_HEAD} at most
 * @throws LedgerError BAD_INPUT with the line that is wrong
 */
export function readHead(start: Buffer): BundleHead {
  if (!isBundle(start)) throw bad('it is no export: it does not begin as a git bundle');
  const named = start.toString('latin1', 0, NAMED.length) === NAMED;
  let at = PLAIN.length;
  let objectFormat: ObjectFormat = 'sha1';
  const refs = new Map<string, Oid>();
  for (let line = 2; ; line++) {
    const end = start.indexOf(10, at);
    if (end < 0) throw bad(`line ${line}: it is cut off before its objects`);
    const text = start.toString('latin1', at, end);
    at = end + 1;
    if (text === '') break;
    if (named && line === 2 && /^@object-format=(sha1|sha256)$/.test(text)) {
      objectFormat = text.endsWith('sha256') ? 'sha256' : 'sha1';
      continue;
    }
    if (text.startsWith('-')) throw bad(`line ${line}: it builds on objects that it does not have`);
    const [, oid, ref] = LINE.exec(text) ?? [];
    if (oid === undefined || !isOid(oid) || oid.length !== (objectFormat === 'sha256' ? 64 : 40))
      throw bad(`line ${line}: it is no ref of an export`);
    if (refs.has(ref!)) throw bad(`line ${line}: ${ref} comes twice`);
    if (refs.size === MAX_REFS) throw bad(`line ${line}: more than ${MAX_REFS} refs`);
    refs.set(ref!, oid);
  }
  return { objectFormat, refs, packAt: at };
}

/**
 * The objects that a pack says it has; none has fewer bytes than {@link LEAST}, so that a forged number asks git for no
 * memory that the file does not back.
 * @param start the first 12 bytes of the pack; `size`: of all of it
 * @throws LedgerError BAD_INPUT
 */
export function objectsIn(start: Buffer, size: number): number {
  if (start.length < 12 || start.toString('latin1', 0, 4) !== 'PACK') throw bad('its objects are missing or damaged');
  const count = start.readUInt32BE(8);
  if (count * LEAST > size) throw bad(`it is cut off: ${count} objects do not fit in ${size} bytes`);
  return count;
}
const LEAST = 9;

function bad(message: string): LedgerError {
  return new LedgerError('BAD_INPUT', message, { hint: 'ledgenter export <file>, where the ledger is' });
}
