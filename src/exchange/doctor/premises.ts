import { definePort } from '../../kernel/operation.ts';
import type { Oid } from '../../store/port.ts';

/** A file of this clone that is not what it should be. `file` counts from the git directory. */
export interface OddFile {
  file: string;
  why: string;
}

/** A step of a repair, as it is kept. */
export interface RepairStep {
  at: string;
  actor: string;
  code: string;
  where: string;
  did: string;
}

/** A derived file that was made anew. */
export interface Rebuilt {
  view: string;
  /** Things it holds. */
  count: number;
  ms: number;
  /** What the book says of the same, where it can be counted apart. */
  book?: number;
}

/** What only this machine can tell of the repository that holds the book. Every path stays behind it. */
export interface Premises {
  /** Notes of the desk that cannot be read as what they are. */
  damagedNotes(): Promise<OddFile[]>;
  /** Temporary files and locks that nobody alive holds. */
  leftFiles(): Promise<OddFile[]>;
  damagedRuns(): Promise<OddFile[]>;
  /** Run files that nobody wrote to since (ms since the epoch). */
  staleRuns(since: number): Promise<OddFile[]>;
  /** Gives a file another name beside it, so that it counts no more and nothing of it is lost. Answers the name. */
  putAside(file: string): Promise<string>;
  /** Removes a file that only a program wrote. */
  remove(file: string): Promise<void>;
  caches(): Promise<{ files: number; damaged: OddFile[] }>;
  /** Objects of killed imports. */
  leftObjects(): Promise<string[]>;
  sweepObjects(): Promise<number>;
  objects(): Promise<{ loose: number; partial: boolean }>;
  /** Refs of this ledger whose file holds no object id, or one of an object that is not here. */
  brokenRefs(): Promise<OddFile[]>;
  /** Takes the file of such a ref away from where git looks for it. Answers where it lies now. */
  putRefAside(ref: string): Promise<string>;
  /** This clone wrote in the ledger before. */
  wrote(): Promise<boolean>;
  /** Commits that no ref and no other object reaches. */
  dangling(): Promise<Oid[]>;
  /** Why not all that the commit reaches is here; undefined when it is. */
  missing(tip: Oid): Promise<string | undefined>;
  /** Asks the remote for everything behind a ref once more. @throws LedgerError UNREACHABLE */
  refetch(remote: string, ref: string): Promise<void>;
  /** Settings of remotes: `remote.origin.fetch` → values. */
  remoteSettings(): [name: string, values: string[]][];
  /** Where the history of a commit begins, as far as it is here. */
  root(commit: Oid): Promise<Oid | undefined>;
  keepLog(steps: readonly RepairStep[]): Promise<void>;
  /** The last step of the last repair. */
  lastRepair(): Promise<RepairStep | undefined>;
  /** Makes all derived files anew. */
  rebuild(progress?: (done: number, total: number | undefined, what: string) => void): Promise<Rebuilt[]>;
}

export const premisesPort = definePort<Premises>('premises');
