import type { Clone } from '../../src/exchange/clone.ts';
import type { LedgerOffice } from '../../src/exchange/perform.ts';
import type { ActorKind } from '../../src/kernel/entry.ts';
import type { MemoryDesk, MemoryStore } from '../../src/store/memory/index.ts';
import type { Fiber } from './fiber.ts';

/** Lease of every claim in the model, and how far a clock may be off, in ms: 2 × skew < grace. */
export const LEASE = '10m';
export const LEASE_SPAN = 600_000;
export const SKEW = 59_000;

/** One clone: its refs and its notes, shared by its processes. */
export interface Site {
  name: string;
  store: MemoryStore;
  desk: MemoryDesk;
  online: boolean;
}

/** One process of one run in one clone. */
export interface Agent {
  site: Site;
  actor: string;
  run: string;
  kind: ActorKind;
  skew: number;
  fiber: Fiber;
  clone: Clone;
  office: LedgerOffice;
  /** The same process as a child run of its run. */
  child: LedgerOffice;
  /** The person at this machine: only people open what is done. */
  person: LedgerOffice;
  now(): number;
}

export interface Stats {
  won: number;
  takeover: number;
  landed: number;
  parked: number;
  unparked: number;
  crash: number;
  provisional: number;
  confirmed: number;
  offered: number;
  moved: number;
  kept: number;
  combined: number;
  steps: number;
}

/** Rules that live outside the exchange, true = the naive way; and what the protocol does not promise yet. */
export interface Mistakes {
  /** #7: a renewal begins a tenure of its own, as where laws compare claim commits. */
  renewedRoot?: boolean;
  /** People change tasks that they do not hold: the protocol fences only what is written under a claim. */
  meddling?: boolean;
  /** Two processes of one run (a server and a shell) end and claim the same task at the same time. */
  twins?: boolean;
}

export function noStats(): Stats {
  return {
    won: 0,
    takeover: 0,
    landed: 0,
    parked: 0,
    unparked: 0,
    crash: 0,
    provisional: 0,
    confirmed: 0,
    offered: 0,
    moved: 0,
    kept: 0,
    combined: 0,
    steps: 0,
  };
}
