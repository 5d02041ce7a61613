import type { CodeRef } from './record.ts';

/** Why a code ref names nothing, or a place on somebody's machine; undefined when it is good. */
export function refProblem({ ref_type, sha, name, url }: Omit<CodeRef, 'live' | 'by' | 'at'>): string | undefined {
  if (ref_type === 'commit' && sha === undefined) return 'a commit is named by its sha';
  if (ref_type === 'pr' && url === undefined && name === undefined) return 'a pr is named by its url or number (name)';
  if ((ref_type === 'branch' || ref_type === 'tag' || ref_type === 'file') && name === undefined)
    return `a ${ref_type} has a name`;
  if (ref_type !== 'file' || name === undefined) return undefined;
  const rooted = /^([/\\~]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes('..');
  return rooted ? 'a file is named by its path inside the repository' : undefined;
}
