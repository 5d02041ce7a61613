import type { Answer } from '../../exchange/office.ts';
import { definePort, type Operation } from '../../kernel/operation.ts';

/** Where git called a hook, and what a hook may do: everything it writes goes through the office like any other call. */
export interface CommitSite {
  /** Folder that git's commands run in: the checkout. */
  cwd: string;
  /** Git dir of the worktree, and of the repository that it belongs to. */
  gitDir: string;
  commonDir: string;
  ledger: string;
  /** The book lies in this very repository, so that a code ref needs not say which it means. */
  own: boolean;
  setting(name: string): string | undefined;
  perform(operation: Operation, input: unknown): Promise<Answer>;
  /** What git wrote to the hook, at most so many bytes. */
  stdin(limit: number): Promise<string>;
}

export const commitSite = definePort<CommitSite>('commit-site');
