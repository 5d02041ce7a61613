import { isEntry, parseEntry } from '../../src/book/entry.ts';
import type { Entry } from '../../src/kernel/entry.ts';
import { MARGIN_MS } from '../../src/kernel/hold.ts';
import { epochMs } from '../../src/kernel/time.ts';
import type { HoldFile } from '../../src/store/desk.ts';
import type { ObjectPool } from '../../src/store/memory/index.ts';
import type { Oid } from '../../src/store/port.ts';

/** What a run was told: this task is yours until then. */
export interface Grant {
  site: string;
  actor: string;
  run: string;
  task: string;
  root: string;
  /** By the clock of the run. */
  until: number;
  skew: number;
  ended: boolean;
}

export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7';

export interface Failure {
  invariant: Invariant;
  message: string;
}

/** Sees everything from outside the world and says which invariant broke. */
export class Oracle {
  readonly failures: Failure[] = [];
  readonly grants: Grant[] = [];
  /** Entries that stood in a local chain, and the clone that wrote each: none may get lost. */
  readonly written = new Map<string, { writer: string; entry: Entry }>();
  readonly #chained = new Set<Oid>();
  readonly #pool: ObjectPool;
  readonly #time: () => number;

  constructor(pool: ObjectPool, time: () => number) {
    this.#pool = pool;
    this.#time = time;
  }

  fail(invariant: Invariant, message: string): void {
    if (this.failures.some(one => one.invariant === invariant && one.message === message)) return;
    this.failures.push({ invariant, message });
  }

  live(grant: Grant): boolean {
    return !grant.ended && this.#time() + grant.skew < grant.until - MARGIN_MS;
  }

  /** A run is told "yours": now, by this hold. `done`: the remote book says that the task is finished. */
  told(site: string, hold: HoldFile, skew: number, done: boolean): void {
    const { actor, run, id: task, root } = hold;
    const until = epochMs(hold.lease_until);
    const now = this.#time() + skew;
    if (now < until) {
      const others = this.grants.filter(
        one => one.task === task && !(one.run === run && one.site === site) && this.live(one),
      );
      for (const other of others) this.fail('I1', `${run} and ${other.run} were both told that a task is theirs`);
    }
    if (done) this.fail('I3', 'a task was claimed although it is done in the book');
    for (const one of this.grants) if (one.task === task && one.run === run && one.site === site) one.ended = true;
    this.grants.push({ site, actor, run, task, root, until, skew, ended: false });
  }

  /** A hold file was written: by a renewal, or brought back after a refused ending. */
  held(site: string, hold: HoldFile): void {
    for (const one of this.grants) {
      if (one.site !== site || one.task !== hold.id || one.root !== hold.root || one.run !== hold.run) continue;
      one.until = Math.max(one.until, epochMs(hold.lease_until));
      one.ended = false;
    }
  }

  dropped(site: string, task: string, root: string): void {
    for (const one of this.grants) if (one.site === site && one.task === task && one.root === root) one.ended = true;
  }

  grantOf(site: string, run: string, task: string): Grant | undefined {
    return this.grants.find(one => one.site === site && one.run === run && one.task === task && this.live(one));
  }

  /** The tip of a local chain moved: what this clone wrote on it must not get lost. */
  chained(tip: Oid, writer: string): void {
    for (let at = this.#pool.commits.get(tip); at && !this.#chained.has(at.oid); ) {
      this.#chained.add(at.oid);
      const entry = this.entryAt(at.oid);
      if (entry?.stamp.writer === writer) this.written.set(entry.id, { writer, entry });
      at = this.#pool.commits.get(at.parents[0] ?? '');
    }
  }

  /** The remote book moved from `old` to `tip`. @returns entries that landed */
  landed(old: Oid | null, tip: Oid): Entry[] {
    const entries = this.between(tip, old);
    for (const { intent } of entries) {
      const { status, task_id } = intent.input;
      if (intent.op !== 'task.update' || status !== 'done') continue;
      const other = this.grants.find(one => one.task === task_id && one.root !== intent.claim?.root && this.live(one));
      if (other) this.fail('I3', 'a done of another tenure landed under a live holder');
    }
    return entries;
  }

  /** An entry was parked. */
  parked(oid: Oid): Entry | undefined {
    const entry = this.entryAt(oid);
    if (!entry) return undefined;
    const { claim, op } = entry.intent;
    if (claim && this.grants.some(one => one.root === claim.root && this.live(one)))
      this.fail('I7', `an entry of a live holder was parked (${op})`);
    return entry;
  }

  /** A live holder was refused at its own desk. */
  refused(what: string, code: string): void {
    this.fail('I7', `a live holder was refused at its own desk (${what}: ${code})`);
  }

  entryAt(oid: Oid): Entry | undefined {
    const commit = this.#pool.commits.get(oid);
    const entry = commit && parseEntry(commit);
    return entry && isEntry(entry) ? entry : undefined;
  }

  /** Entries from `tip` back to `base`, oldest first. */
  between(tip: Oid, base: Oid | null): Entry[] {
    const out: Entry[] = [];
    let at = this.#pool.commits.get(tip);
    for (; at && at.oid !== base; at = this.#pool.commits.get(at.parents[0] ?? '')) {
      const entry = this.entryAt(at.oid);
      if (entry) out.unshift(entry);
    }
    return out;
  }
}
