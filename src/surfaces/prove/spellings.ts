import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute } from 'node:path';
import type { Environment } from '../../store/git/index.ts';
import type { Paths } from './output.ts';

/**
 * The paths of this machine that a check may print: the root as git names it, without links, and as the caller came in.
 * @param cwd where the caller stands, in the caller's spelling
 */
export function pathsOf(root: string, cwd: string, env: Environment): Paths {
  const whole = real(root);
  const roots = [root, whole];
  for (const from of [cwd, env.PWD ?? '']) {
    if (!isAbsolute(from)) continue;
    // A link may lead into the checkout at any depth; every folder above that is the root is a spelling of it.
    for (let folder = from; folder !== dirname(folder); folder = dirname(folder))
      if (real(folder) === whole) roots.push(folder);
  }
  const homes = [env.HOME, env.USERPROFILE, homedir()].filter(
    home => home !== undefined && isAbsolute(home),
  ) as string[];
  return { roots, homes: homes.flatMap(home => [home, real(home)]) };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
