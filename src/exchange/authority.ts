import { LedgerError } from '../kernel/errors.ts';
import type { PushResult, Remote } from '../store/port.ts';

/** A remote of this clone, as git's configuration gives it. */
export interface ConfiguredRemote {
  name: string;
  /** Fingerprint of where it is pushed to (`pushurl`, else `url`). */
  fingerprint: string | undefined;
}

export type Mapping =
  | { kind: 'remote'; name: string }
  /** The ledger has no authority: this repository decides. */
  | { kind: 'self' }
  | { kind: 'elsewhere'; authority: string };

/**
 * Which remote of this clone is the one authority of the ledger (ARCHITECTURE §2): the one the user mapped, else the
 * one whose fingerprint matches. A clone that cannot map it never claims.
 */
export function mapAuthority(
  authority: string | undefined,
  remotes: readonly ConfiguredRemote[],
  mapped: string | undefined,
): Mapping {
  if (authority === undefined) return { kind: 'self' };
  if (mapped !== undefined && remotes.some(remote => remote.name === mapped)) return { kind: 'remote', name: mapped };
  const matching = remotes.filter(remote => remote.fingerprint === authority);
  const chosen = matching.find(remote => remote.name === 'origin') ?? matching[0];
  return chosen ? { kind: 'remote', name: chosen.name } : { kind: 'elsewhere', authority };
}

/** Stands where the authority should be in a clone that cannot reach it: every look and push says why. */
export class ElsewhereRemote implements Remote {
  readonly name = 'the authority';
  readonly #authority: string;

  constructor(authority: string) {
    this.#authority = authority;
  }

  async fetch(): ReturnType<Remote['fetch']> {
    throw this.#error();
  }

  async push(): Promise<PushResult> {
    throw this.#error();
  }

  #error(): LedgerError {
    return new LedgerError(
      'CLAIM_ELSEWHERE',
      `claims are decided at ${this.#authority}, which no remote of this clone is`,
      {
        hint: 'git remote add hub <url of the authority>, or name the remote: git config ledgenter.remote <name>',
        details: { authority: this.#authority },
      },
    );
  }
}
