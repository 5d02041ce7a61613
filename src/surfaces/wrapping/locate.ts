import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Env } from '../hosts.ts';

/** A larger file of packed refs is not looked through, in bytes. */
const MAX_PACKED = 4 << 20;

/** The repository around a folder, found without git: the command is waited for by nobody then. */
export interface Located {
  gitDir: string;
  commonDir: string;
  topLevel: string;
  /** The commit that HEAD is at; undefined where there is none yet, or only git can tell. */
  head?: string;
}

/** @returns undefined outside of all, and where the environment says another than what the folders do */
export function locate(cwd: string, env: Env): Located | undefined {
  if (env.GIT_DIR) return undefined;
  const ceilings = (env.GIT_CEILING_DIRECTORIES ?? '').split(delimiter);
  for (let folder = cwd; ; folder = dirname(folder)) {
    const gitDir = gitDirIn(folder);
    if (gitDir !== undefined) {
      const common = textOf(join(gitDir, 'commondir'))?.trim();
      const commonDir = common === undefined ? gitDir : resolve(gitDir, common);
      const head = headOf(gitDir, commonDir);
      return { gitDir, commonDir, topLevel: folder, ...(head === undefined ? {} : { head }) };
    }
    if (folder === dirname(folder) || ceilings.includes(dirname(folder))) return undefined;
  }
}

function gitDirIn(folder: string): string | undefined {
  const dot = join(folder, '.git');
  const found = statSync(dot, { throwIfNoEntry: false });
  if (!found) return undefined;
  if (found.isDirectory()) return existsSync(join(dot, 'HEAD')) ? dot : undefined;
  const named = /^gitdir: (.+)$/m.exec(textOf(dot) ?? '')?.[1]?.trim();
  if (named === undefined) return undefined;
  return isAbsolute(named) ? named : resolve(folder, named);
}

function headOf(gitDir: string, commonDir: string): string | undefined {
  const head = textOf(join(gitDir, 'HEAD'))?.trim() ?? '';
  const ref = /^ref: (refs\/[^\s]+)$/.exec(head)?.[1];
  if (ref === undefined) return oidIn(head);
  if (ref.includes('..')) return undefined;
  const loose = oidIn(textOf(join(commonDir, ref)));
  if (loose !== undefined) return loose;
  const packed = join(commonDir, 'packed-refs');
  if ((statSync(packed, { throwIfNoEntry: false })?.size ?? MAX_PACKED) >= MAX_PACKED) return undefined;
  const line = (textOf(packed) ?? '').split('\n').find(one => one.endsWith(` ${ref}`));
  return oidIn(line?.split(' ', 1)[0]);
}

const oidIn = (text: string | undefined): string | undefined =>
  /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.exec(text?.trim() ?? '')?.[0];

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
