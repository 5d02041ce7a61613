import { createReadStream, existsSync } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { LedgerError } from '../../../kernel/errors.ts';
import { randomHex } from '../../random.ts';
import { faultOf, lastLine } from '../faults.ts';
import { type RunOptions, startGit } from '../run.ts';
import { type BundleHead, MAX_HEAD, objectsIn, readHead } from './bundle.ts';

/** A file larger than this is no export of a ledger anybody could work with: a million tasks take 1.2 GB. */
const MAX_FILE = 8 * 1024 ** 3;
/** As git names what it takes in and has not taken yet: `git gc` removes what a killed process left. */
const APART = 'tmp_objdir-ledgenter-';
/** A folder of a process that cannot be asked any more counts as left behind after this long, in ms. */
const LEFT_MS = 86_400_000;

/**
 * The objects of a bundle beside those of the repository: they can be read as if they were in it, and are not in it until
 * {@link keep}. A process that dies leaves a folder and nothing else.
 */
export class Incoming {
  readonly head: BundleHead;
  /** Variables that show git these objects and those of the repository. */
  readonly env: Record<string, string>;
  readonly #objects: string;
  readonly #folder: string;

  private constructor(head: BundleHead, objects: string, folder: string) {
    this.head = head;
    this.#objects = objects;
    this.#folder = folder;
    this.env = {
      GIT_QUARANTINE_PATH: folder,
      GIT_OBJECT_DIRECTORY: folder,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(objects),
    };
  }

  /**
   * Reads a bundle that anyone may have made. git checks every object and link in it.
   * @throws LedgerError NOT_FOUND, BAD_INPUT (what is wrong with it, and where), TOO_LARGE, CANCELLED
   */
  static async open(
    file: string,
    run: RunOptions & { gitDir: string },
    check: (head: BundleHead) => void,
    progress?: (done: number, total: number) => void,
  ): Promise<Incoming> {
    const { head, size, objects } = await lookAt(file);
    check(head);
    const home = join(run.gitDir, 'objects');
    await sweep(home);
    const folder = join(home, `${APART}${process.pid}-${randomHex(6)}`);
    const incoming = new Incoming(head, home, folder);
    try {
      await mkdir(join(folder, 'pack'), { recursive: true });
    } catch (error) {
      throw faultOf('making a folder', error);
    }
    try {
      await incoming.#index(file, size, objects, run, progress);
      return incoming;
    } catch (error) {
      await incoming.close();
      throw error;
    }
  }

  /** Puts the objects among those of the repository. No ref names them yet. */
  async keep(): Promise<void> {
    const from = join(this.#folder, 'pack');
    const to = join(this.#objects, 'pack');
    try {
      await mkdir(to, { recursive: true });
      // A pack counts from when its index is there.
      const names = (await readdir(from)).filter(name => /^pack-[0-9a-f]+\.(pack|rev|idx)$/.test(name));
      for (const name of names.sort((a, b) => Number(a.endsWith('.idx')) - Number(b.endsWith('.idx')))) {
        if (existsSync(join(to, name))) continue; // the same objects came before
        await chmod(join(from, name), 0o444);
        await rename(join(from, name), join(to, name));
      }
    } catch (error) {
      throw faultOf('taking the objects in', error);
    }
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true }).catch(() => {}); // swept by the next one
  }

  async #index(
    file: string,
    size: number,
    objects: number,
    run: RunOptions & { gitDir: string },
    progress?: (done: number, total: number) => void,
  ): Promise<void> {
    const { signal, env, ...rest } = run;
    const args = ['index-pack', '--stdin', '--strict', '--threads=1', `--max-input-size=${size}`];
    const child = startGit(args, { ...rest, env: { ...env, ...this.env } });
    const stream = createReadStream(file, { start: this.head.packAt });
    let read = this.head.packAt;
    let err = '';
    const end = (): void => {
      stream.destroy();
      child.kill('SIGTERM');
    };
    signal?.addEventListener('abort', end, { once: true });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = (err + text).slice(-8192);
    });
    child.stdout.resume();
    stream.on('data', chunk => {
      read += chunk.length;
      progress?.(read, size);
    });
    stream.on('error', end);
    stream.pipe(child.stdin);
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
      });
      if (signal?.aborted) throw new LedgerError('CANCELLED', 'stopped; nothing was taken in');
      if (code !== 0) throw damaged(err, objects);
    } catch (error) {
      throw faultOf('git index-pack', error);
    } finally {
      signal?.removeEventListener('abort', end);
      stream.destroy();
    }
  }
}

async function lookAt(file: string): Promise<{ head: BundleHead; size: number; objects: number }> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new LedgerError('NOT_FOUND', `no file ${JSON.stringify(basename(file))}`, {
        hint: 'ledgenter import <file>',
      });
    throw new LedgerError('BAD_INPUT', `${JSON.stringify(basename(file))} cannot be read: ${error.message}`);
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new LedgerError('BAD_INPUT', `${JSON.stringify(basename(file))} is no file`);
    if (found.size > MAX_FILE)
      throw new LedgerError('TOO_LARGE', `the file is larger than ${MAX_FILE / 1024 ** 3} GB`, {
        hint: 'ledgenter import <another file>',
      });
    const start = Buffer.alloc(Math.min(found.size, MAX_HEAD));
    await handle.read(start, 0, start.length, 0);
    const head = readHead(start);
    const pack = Buffer.alloc(Math.min(12, found.size - head.packAt));
    await handle.read(pack, 0, pack.length, head.packAt);
    return { head, size: found.size, objects: objectsIn(pack, found.size - head.packAt) };
  } finally {
    await handle.close();
  }
}

function damaged(err: string, objects: number): LedgerError {
  const why = lastLine(err).replace(/^(fatal|error): /, '');
  return new LedgerError('BAD_INPUT', `its ${objects} objects are damaged or cut off: ${why}`, {
    hint: 'ledgenter export <file>, where the ledger is',
  });
}

/** git splits the list at the separator of paths, but not inside of quotes. */
function quoted(path: string): string {
  return path.includes(delimiter) || path.startsWith('"') ? JSON.stringify(path) : path;
}

/** Folders of imports whose process is gone, by name. */
export async function leftBehind(objects: string, now = Date.now()): Promise<string[]> {
  const names = (await readdir(objects).catch(() => [])).filter(name => name.startsWith(APART));
  const out: string[] = [];
  for (const name of names) {
    const pid = Number(name.slice(APART.length).split('-')[0]);
    const found = await stat(join(objects, name)).catch(() => undefined);
    if (found && (now - found.mtimeMs > LEFT_MS || !alive(pid))) out.push(name);
  }
  return out;
}

/** Removes what imports left that were killed. */
export async function sweep(objects: string): Promise<string[]> {
  const names = await leftBehind(objects);
  for (const name of names) await rm(join(objects, name), { recursive: true, force: true }).catch(() => {});
  return names;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
