import type { Json } from '../kernel/canonical.ts';
import type { Instant } from '../kernel/time.ts';

/** What this clone knows of a claim one of its runs holds: written at "yours" and at renewal (PROTOCOL-FINDINGS #18). */
export interface HoldFile {
  /** The record that is held. */
  id: string;
  root: string;
  /** The claim commit that the ref shows, as far as this clone knows. */
  oid: string;
  actor: string;
  run: string;
  since: Instant;
  lease_until: Instant;
  /** Earlier roots of the same run (PROTOCOL §3.2). */
  chain: string[];
  provisional?: true;
  /** Set by a write of the holder past half of the lease: the next sync renews. */
  renew?: true;
}

/** A finished creation, to recognise its repetition within one run and ten minutes. */
export interface Recent {
  at: Instant;
  result: { [key: string]: Json };
}

/** One clone's own notes, shared by its worktrees, under the common git dir. Nothing here is pushed or in the book. */
export interface Desk {
  /** Random id of this clone, made at the first call and kept; never a host or user name. */
  writer(): Promise<string>;
  /** A number greater than `floor` and than any this clone answered before, kept before it is answered. */
  nextNumber(floor: number): Promise<number>;
  /**
   * Runs `work` under an advisory lock: politeness, never safety. A lock whose owner process is gone, or that is older
   * than 30 s, never blocks; after 10 s of waiting the work runs without it.
   */
  politely<T>(name: string, work: () => Promise<T>): Promise<T>;
  holds(): Promise<HoldFile[]>;
  /** Keeps a hold; one of another tenure that began later stays in its place: a process that slept writes too late. */
  putHold(hold: HoldFile): Promise<void>;
  /**
   * Changes the hold of `id` in one step if it still has this root; false when it has not: another process of this clone
   * ended the tenure meanwhile, and nothing may bring it back.
   */
  amendHold(id: string, root: string, change: (hold: HoldFile) => HoldFile): Promise<boolean>;
  /** Removes the hold of `id` if it still has this root. */
  dropHold(id: string, root: string): Promise<void>;
  recall(hash: string): Promise<Recent | undefined>;
  /** Keeps a finished creation; forgets those older than ten minutes. */
  remember(hash: string, recent: Recent): Promise<void>;
  /** True for a hash that {@link trust} kept. */
  trusts(hash: string): Promise<boolean>;
  /** Keeps hashes of what somebody trusts in this clone; the oldest of more than a thousand are forgotten. */
  trust(hashes: readonly string[]): Promise<void>;
  /** Small values by name (`[a-z0-9-]+`), such as when the last sync ran. */
  note(name: string): Promise<string | undefined>;
  setNote(name: string, value: string): Promise<void>;
}

/** Hashes that a clone trusts at most: 64 KB. */
const MAX_TRUSTED = 1_000;

/** What is trusted with more of it, newest last. */
export function trusting(kept: readonly string[], hashes: readonly string[]): string[] {
  return [...kept.filter(hash => !hashes.includes(hash)), ...new Set(hashes)].slice(-MAX_TRUSTED);
}

/** True when `kept` is of another tenure than `hold` and began after it. Of one run the chains say so, also where a clock went back. */
export function isNewer(kept: HoldFile | undefined, hold: HoldFile): boolean {
  if (kept === undefined || kept.root === hold.root || hold.chain.includes(kept.root)) return false;
  return kept.chain.includes(hold.root) || kept.since > hold.since;
}
