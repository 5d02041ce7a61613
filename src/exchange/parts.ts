import type { Book } from '../book/book.ts';
import type { Change } from '../kernel/law.ts';
import type { Context, Who } from '../kernel/operation.ts';
import type { Beginning } from './begin.ts';
import type { Clone } from './clone.ts';

/** What an office is made of; `compose` in the surfaces puts it together. */
export interface OfficeParts {
  who: Who;
  book: Book;
  /** The exchange, made when first needed: reading never asks for a remote. */
  clone: () => Promise<Clone>;
  /** What queries need beside the view, by port name. */
  port: (name: string, context: Context) => Promise<unknown>;
  /** Absolute path of the checkout, taken out of texts. */
  root?: string;
  /** Starts the background sync; absent: nobody does (`--no-sync`, `ledgenter.autosync=false`, no remote). */
  background?: () => void;
  /** Called after a write, so that the implicit run of this worktree lives on, with what it changed. */
  wrote?: (changes?: readonly Change[]) => void;
  /** Called after an entry that ended this very run. */
  ended?: () => void;
  /** Whether this run holds anything in another ledger of the repository. */
  elsewhere?: () => Promise<boolean>;
  /** What the first entry of a run says of it. */
  beginning?: Beginning;
  close?: () => Promise<void>;
  now: () => number;
  nonce: () => string;
}
