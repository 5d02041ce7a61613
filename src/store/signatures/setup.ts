/** Where a process signs and checks, and what git's configuration says of it. Plain data and functions only. */
export interface SigningSetup {
  /** Last value of a variable of git's configuration, by its full lower-case name. */
  config(name: string): string | undefined;
  /** Folder in which programs are started. */
  cwd: string;
  /** Folder for temporary files, under the git dir. */
  folder: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Ends programs that sign: nobody waits for a touch any more. Those that check go on, as half an answer is none. */
  signal?: AbortSignal | undefined;
}

/** Why nothing can be signed, and the command that mends it. */
export interface SigningFault {
  problem: string;
  hint: string;
}

/** The public key that git would sign with, as the ledger keeps keys. */
export interface OwnKey {
  type: 'ssh' | 'gpg';
  key: string;
  fingerprint: string;
}
