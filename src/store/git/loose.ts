import { mkdirSync, renameSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PromiseFsClient } from 'isomorphic-git';
import { randomHex } from '../random.ts';
import { remove } from './files.ts';

/** What isomorphic-git is told instead of a stat of the git dir, which it asks for at every write. */
const A_FOLDER = { isDirectory: () => true, isFile: () => false };

const absent = (path: string): Error => Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });

async function unsupported(): Promise<never> {
  throw new Error('only objects are written here');
}

/**
 * The file system isomorphic-git writes objects through. An object appears whole or not at all, so a killed process
 * leaves no empty object behind; what it does leave is named as git's own temporary objects are, which `git fsck`
 * passes over and `git gc` removes.
 * @param gitDir the common git dir
 */
export function looseObjectFs(gitDir: string): PromiseFsClient {
  return {
    promises: {
      async stat(path: string) {
        if (path === gitDir) return A_FOLDER;
        const found = statOf(path);
        // An empty object is the wreck of a crash: it is written anew. Other faults show themselves in the write.
        if (!found || found.size === 0) throw absent(path);
        return found;
      },
      writeFile: writeWhole,
      mkdir: async (path: string) => mkdirSync(path),
      readFile: unsupported,
      rmdir: unsupported,
      unlink: unsupported,
      lstat: unsupported,
      readdir: unsupported,
      readlink: unsupported,
      symlink: unsupported,
    },
  };
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

async function writeWhole(path: string, data: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `tmp_obj_${randomHex(8)}`);
  try {
    writeFileSync(temporary, data, { flag: 'wx', mode: 0o444 });
    renameSync(temporary, path);
  } catch (error) {
    remove(temporary);
    // Windows refuses to replace a read-only file: then somebody else has written the same object.
    const there = statOf(path);
    if (!there || there.size === 0) throw error;
  }
}
