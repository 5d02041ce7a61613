import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { faultOf } from '../../store/git/faults.ts';
import { randomHex } from '../../store/random.ts';

/** What says that a folder is a snapshot, and which files in it are ours. */
export const MANIFEST = '.ledgenter-snapshot.json';
/** A snapshot takes no longer than this, in ms: a folder that is older was left. */
const LEFT_MS = 3_600_000;
const MAX_MANIFEST = 512 << 20;

export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/**
 * Where the pages go: beside the folder first, and in its place at the very end. Only a folder that is empty, or that holds
 * nothing but what a snapshot wrote there, is ever replaced.
 */
export class Place {
  readonly folder: string;
  readonly building: string;
  readonly #old: string;

  private constructor(folder: string) {
    this.folder = folder;
    const name = `${folder}.snapshot-${randomHex(6)}`;
    this.building = `${name}.tmp`;
    this.#old = `${name}.old`;
  }

  /** @throws LedgerError REFUSED, naming the first file that is not a snapshot's; READ_ONLY_REPOSITORY, NO_ROOM */
  static take(asked: string): Place {
    const folder = existsSync(asked) ? realpathSync(asked) : asked;
    if (existsSync(folder)) needOwn(folder);
    const place = new Place(folder);
    place.#sweep();
    try {
      mkdirSync(place.building, { recursive: true });
    } catch (error) {
      throw faultOf('making a folder', error);
    }
    return place;
  }

  /** Two renames: who looks meanwhile sees the old pages, for a moment none, or the new ones, never some of each. */
  put(): void {
    try {
      const was = existsSync(this.folder);
      if (was) {
        needOwn(this.folder); // somebody may have put a file there meanwhile
        renameSync(this.folder, this.#old);
      }
      try {
        renameSync(this.building, this.folder);
      } catch (error) {
        if (was) renameSync(this.#old, this.folder);
        throw error;
      }
      rmSync(this.#old, { recursive: true, force: true });
    } catch (error) {
      throw faultOf('putting the snapshot in place', error);
    }
  }

  drop(): void {
    rmSync(this.building, { recursive: true, force: true });
  }

  /** What a snapshot that was killed left beside the folder, once none can be at it any more. */
  #sweep(): void {
    const [above, name] = [dirname(this.folder), basename(this.folder)];
    for (const other of existsSync(above) ? readdirSync(above) : []) {
      if (!other.startsWith(name) || !/^\.snapshot-[0-9a-f]{12}\.(tmp|old)$/.test(other.slice(name.length))) continue;
      const path = join(above, other);
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found?.isDirectory() && Date.now() - found.mtimeMs > LEFT_MS) rmSync(path, { recursive: true, force: true });
    }
  }
}

/** Stops at the first file that is not a snapshot's: the folder may be anything. @throws LedgerError REFUSED */
function needOwn(folder: string): void {
  if (!lstatSync(folder).isDirectory()) throw refused('it is no folder');
  const known = manifestOf(join(folder, MANIFEST));
  for (const file of filesIn(folder)) {
    if (file === MANIFEST && known) continue;
    const wanted = known?.get(file);
    if (wanted === undefined) throw refused(`${file} was not written by a snapshot`);
    if (sha256(readFileSync(join(folder, file))) !== wanted) throw refused(`${file} was changed since`);
  }
}

function refused(why: string): LedgerError {
  return new LedgerError('REFUSED', `the folder is left as it is: ${why}`, {
    hint: 'ledgenter snapshot <a new or empty folder>',
  });
}

/** The files that a manifest names, with the SHA-256 of their bytes; undefined when there is none that can be read. */
function manifestOf(path: string): Map<string, string> | undefined {
  try {
    if (lstatSync(path).size > MAX_MANIFEST) return undefined;
    const { files } = JSON.parse(readFileSync(path, 'utf8')) as { files: Record<string, string> };
    return new Map(Object.entries(files));
  } catch {
    return undefined;
  }
}

/** All that lies below, links as they are, with slashes. */
function* filesIn(folder: string, at = ''): Generator<string> {
  for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    if (entry.isDirectory()) yield* filesIn(folder, path);
    else yield path;
  }
}
