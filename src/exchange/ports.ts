/** What a sync did, and what of mine still waits. */
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
