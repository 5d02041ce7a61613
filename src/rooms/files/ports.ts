import { definePort } from '../../kernel/operation.ts';
import type { Instant } from '../../kernel/time.ts';

/** A file or folder as the caller's checkout has it. */
export interface FileState {
  path: string;
  exists: boolean;
  /** What became of it since the asked time, committed or not; of a folder, of anything in it. */
  changed?: 'added' | 'modified' | 'deleted';
  /** Some of that is not committed. */
  uncommitted?: true;
}

/** The caller's work tree, as git knows it; bounded in time and size. */
export interface FileSite {
  /**
   * @param paths plain paths from the top of the repository
   * @throws LedgerError NO_REPOSITORY without a work tree; BUSY, TOO_LARGE, NOT_FOUND when git cannot say
   */
  states(paths: readonly string[], since: Instant): Promise<FileState[]>;
}

export const fileSite = definePort<FileSite>('file-site');
