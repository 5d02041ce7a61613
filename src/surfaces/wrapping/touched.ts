import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runGit } from '../../store/git/index.ts';
import type { Located } from './locate.ts';

/** Longest that git may look, in ms: the command has ended, and somebody waits. */
const LOOK_MS = 1_500;
const LOOK_BYTES = 262_144;
/** Paths that are named, and the characters that they take. */
const MAX_FILES = 50;
const MAX_NAMED = 3_000;
/** Clocks of file systems are coarser than ours, in ms. */
const SLACK_MS = 15;

/**
 * The paths that changed since a command began: those of its commits, and those of the working tree that were written
 * since. Git is asked once, afterwards; a picture taken before would have to be waited for before the command may start.
 * @returns undefined when git could not say in time
 */
export async function touchedSince(
  place: Located,
  began: number,
): Promise<{ paths: string[]; more: number } | undefined> {
  const git = { cwd: place.topLevel, timeoutMs: LOOK_MS, maxOutput: LOOK_BYTES };
  const status = ['status', '-z', '--porcelain=v2', '--branch', '--untracked-files=normal', '--no-renames'];
  const run = await runGit(['--no-optional-locks', ...status], git);
  if (run.code !== 0) return undefined;
  const found = new Set<string>();
  let head: string | undefined;
  for (const line of run.stdout.toString('utf8').split('\0')) {
    if (line.startsWith('# branch.oid ')) head = line.slice('# branch.oid '.length);
    if (!/^[12u?] /.test(line)) continue;
    const path = line
      .split(' ')
      .slice({ '?': 1, u: 10 }[line[0]!] ?? 8)
      .join(' ');
    if (isSince(join(place.topLevel, path), began - SLACK_MS)) found.add(path);
  }
  if (place.head !== undefined && head !== undefined && /^[0-9a-f]{40,64}$/.test(head) && head !== place.head) {
    const diff = await runGit(['diff-tree', '-r', '-z', '--name-only', '--no-renames', place.head, head], git);
    if (diff.code === 0) for (const path of diff.stdout.toString('utf8').split('\0')) if (path !== '') found.add(path);
  }
  const all = [...found].sort();
  const paths: string[] = [];
  let size = 0;
  for (const path of all.slice(0, MAX_FILES)) {
    size += path.length + 3;
    if (size > MAX_NAMED) break;
    paths.push(path);
  }
  return { paths, more: all.length - paths.length };
}

/** What was removed shows in the folder that it lay in. */
function isSince(path: string, time: number): boolean {
  for (let at = path; ; at = dirname(at)) {
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found) return Math.max(found.mtimeMs, found.ctimeMs) >= time;
    if (at === dirname(at)) return false;
  }
}
