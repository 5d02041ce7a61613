import type { Operation, Who } from '../kernel/operation.ts';

/** How one call wishes to be carried out, beside its input. */
export interface CallOptions {
  /** `--sync` waits for the remote; `--no-sync` leaves it to `ledgenter sync`; default: a background sync follows. */
  sync?: boolean;
  /** `--offline`: a claim is provisional and nothing is sent. */
  offline?: boolean;
  /** `--idempotency-key`. */
  key?: string;
  /** A person stands behind it, wherever it is run: believed only with their signature. */
  human?: boolean;
  /** A person sits in front of a terminal, as far as a surface can tell. */
  person?: boolean;
  /** Cancels waiting (MCP). */
  signal?: AbortSignal;
  /** Progress of anything over a second: done, total (if known), what. */
  progress?: (done: number, total: number | undefined, what: string) => void;
}

/** `{ok: true, …}`; a refusal or fault is thrown as LedgerError. */
export type Answer = { ok: true; [key: string]: unknown };

/** The one way in for every surface: parse, redact, resolve, decide, land. */
export interface Office {
  readonly who: Who;
  perform(operation: Operation, input: unknown, options?: CallOptions): Promise<Answer>;
  /** Renews what this run holds when past half of its lease (the MCP server's timer). */
  renewHeld(): Promise<void>;
  /** True while this run holds anything, in whichever ledger of the repository. */
  holding?(): Promise<boolean>;
  /** True where entries of this actor are signed. */
  signs?(): boolean;
  close(): Promise<void>;
}
