import { realpathSync } from 'node:fs';
import { isAbsolute, posix, relative, sep } from 'node:path';
import type { Operation } from '../../kernel/operation.ts';
import { inputFields } from '../inputs.ts';
import type { Place } from '../place.ts';

/** As in git's pathspecs: what follows counts from the top of the work tree. */
const TOP = ':/';

/**
 * Paths of this repository as they were typed become paths from the top of its work tree: like those of git they count
 * from the folder that the caller stands in. A path that leads out of it is left for the schema to refuse.
 */
export function fromFolder(operation: Operation, input: Record<string, unknown>, place: Place): void {
  const top = place.repository?.topLevel;
  // Paths of another repository have no folder here.
  if (input.repo !== undefined) return;
  for (const { name, inRepo } of inputFields(operation)) {
    const given = input[name];
    if (!inRepo || given === undefined) continue;
    const prefix = top === undefined ? '' : prefixOf(top, place.cwd);
    const turned = (path: unknown) => (typeof path === 'string' ? fromTop(path, prefix, top) : path);
    input[name] = Array.isArray(given) ? given.map(turned) : turned(given);
  }
}

function fromTop(text: string, prefix: string, top: string | undefined): string {
  const path = text.trim();
  if (path.startsWith(TOP)) return path.slice(TOP.length);
  if (isAbsolute(path))
    return (top === undefined ? undefined : (inside(top, path) ?? inside(real(top), real(path)))) ?? path;
  return prefix === '' && !path.includes('..') ? path : posix.join(prefix, path);
}

/** The caller's folder from the top of the work tree; '' at the top and outside of it. */
const prefixOf = (top: string, cwd: string): string => inside(real(top), real(cwd)) ?? '';

function inside(top: string, path: string): string | undefined {
  const found = relative(top, path);
  return found === '..' || found.startsWith(`..${sep}`) || isAbsolute(found) ? undefined : found.split(sep).join('/');
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
