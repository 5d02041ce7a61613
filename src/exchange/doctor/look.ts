import type { Tip } from '../../book/book.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import type { Ledger } from '../../rooms/ledger/record.ts';
import type { Oid } from '../../store/port.ts';
import type { Clone } from '../clone.ts';
import type { Site } from '../site.ts';
import type { Premises } from './premises.ts';

/** What every part of an examination goes by. */
export interface Look {
  context: Context;
  site: Site;
  premises: Premises;
  clone: Clone;
  tip: Tip;
  record: Ledger | undefined;
  /** Refs of this ledger at the authority; undefined while nobody has read them, or nobody can. */
  shown: Map<string, Oid> | undefined;
}

/** The error as it was thrown, for a finding; anything else is a fault of the program. */
export async function caught<T>(work: () => Promise<T>): Promise<T | LedgerError> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return error;
  }
}

export const short = (oid: Oid): string => oid.slice(0, 12);
