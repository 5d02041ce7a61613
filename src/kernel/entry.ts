import { canonicalJson, type Json } from './canonical.ts';
import { sha256Hex } from './ids.ts';
import type { Instant } from './time.ts';

/** The format that this build writes. */
export const FORMAT = 1;

export type ActorKind = 'agent' | 'human' | 'service';

/** The claim a holder writes under; `oid` is the claim commit, `root` the nonce of the tenure's first claim. */
export interface ClaimStamp {
  root: string;
  oid: string;
  actor: string;
  run: string;
  lease_until: Instant;
}

/** What a claim entry says of the claim it replaces (PROTOCOL §1). */
export interface PreviousClaim {
  root: string;
  actor: string;
  lease_until: Instant;
  offer?: string;
}

export const RUN_KINDS = ['session', 'loop_tick', 'subagent'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** Where the code was when a run began: never a path, never a credential. */
export interface RepoContext {
  fingerprint: string;
  remote_url?: string;
  branch?: string;
  /** Commit that HEAD was at. */
  head?: string;
  /** Tracked files were changed; absent where nobody could tell in time. */
  dirty?: boolean;
}

/** What the first entry of a run says of it, so that replay enters the same run. */
export interface Begin {
  kind: RunKind;
  /** Runs that one launcher starts again and again. */
  series?: string;
  host?: string;
  repo?: RepoContext;
  /** Runs that were left open, for whoever writes next to close. */
  closes?: string[];
}

/** What somebody meant to do: hashed, signed, never changed by replay or combining. */
export interface Intent {
  op: string;
  ledger: string;
  format: number;
  actor: string;
  kind: ActorKind;
  /** The run and, behind it, its ancestors: `[run, parent, grandparent…]`. */
  run: string[];
  at: Instant;
  nonce: string;
  input: { [key: string]: Json };
  key?: string;
  claim?: ClaimStamp;
  prev?: PreviousClaim;
  chain?: string[];
  provisional?: true;
  begin?: Begin;
  /** Newest entry that the authority had when this was written, as far as its writer knew: nothing moves it any more. */
  seen?: string;
}

/** Where and when an entry was committed: not hashed, made anew by whoever lands it (`landed`); writer and n are kept. */
export interface Stamp {
  writer: string;
  n: number;
  landed: Instant;
}

export interface Entry {
  id: string;
  intent: Intent;
  stamp: Stamp;
  signature?: string;
}

/** What is known of an intent, which nobody changes once it is made: replay asks for both again and again. */
const known = new WeakMap<Intent, { text: string; id: string | undefined }>();

function knownOf(intent: Intent): { text: string; id: string | undefined } {
  let kept = known.get(intent);
  if (!kept) {
    kept = { text: canonicalJson(intent), id: undefined };
    known.set(intent, kept);
  }
  return kept;
}

/** The canonical JSON of an intent: what is hashed and signed. */
export function intentText(intent: Intent): string {
  return knownOf(intent).text;
}

/** 64 hex digits over the canonical intent. */
export function entryId(intent: Intent): string {
  const kept = knownOf(intent);
  kept.id ??= sha256Hex(kept.text);
  return kept.id;
}

/** The run that wrote the entry. */
export function runOf(intent: Intent): string {
  return intent.run[0]!;
}
