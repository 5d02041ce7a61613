import { definePort } from '../../kernel/operation.ts';

/** Where this worktree remembers which sessions were told, and the one that the host names. */
export interface Primed {
  folder: string;
  session?: string;
}

export const primedPort = definePort<Primed>('primed');
