import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Desk, type HoldFile, isNewer, type Recent, trusting } from '../desk.ts';
import { randomHex } from '../random.ts';
import { faultOf } from './faults.ts';
import { readJson, readText, remove, writeWhole } from './files.ts';
import { withLock } from './lock.ts';

const TEN_MINUTES = 600_000;
const HOLDS_LOCK = 'holds-lock';
const FILE_NAME = /^[a-z0-9][a-z0-9_-]{0,127}$/;
const MAX_NOTE = 65_536;

/**
 * The desk of one ledger in one clone: small files under `<commonDir>/ledgenter/<ledger>/`, each written whole or not at
 * all. A file that cannot be read counts as absent: everything here can be made anew or is politeness.
 */
export function openDesk(commonDir: string, ledger: string): Desk {
  return new FileDesk(join(commonDir, 'ledgenter', ledger));
}

class FileDesk implements Desk {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async writer(): Promise<string> {
    const path = this.#path('writer');
    const known = readWriter(path);
    if (known) return known;
    return this.#locked('writer-lock', async () => {
      const meanwhile = readWriter(path);
      if (meanwhile) return meanwhile;
      const fresh = randomHex(16);
      await this.#write(path, `${fresh}\n`);
      return fresh;
    });
  }

  nextNumber(floor: number): Promise<number> {
    return this.#locked('number-lock', async () => {
      const path = this.#path('number');
      const last = readJson(path, value => (Number.isSafeInteger(value) ? (value as number) : undefined));
      const next = Math.max(last ?? 0, floor) + 1;
      await this.#write(path, `${next}\n`);
      return next;
    });
  }

  politely<T>(name: string, work: () => Promise<T>): Promise<T> {
    checkName(name);
    return this.#locked(`lock-${name}`, work);
  }

  async holds(): Promise<HoldFile[]> {
    const names = namesIn(this.#path('holds'));
    const files = names.filter(name => name.endsWith('.json')).sort();
    const holds = files.map(name => readJson(this.#path('holds', name), asHold));
    return holds.filter(hold => hold !== undefined);
  }

  async putHold(hold: HoldFile): Promise<void> {
    const path = this.#holdPath(hold.id);
    await this.#locked(HOLDS_LOCK, async () => {
      if (!isNewer(await readJson(path, asHold), hold)) await this.#write(path, JSON.stringify(hold));
    });
  }

  async amendHold(id: string, root: string, change: (hold: HoldFile) => HoldFile): Promise<boolean> {
    const path = this.#holdPath(id);
    return this.#locked(HOLDS_LOCK, async () => {
      const hold = readJson(path, asHold);
      if (hold?.root !== root) return false;
      await this.#write(path, JSON.stringify(change(hold)));
      return true;
    });
  }

  async dropHold(id: string, root: string): Promise<void> {
    const path = this.#holdPath(id);
    await this.#locked(HOLDS_LOCK, async () => {
      if (readJson(path, asHold)?.root === root) remove(path);
    });
  }

  async recall(hash: string): Promise<Recent | undefined> {
    const recent = readJson(this.#recentPath(hash), asRecent);
    return recent && Date.now() - Date.parse(recent.at) <= TEN_MINUTES ? recent : undefined;
  }

  async remember(hash: string, recent: Recent): Promise<void> {
    const folder = this.#path('recent');
    for (const name of namesIn(folder)) {
      const kept = readJson(join(folder, name), asRecent);
      if (!kept || Date.now() - Date.parse(kept.at) > TEN_MINUTES) remove(join(folder, name));
    }
    await this.#write(this.#recentPath(hash), JSON.stringify(recent));
  }

  async trusts(hash: string): Promise<boolean> {
    return this.#trusted().includes(hash);
  }

  async trust(hashes: readonly string[]): Promise<void> {
    await this.#locked('trusted-lock', () =>
      this.#write(this.#path('trusted.json'), JSON.stringify(trusting(this.#trusted(), hashes))),
    );
  }

  async note(name: string): Promise<string | undefined> {
    checkName(name);
    const text = readText(this.#path(`note-${name}`));
    return text !== undefined && text.length <= MAX_NOTE ? text : undefined;
  }

  setNote(name: string, value: string): Promise<void> {
    checkName(name);
    return this.#write(this.#path(`note-${name}`), value);
  }

  #trusted(): string[] {
    return readJson(this.#path('trusted.json'), asHashes) ?? [];
  }

  #path(...parts: string[]): string {
    return join(this.#folder, ...parts);
  }

  #holdPath(id: string): string {
    checkName(id);
    return this.#path('holds', `${id}.json`);
  }

  #recentPath(hash: string): string {
    checkName(hash);
    return this.#path('recent', `${hash}.json`);
  }

  #write(path: string, text: string): Promise<void> {
    return writeWhole(path, text);
  }

  async #locked<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      mkdirSync(this.#folder, { recursive: true });
    } catch (error) {
      throw faultOf('making a folder', error);
    }
    return withLock(this.#path(name), work);
  }
}

function checkName(name: string): void {
  if (!FILE_NAME.test(name)) throw new RangeError(`not a name for a file: ${JSON.stringify(name)}`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not made yet
  }
}

const WRITER = /^[0-9a-f-]{32,36}$/;

function readWriter(path: string): string | undefined {
  const text = (readText(path) ?? '').trim();
  return WRITER.test(text) ? text : undefined;
}

/** What is wrong with a file of the desk, by its place in it; undefined for a good one, and for what is none of it. */
export function noteProblem(place: string, text: string): string | undefined {
  if (place === 'writer') return WRITER.test(text.trim()) ? undefined : 'it is no id of a clone';
  if (place.startsWith('note-')) return text.length <= MAX_NOTE ? undefined : 'the note is larger than any';
  const check = CHECKS.find(([pattern]) => pattern.test(place))?.[1];
  if (!check) return undefined;
  try {
    return check(JSON.parse(text), place) ? undefined : 'it is JSON of another form';
  } catch {
    return 'it is no JSON';
  }
}

const CHECKS: readonly [RegExp, (value: unknown, place: string) => boolean][] = [
  [/^number$/, value => Number.isSafeInteger(value)],
  [/^trusted\.json$/, value => asHashes(value) !== undefined],
  [/^holds\/[^/]+\.json$/, (value, place) => asHold(value)?.id === place.slice('holds/'.length, -'.json'.length)],
  [/^recent\/[^/]+\.json$/, value => asRecent(value) !== undefined],
];

const HOLD_TEXTS = ['id', 'root', 'oid', 'actor', 'run', 'since', 'lease_until'] as const;

function asHold(value: unknown): HoldFile | undefined {
  const hold = value as HoldFile;
  const whole = HOLD_TEXTS.every(name => typeof hold?.[name] === 'string') && Array.isArray(hold.chain);
  return whole ? hold : undefined;
}

function asHashes(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter(hash => typeof hash === 'string') : undefined;
}

function asRecent(value: unknown): Recent | undefined {
  const recent = value as Recent;
  return typeof recent?.at === 'string' && typeof recent.result === 'object' && recent.result ? recent : undefined;
}
