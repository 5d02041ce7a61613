import { LedgerError } from '../../kernel/errors.ts';
import type { Oid } from '../port.ts';

/** Largest blob or commit that is read or written, in bytes. */
export const MAX_OBJECT = 2 * 1024 * 1024;

const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function isOid(text: string): boolean {
  return OID.test(text);
}

/** Names that some file system or git itself reads as the git directory (`git fsck`: hasDotgit). */
const DOT_GIT = /^(?:\.git|git~\d+)[. ]*$/i;
/** Characters that HFS+ passes over in a name, so that what holds them may be `.git` there. */
const PASSED_OVER = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\\:]/;

/** True for a path that every git accepts in a tree and that a batch protocol line can carry. */
export function isTreePath(path: string): boolean {
  if (path.length > 4096 || UNSAFE.test(path)) return false;
  return path.split('/').every(isPart);
}

/** As {@link isTreePath}, for one name in a folder. */
export function isTreeName(name: string): boolean {
  return name.length <= 4096 && !UNSAFE.test(name) && !name.includes('/') && isPart(name);
}

function isPart(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && !DOT_GIT.test(part.replace(PASSED_OVER, ''));
}

/** @throws LedgerError BAD_INPUT for a path that git would refuse or read as another one. */
export function checkTreePath(path: string): void {
  if (!isTreePath(path)) throw new LedgerError('BAD_INPUT', `not a path of the ledger: ${JSON.stringify(path)}`);
}

/** `<oid>` or `<commit>:<path>`, taken apart; undefined when it is neither, so nothing else ever reaches git. */
export function parseSpec(spec: string): { oid: Oid; path?: string } | undefined {
  const colon = spec.indexOf(':');
  if (colon < 0) return isOid(spec) ? { oid: spec } : undefined;
  const oid = spec.slice(0, colon);
  const path = spec.slice(colon + 1);
  return isOid(oid) && isTreePath(path) ? { oid, path } : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const REF_UNSAFE = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\.$|\/$|^\/|\/\.|\.lock(?:\/|$)/;

/** True for a full ref name (`refs/…`) by the rules of git-check-ref-format(1). */
export function isRefName(ref: string): boolean {
  return ref.startsWith('refs/') && ref.length <= 1024 && !REF_UNSAFE.test(ref);
}

/** @throws LedgerError BAD_INPUT for a name that git would refuse as a ref. */
export function checkRefName(ref: string): void {
  if (!isRefName(ref)) throw new LedgerError('BAD_INPUT', `not a ref name: ${JSON.stringify(ref)}`);
}

/** True when `ref` lies in the folder `prefix`, which ends in `/`, or is the one ref that `prefix` names. */
export function underPrefix(ref: string, prefix: string): boolean {
  return prefix.endsWith('/') ? ref.startsWith(prefix) : ref === prefix;
}
