import { definePort } from '../kernel/operation.ts';

/** How one entry of this clone stands: recorded here, at the remote, refused at replay, or unknown because the remote broke. */
export type Landed = 'landed' | 'recorded' | 'queued' | 'parked' | 'broken';

export interface SyncReport {
  ok: boolean;
  /** Entries of others that came in, and mine that landed. */
  received: number;
  landed: number;
  /** Mine that still wait, and where. */
  waiting: number;
  queued: boolean;
  /** Entries that a law refused on the new tip: kept under refs/ledgenter-local, named here. */
  parked: { entry: string; op: string; reason: string }[];
  pushes: number;
  reason?: string;
}

export const syncPort = definePort<() => Promise<SyncReport>>('sync');
