import { definePort } from '../kernel/operation.ts';
import type { Clone } from './clone.ts';

/** What made a ledger the current one, strongest first. */
export type Because = 'flag' | 'environment' | 'configuration' | 'branch' | 'worktree' | 'default';

/** The ledger in use where a process stands. */
export interface CurrentLedger {
  name: string;
  because: Because;
  /** The branch that is checked out, where it decided. */
  branch?: string;
}

/** What an entry may ask for on another ledger's books than the current one; implemented in the surfaces. */
export interface Ledgers {
  /** The one that this call works on. */
  current: CurrentLedger;
  /** The one that the next command here works on, without a flag; asked anew. */
  standing(): Promise<CurrentLedger>;
  /** Names of the ledgers whose books this repository has, sorted. */
  names(): Promise<string[]>;
  /** The exchange of another ledger in the same repository; `options` where its book does not say yet where it lives. */
  open(name: string, options?: { remote?: string; namespace?: string }): Promise<Clone>;
  /** The branch that is checked out, or that a rebase works on. */
  branch(): Promise<string | undefined>;
  /** Branches that have a ledger of their own, in the order of the configuration. */
  branches(): { branch: string; ledger: string }[];
  /** Keeps the ledger of this worktree, in its own git dir. @throws LedgerError NO_REPOSITORY, READ_ONLY_REPOSITORY */
  remember(name: string): Promise<void>;
  /** Gives a branch a ledger of its own. @throws LedgerError NOT_FOUND when there is no such branch */
  giveBranch(branch: string, name: string): Promise<void>;
}

export const ledgersPort = definePort<Ledgers>('ledgers');
