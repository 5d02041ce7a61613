import { definePort } from '../../kernel/operation.ts';

/** The checkouts of this machine, kept beside the ledger and never in it. */
export interface RepoMap {
  /** Fingerprints of the repositories that have a checkout here. */
  fingerprints(): string[];
}

export const repoMap = definePort<RepoMap>('repo-map');
