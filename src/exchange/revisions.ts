import * as z from 'zod/mini';
import { LedgerError } from '../kernel/errors.ts';
import { mark } from '../kernel/fields.ts';
import { definePort } from '../kernel/operation.ts';
import type { Oid } from '../store/port.ts';

/** The repository that holds the book, asked for commits by any name that git knows. Implemented in the surfaces. */
export interface Revisions {
  /** The commit behind an id, an abbreviation, a ref or `HEAD~2`; undefined when there is none here. */
  commit(name: string): Promise<Oid | undefined>;
  /** Some history here is cut off. */
  shallow(): Promise<boolean>;
  /** Where the first-parent history of a commit begins, as far as it is here. */
  root(commit: Oid): Promise<Oid | undefined>;
}

export const revisionsPort = definePort<Revisions>('revisions');

/** What git reads as one commit and no option, path or range: never with two dots in a row, never with a blank. */
const NAME = String.raw`(?!-)(?:(?!\.\.)[A-Za-z0-9_./@{}~^#+%=-]){1,200}`;
const RANGE = new RegExp(`^(${NAME})\\.\\.(${NAME})$`);

/** `<base>..<head>`, of commits by any name. */
export const range = () => mark(z.string().check(z.regex(RANGE, { error: 'is no <base>..<head>' })), { machine: true });

export function endsOf(text: string): [base: string, head: string] {
  const [, base = '', head = ''] = RANGE.exec(text) ?? [];
  return [base, head];
}

/** @throws LedgerError NOT_FOUND, with the fetch that brings it where the history is cut off */
export async function commitOf(revisions: Revisions, name: string): Promise<Oid> {
  const oid = await revisions.commit(name);
  if (oid !== undefined) return oid;
  const cut = await revisions.shallow();
  throw new LedgerError('NOT_FOUND', `no commit ${JSON.stringify(name)} here${cut ? ': this clone is shallow' : ''}`, {
    hint: cut ? fetchHint(name) : 'git for-each-ref refs/ledgenter refs/ledgenter-remotes',
  });
}

/** What brings a commit, or what lies before it, into a shallow clone. */
export function fetchHint(name: string): string {
  return /^[0-9a-f]{40,64}$/.test(name) ? `git fetch --depth=1 <remote> ${name}` : 'git fetch --unshallow <remote>';
}
