import { definePort } from '../kernel/operation.ts';
import type { Oid } from '../store/port.ts';
import type { Clone } from './clone.ts';

/** A git remote of the repository that holds the book. */
export interface SiteRemote {
  name: string;
  /** Credentials taken out: fit for a message. */
  url: string;
  fingerprint: string | undefined;
}

/** A ledger that a remote keeps. */
export interface FoundLedger {
  ledger: string;
  namespace: string;
  /** Where its book stands. */
  tip: Oid;
}

/** How this checkout signs. */
export interface SiteSigning {
  on: boolean;
  own: { type: 'ssh' | 'gpg'; key: string; fingerprint: string } | { problem: string; hint: string };
}

/**
 * What setting up and looking after a ledger needs of the machine; implemented in the surfaces. Every path stays
 * behind it.
 */
export interface Site {
  ledger: string;
  /** Remotes of the repository that holds the book. */
  remotes(): Promise<SiteRemote[]>;
  /** `ledgenter.<name>` of flags, environment and git configuration. */
  setting(name: string): string | undefined;
  /** Sets `ledgenter.<name>` in this repository's own configuration, which no push carries. */
  configure(name: string, value: string): Promise<void>;
  /** `[major, minor]`; @throws LedgerError GIT_TOO_OLD below 2.34 */
  checkGit(): Promise<string>;
  /** Ledgers that a remote keeps in the known namespaces; undefined when it cannot be read. */
  look(remote: string): Promise<FoundLedger[] | undefined>;
  /**
   * The namespace that a ledger of a remote names as its own, null when it names none; undefined when it cannot be read.
   * Nothing of it is verified: anyone who can push may have written it.
   */
  namedBy(remote: string, found: FoundLedger): Promise<string | null | undefined>;
  /** From now on the book lives in a bare clone of `url` under the user's home; this site is that place then. */
  moveHome(url: string): Promise<void>;
  /** The clone as it stands now, configuration read anew. */
  clone(options?: { remote?: string; namespace?: string }): Promise<Clone>;
  /** Asks a person; undefined without a terminal. */
  ask?(question: string, choices: readonly string[]): Promise<string>;
  /** How the git hooks of the checkout stand. */
  hooks(): Promise<SiteCheck>;
  /** Whether entries are signed here, and the public key that git would sign with, or why there is none. */
  signing(): Promise<SiteSigning>;
}

/** How something that was installed here stands, and the command that mends it. */
export interface SiteCheck {
  state: 'good' | 'fault' | 'note';
  says: string;
  mend?: string;
}

export const sitePort = definePort<Site>('site');
/** Looks through the code for what came in without hooks and links it, where this repository has our hooks; never fails. */
export const arrivalsPort = definePort<{ look(): Promise<void> }>('arrivals');
export const clonePort = definePort<Clone>('clone');
