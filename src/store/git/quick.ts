import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GitConfig } from './config.ts';
import type { Location } from './discover.ts';

/** Variables under which git looks otherwise than from folder to folder. */
const UNUSUAL = ['GIT_CEILING_DIRECTORIES', 'GIT_DISCOVERY_ACROSS_FILESYSTEM'];
/** Extensions that change nothing about where things are, beside the object format. */
const KNOWN_EXTENSIONS = new Set(['extensions.objectformat', 'extensions.partialclone', 'extensions.worktreeconfig']);

/** An ordinary repository: a checkout with its own `.git` folder. */
export interface Ordinary {
  gitDir: string;
  topLevel: string;
}

/**
 * The repository around `cwd`, without a process, when nothing about it is out of the ordinary: it and its folder are
 * this account's own (what git calls safe), on one file system, at their real paths. Undefined: git has to be asked,
 * which is also how a fault is told.
 * @param env git's environment, scrubbed
 */
export function findOrdinary(cwd: string, env: NodeJS.ProcessEnv): Ordinary | undefined {
  const uid = process.geteuid?.();
  if (uid === undefined || UNUSUAL.some(name => env[name])) return undefined;
  // macOS stores names in another Unicode form than they are typed in.
  if (process.platform === 'darwin' && /[^\x20-\x7e]/.test(cwd)) return undefined;
  try {
    if (realpathSync.native(cwd) !== cwd || cwd.includes('\n')) return undefined;
    const { dev } = statSync(cwd);
    for (let folder = cwd; ; folder = dirname(folder)) {
      const here = statSync(folder);
      if (here.dev !== dev) return undefined;
      const gitDir = join(folder, '.git');
      const found = look(gitDir);
      if (found)
        return isOwn(here, uid) && isOwn(found, uid) && isWhole(gitDir) ? { gitDir, topLevel: folder } : undefined;
      if (look(join(folder, 'HEAD')) || folder === dirname(folder)) return undefined;
    }
  } catch {
    return undefined; // a folder that may not be read: git says what is wrong
  }
}

/** The location, unless the configuration puts something elsewhere. */
export function ordinaryLocation({ gitDir, topLevel }: Ordinary, config: GitConfig): Location | undefined {
  const version = config.get('core.repositoryformatversion') ?? '0';
  const bare = config.get('core.bare') ?? 'false';
  if (!/^[01]$/.test(version) || bare !== 'false' || config.get('core.worktree') !== undefined) return undefined;
  const extensions = config.names().filter(name => name.startsWith('extensions.'));
  const format = config.get('extensions.objectformat') ?? 'sha1';
  if (extensions.some(name => !KNOWN_EXTENSIONS.has(name)) || (format !== 'sha1' && format !== 'sha256'))
    return undefined;
  if (extensions.length > 0 && version !== '1') return undefined;
  return {
    gitDir,
    commonDir: gitDir,
    topLevel,
    bare: false,
    worktree: 'main',
    objectFormat: format,
    refFormat: 'files',
  };
}

function look(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function isOwn(found: Stats, uid: number): boolean {
  return found.isDirectory() && found.uid === uid;
}

/** What git wants to see before it takes a folder for a git dir, and nothing that makes it a worktree's. */
function isWhole(gitDir: string): boolean {
  const folder = (name: string) => look(join(gitDir, name))?.isDirectory() === true;
  if (!folder('objects') || !folder('refs') || look(join(gitDir, 'commondir'))) return false;
  if (look(join(gitDir, 'HEAD'))?.isFile() !== true) return false;
  return /^(?:ref: refs\/\S|[0-9a-f]{40,64}\s*$)/.test(readFileSync(join(gitDir, 'HEAD'), 'latin1'));
}
