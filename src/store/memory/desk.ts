import { randomUUID } from 'node:crypto';
import { type Desk, type HoldFile, isNewer, type Recent, trusting } from '../desk.ts';

const TEN_MINUTES = 600_000;

/** A clone's own notes, in memory. `writer` and `now` can be given, so that a simulation repeats exactly. */
export class MemoryDesk implements Desk {
  readonly #writer: string;
  readonly #now: () => number;
  #number = 0;
  readonly #locks = new Map<string, Promise<void>>();
  readonly #holds = new Map<string, HoldFile>();
  readonly #recent = new Map<string, Recent>();
  readonly #notes = new Map<string, string>();
  #trusted: string[] = [];

  constructor({ writer = randomUUID(), now = Date.now }: { writer?: string; now?: () => number } = {}) {
    this.#writer = writer;
    this.#now = now;
  }

  async writer(): Promise<string> {
    return this.#writer;
  }

  async nextNumber(floor: number): Promise<number> {
    this.#number = Math.max(this.#number, floor) + 1;
    return this.#number;
  }

  async politely<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#locks.get(name);
    let release = (): void => {};
    const mine = new Promise<void>(resolve => {
      release = resolve;
    });
    const line = before ? before.then(() => mine) : mine;
    this.#locks.set(name, line);
    await before;
    try {
      return await work();
    } finally {
      release();
      if (this.#locks.get(name) === line) this.#locks.delete(name);
    }
  }

  async holds(): Promise<HoldFile[]> {
    return [...this.#holds.values()].map(hold => structuredClone(hold));
  }

  async putHold(hold: HoldFile): Promise<void> {
    if (!isNewer(this.#holds.get(hold.id), hold)) this.#holds.set(hold.id, structuredClone(hold));
  }

  async amendHold(id: string, root: string, change: (hold: HoldFile) => HoldFile): Promise<boolean> {
    const hold = this.#holds.get(id);
    if (hold?.root !== root) return false;
    this.#holds.set(id, structuredClone(change(structuredClone(hold))));
    return true;
  }

  async dropHold(id: string, root: string): Promise<void> {
    if (this.#holds.get(id)?.root === root) this.#holds.delete(id);
  }

  async recall(hash: string): Promise<Recent | undefined> {
    const recent = this.#recent.get(hash);
    return recent && this.#now() - Date.parse(recent.at) <= TEN_MINUTES ? structuredClone(recent) : undefined;
  }

  async remember(hash: string, recent: Recent): Promise<void> {
    for (const [key, { at }] of this.#recent) if (this.#now() - Date.parse(at) > TEN_MINUTES) this.#recent.delete(key);
    this.#recent.set(hash, structuredClone(recent));
  }

  async trusts(hash: string): Promise<boolean> {
    return this.#trusted.includes(hash);
  }

  async trust(hashes: readonly string[]): Promise<void> {
    this.#trusted = trusting(this.#trusted, hashes);
  }

  async note(name: string): Promise<string | undefined> {
    return this.#notes.get(name);
  }

  async setNote(name: string, value: string): Promise<void> {
    this.#notes.set(name, value);
  }
}
