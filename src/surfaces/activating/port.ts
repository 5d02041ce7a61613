import { definePort } from '../../kernel/operation.ts';

/** What this worktree remembers of the task that it is about. */
export interface Activating {
  /** @throws LedgerError READ_ONLY_REPOSITORY where the git directory cannot be written */
  set(id: string | undefined): void;
}

export const activePort = definePort<Activating>('activating');
