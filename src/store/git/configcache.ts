import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { GitConfig } from './config.ts';
import type { Ordinary } from './quick.ts';

/** `git config --list` costs 6 ms of CPU. What it said is kept with a stamp of every file it came from or may come from. */
interface Kept {
  /** The variables of the environment that say where configuration is. */
  key: string;
  at: number;
  /** path → stamp; `''` = there was no such file. */
  files: [string, string][];
  /** What we use of it, as `git config -z --list` prints it. */
  text: string;
}

const NAME = 'git-config.json';
/** Environments whose answers are kept. */
const MAX_KEPT = 4;
const MAX_SIZE = 262_144;
/** A file of the system may lie where nobody looks: what was kept is asked again after an hour, in ms. */
const MAX_AGE_MS = 3_600_000;
/** A file that changed this short before it was read may change again under the same stamp, in ms. */
const RACY_MS = 2000;
/** Configuration may hold secrets (headers, passwords); what is not used here is not written down here. */
const USED = /^(?:(?:ledgenter|user|core|extensions|gpg(?:\..*)?|remote\..*)\.[^.]*|branch\..*\.ledgenter)$/s;
/** Configuration from the environment is not in a file and may be a secret. */
const FROM_ENVIRONMENT = /^GIT_CONFIG_(?:COUNT|PARAMETERS|KEY_|VALUE_)/;
const SYSTEM_FILE = '/etc/gitconfig';
const PLACES = ['HOME', 'XDG_CONFIG_HOME', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM', 'PATH'];

/** The configuration in use in one repository, by a file that says which files it was read from. */
export class ConfigCache {
  readonly #place: Ordinary;
  readonly #env: NodeJS.ProcessEnv;
  readonly #path: string;
  readonly #key: string;
  readonly #started: number;

  private constructor(place: Ordinary, env: NodeJS.ProcessEnv, now: number) {
    this.#started = now;
    this.#place = place;
    this.#env = env;
    this.#path = join(place.gitDir, 'ledgenter', 'cache', NAME);
    // What an older build kept lacks what this one uses.
    this.#key = JSON.stringify([USED.source, place.gitDir, ...PLACES.map(name => env[name] ?? null)]);
  }

  /**
   * Undefined where nothing may be kept: configuration by variables, or no home to look in.
   * @param now ms since the epoch
   */
  static in(place: Ordinary, env: NodeJS.ProcessEnv, now: number): ConfigCache | undefined {
    const usual = env.HOME !== undefined && isAbsolute(env.HOME);
    return usual && !Object.keys(env).some(name => FROM_ENVIRONMENT.test(name))
      ? new ConfigCache(place, env, now)
      : undefined;
  }

  /** What git would say now; undefined when only git knows. */
  read(): GitConfig | undefined {
    const kept = this.#load().find(({ key }) => key === this.#key);
    if (!kept || Math.abs(this.#started - kept.at) > MAX_AGE_MS) return undefined;
    return kept.files.every(([path, was]) => stampOf(path)?.text === was) ? GitConfig.parse(kept.text) : undefined;
  }

  /**
   * Keeps an answer for the next process, if it is sure to know when the answer no longer holds. Nothing is made where
   * there is no ledger yet.
   * @param listing of `git config -z --list --show-origin`
   */
  keep(listing: string): void {
    const files = this.#filesOf(listing);
    if (!files) return;
    const kept: Kept = { key: this.#key, at: this.#started, files, text: withoutOrigins(listing, USED) };
    const all = [kept, ...this.#load().filter(({ key }) => key !== this.#key)].slice(0, MAX_KEPT);
    const text = JSON.stringify(all);
    if (text.length > MAX_SIZE) return;
    const temporary = `${this.#path}.${process.pid}.${Math.random().toString(36).slice(2, 10)}.tmp`;
    try {
      statSync(dirname(dirname(this.#path)));
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(temporary, text, { flag: 'wx', mode: 0o600 });
      renameSync(temporary, this.#path);
    } catch {
      rmSync(temporary, { force: true }); // a git dir that cannot be written: git is asked every time
    }
  }

  #load(): Kept[] {
    try {
      const text = readFileSync(this.#path, 'utf8');
      const all: unknown = text.length > MAX_SIZE ? [] : JSON.parse(text);
      return Array.isArray(all) ? all.filter(isKept) : [];
    } catch {
      return []; // none, or damaged
    }
  }

  /** Stamps of all files that the answer depends on; undefined when that cannot be said for sure. */
  #filesOf(listing: string): [string, string][] | undefined {
    const { gitDir, topLevel } = this.#place;
    const { HOME = '', XDG_CONFIG_HOME, GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM } = this.#env;
    const origins = new Set<string>();
    const paths = new Set([
      SYSTEM_FILE,
      join(HOME, '.gitconfig'),
      join(XDG_CONFIG_HOME || join(HOME, '.config'), 'git', 'config'),
      join(gitDir, 'config'),
      join(gitDir, 'config.worktree'),
      ...[GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM].flatMap(path => (path ? [resolve(topLevel, path)] : [])),
    ]);
    for (const { origin, name, value } of items(listing)) {
      if (origin.startsWith('file:')) origins.add(resolve(topLevel, origin.slice(5)));
      else if (origin !== 'command line:') return undefined;
      const including = /^include(?:if\.(.*))?\.path$/s.exec(name);
      if (!including) continue;
      // Which branch is checked out is in no configuration file.
      if (including[1] !== undefined && !/^(?:gitdir(?:\/i)?|hasconfig):/.test(including[1])) return undefined;
      const from = origin.startsWith('file:') ? dirname(resolve(topLevel, origin.slice(5))) : topLevel;
      const path = value.startsWith('~/') ? join(HOME, value.slice(2)) : value;
      if (/^[~%]/.test(path)) return undefined;
      paths.add(resolve(from, path));
    }
    const files: [string, string][] = [];
    for (const path of new Set([...paths, ...origins])) {
      const stamp = stampOf(path);
      if (!stamp || (stamp.text === '' && origins.has(path)) || stamp.changed > this.#started - RACY_MS)
        return undefined;
      files.push([path, stamp.text]);
    }
    return files;
  }
}

/** The listing as `git config -z --list` prints it without origins; of the names that `only` matches. */
export function withoutOrigins(listing: string, only = /^/): string {
  let out = '';
  for (const { name, text } of items(listing)) if (only.test(name)) out += `${text}\0`;
  return out;
}

/** `origin\0name\nvalue\0`, or `origin\0name\0`. */
function* items(listing: string): Generator<{ origin: string; name: string; value: string; text: string }> {
  const parts = listing.split('\0');
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const text = parts[at + 1]!;
    const cut = text.indexOf('\n');
    const name = cut < 0 ? text : text.slice(0, cut);
    yield { origin: parts[at]!, name, value: cut < 0 ? '' : text.slice(cut + 1), text };
  }
}

/** Which version of a file this is, and when it last changed (ms); undefined when nobody can say. */
function stampOf(path: string): { text: string; changed: number } | undefined {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (!found) return { text: '', changed: 0 };
    const { mtimeNs, ctimeNs, mtimeMs, ctimeMs, size, ino, dev } = found;
    const changed = Math.max(Number(mtimeMs), Number(ctimeMs));
    return { text: `${mtimeNs} ${ctimeNs} ${size} ${ino} ${dev}`, changed };
  } catch {
    return undefined;
  }
}

function isKept(value: unknown): value is Kept {
  const kept = value as Kept;
  const isText = (text: unknown) => typeof text === 'string';
  if (!isText(kept?.key) || !isText(kept.text) || !Number.isFinite(kept.at) || !Array.isArray(kept.files)) return false;
  return kept.files.every(pair => Array.isArray(pair) && pair.length === 2 && pair.every(isText));
}
