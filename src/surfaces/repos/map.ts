import { existsSync, mkdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { isFingerprint } from '../../kernel/fingerprint.ts';
import { readJson, writeWhole } from '../../store/git/files.ts';
import { withLock } from '../../store/git/lock.ts';
import type { Env } from '../hosts.ts';

/** Longest path that is believed. */
const MAX_PATH = 4_096;
const VERSION = 1;

/**
 * Which folder of this machine is a checkout of which repository: `~/.ledgenter/repos.json`. It never leaves the machine:
 * no record and no input has a place for a path. A convenience, so nothing here ever throws.
 */
export class RepoMapFile {
  readonly #file: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** The map of whose environment this is; one without a home has none. */
  static of(env: Env): RepoMapFile {
    const home = process.platform === 'win32' ? (env.USERPROFILE ?? env.HOME) : env.HOME;
    return new RepoMapFile(home && isAbsolute(home) ? join(home, '.ledgenter', 'repos.json') : undefined);
  }

  /** Folder by fingerprint, as the file says; empty when there is none that can be read. */
  all(): Map<string, string> {
    return this.#read() ?? new Map();
  }

  /** As {@link all}, without folders that hold no checkout any more. */
  live(): Map<string, string> {
    return new Map([...this.all()].filter(([, folder]) => isCheckout(folder)));
  }

  /**
   * Notes a checkout. The first one of a repository stays as long as it is there, unless this one is `meant`.
   * @returns false when it could not be written
   */
  async remember(fingerprint: string, folder: string, meant = false): Promise<boolean> {
    const file = this.#file;
    if (file === undefined || !isFingerprint(fingerprint) || !isFolder(folder)) return false;
    const wanted = (known: Map<string, string>): boolean => {
      const there = known.get(fingerprint);
      if (there === folder) return meant && [...known].some(entry => !stays(entry, fingerprint, folder));
      return there === undefined || meant || !isCheckout(there);
    };
    try {
      if (!wanted(this.all())) return true;
      mkdirSync(dirname(file), { recursive: true });
      await withLock(`${file}.lock`, async () => {
        const known = this.#read();
        // A file of a later version is not ours to write.
        if (!known || !wanted(known)) return;
        const kept = meant ? [...known].filter(entry => stays(entry, fingerprint, folder)) : [...known];
        // A folder is one repository: what it was before its remote changed is over.
        const rest = kept.filter(([name, path]) => name === fingerprint || path !== folder);
        const repos = Object.fromEntries(
          [...new Map(rest).set(fingerprint, folder)].sort(([a], [b]) => (a < b ? -1 : 1)),
        );
        await writeWhole(file, `${JSON.stringify({ version: VERSION, repos }, null, 2)}\n`);
      });
      return this.all().get(fingerprint) !== undefined;
    } catch {
      return false; // a home that cannot be written: claims say the address of the repository instead
    }
  }

  /** Takes a checkout off the map: who left it works there no more. */
  async forget(folder: string): Promise<void> {
    const file = this.#file;
    if (file === undefined || ![...this.all().values()].includes(folder)) return;
    await withLock(`${file}.lock`, async () => {
      const repos = Object.fromEntries([...this.all()].filter(([, path]) => path !== folder));
      await writeWhole(file, `${JSON.stringify({ version: VERSION, repos }, null, 2)}\n`);
    }).catch(() => {}); // a home that cannot be written: the entry is harmless
  }

  /** Undefined for a file of another version; a missing or damaged one is empty. */
  #read(): Map<string, string> | undefined {
    if (this.#file === undefined) return new Map();
    const found = readJson(this.#file, value => value as { version?: unknown; repos?: unknown } | null);
    if (typeof found?.version === 'number' && found.version > VERSION) return undefined;
    const repos = found?.repos;
    if (typeof repos !== 'object' || repos === null || Array.isArray(repos)) return new Map();
    const entries = Object.entries(repos).filter(([name, folder]) => isFingerprint(name) && isFolder(folder));
    return new Map(entries as [string, string][]);
  }
}

/** What is left when somebody puts the map in order: what is there, and is no other repository in the same folder. */
function stays([name, path]: [string, string], fingerprint: string, folder: string): boolean {
  return isCheckout(path) && (name === fingerprint || path !== folder);
}

function isFolder(value: unknown): value is string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a path with one is shown on terminals
  return typeof value === 'string' && value.length <= MAX_PATH && isAbsolute(value) && !/[\u0000-\u001f]/.test(value);
}

function isCheckout(folder: string): boolean {
  return existsSync(join(folder, '.git'));
}
