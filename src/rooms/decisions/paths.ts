import { starMatches } from '../../kernel/star.ts';

/** Longest path or pattern, in characters. */
export const MAX_PATH = 256;

/** Why `path` is no path or pattern inside a repository; undefined when it is good. */
export function pathProblem(path: string): string | undefined {
  if (path.trim() === '') return 'is empty';
  if ([...path].length > MAX_PATH) return `is longer than ${MAX_PATH} characters`;
  if (/[\p{Cc}\u2028\u2029]/u.test(path)) return 'has a control character';
  if (path.includes('\\')) return 'has a backslash: folders are parted by /';
  const rooted = /^([/~]|[a-z]:)|:\//i.test(path) || path.split('/').includes('..');
  return rooted ? 'is no path inside the repository (src/parser/**)' : undefined;
}

/** The one way to write a path: no `./` before it, no empty or `.` part, no `/` at its end. */
export function plainPath(path: string): string {
  const parts = path.trim().split('/');
  return parts[0] === '' ? path.trim() : parts.filter(part => part !== '' && part !== '.').join('/');
}

/** True when the pattern matches the file, or a folder that it lies in: `*` and `?` within a name, `**` across folders. */
export function covers(pattern: string, file: string): boolean {
  const wanted = pattern.split('/');
  const names = file.split('/').map(name => [...name]);
  // Which beginnings of the file's names the pattern so far matches; no step looks back, so any pattern ends soon.
  let reached = new Set([0]);
  for (const part of wanted) {
    const next = new Set<number>();
    const letters = [...part];
    for (const at of reached) {
      if (part === '**') for (let to = at; to <= names.length; to++) next.add(to);
      else if (at < names.length && nameMatches(letters, names[at]!)) next.add(at + 1);
    }
    reached = next;
  }
  return [...reached].some(at => at > 0);
}

/** One name against `*` and `?` (one character each, whatever its length in bytes). */
function nameMatches(pattern: readonly string[], name: readonly string[]): boolean {
  return starMatches(pattern, name, (wanted, letter) => wanted === '?' || wanted === letter) === true;
}

/** How narrow a pattern is: the characters of its names that are no wildcards. */
export function narrowness(pattern: string): number {
  return pattern.replace(/[*?/]/g, '').length;
}
