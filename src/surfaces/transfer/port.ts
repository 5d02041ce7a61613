import type { Book } from '../../book/book.ts';
import type { Clone } from '../../exchange/clone.ts';
import { definePort } from '../../kernel/operation.ts';
import type { Location } from '../../store/git/index.ts';
import type { Store } from '../../store/port.ts';

/** The repository that holds the book, for who carries all of it in or out. */
export interface TransferSite {
  location: Location;
  env: NodeJS.ProcessEnv;
  ledger: string;
  clone(): Promise<Clone>;
  /** A book over objects that are no part of the repository yet. Who uses it closes the store. */
  judging(env: Record<string, string>, signal?: AbortSignal): { book: Book; store: Store };
}

export const transferPort = definePort<TransferSite>('transfer');

/** A file name as a command line takes it. */
export const quoted = (file: string): string => (/^[\w@%+=:,./-]+$/.test(file) ? file : JSON.stringify(file));
