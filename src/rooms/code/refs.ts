import { canonicalJson } from '../../kernel/canonical.ts';
import type { CodeRef } from '../tasks/record.ts';
import { prKey } from './prs.ts';

/** What a code ref points at, without what became of it. */
export type Pointed = Omit<CodeRef, 'live' | 'by' | 'at' | 'state' | 'moved_to'>;

/** Shortest beginning of a commit id that names a commit. */
export const MIN_SHA = 7;

/** True when both name one commit: equal, or the shorter (7 or more characters) is how the other begins. */
export function sameCommit(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.length >= MIN_SHA && long.startsWith(short);
}

/** True when a ref that is there points at all that `ref` points at: the same commit, the same pull request, the same words. */
export function covered(there: CodeRef, ref: Pointed): boolean {
  if (there.ref_type !== ref.ref_type) return false;
  if (ref.ref_type === 'commit') return there.sha?.startsWith(ref.sha ?? '?') === true;
  const key = ref.ref_type === 'pr' ? prKey(ref) : undefined;
  return key === undefined ? canonicalJson(pointed(there)) === canonicalJson(pointed(ref)) : key === prKey(there);
}

/** What a ref points at, apart from what became of it and who added it. */
export function pointed({ ref_type, sha, name, url, repo }: Pointed): Pointed {
  return JSON.parse(JSON.stringify({ ref_type, sha, name, url, repo })) as Pointed;
}

/** The ref as one that is reached again. */
export function revived({ moved_to: _there, ...ref }: CodeRef): CodeRef {
  return { ...ref, live: true };
}

/** Path inside the repository and lines of a `file` ref (`src/zone.ts:10-20`). */
export function placeOf(name: string): { path: string; from?: number; to?: number } {
  const [, path, from, to] = /^(.+?):(\d{1,9})(?:-(\d{1,9}))?$/.exec(name) ?? [];
  if (path === undefined) return { path: name };
  return { path, from: Number(from), to: Number(to ?? from) };
}

/** Why a code ref names nothing, or a place on somebody's machine; undefined when it is good. */
export function refProblem({ ref_type, sha, name, url }: Pointed): string | undefined {
  if (ref_type === 'commit' && sha === undefined) return 'a commit is named by its sha';
  if (ref_type === 'pr' && url === undefined && name === undefined) return 'a pr is named by its url or number (name)';
  if ((ref_type === 'branch' || ref_type === 'tag' || ref_type === 'file') && name === undefined)
    return `a ${ref_type} has a name`;
  if (ref_type !== 'file' || name === undefined) return undefined;
  const rooted = /^([/\\~]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes('..');
  return rooted ? 'a file is named by its path inside the repository' : undefined;
}
