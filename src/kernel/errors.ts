/** Exit codes of the CLI (sysexits.h where it has a name for the case). */
export const EXIT = {
  ok: 0,
  no: 1,
  usage: 64,
  data: 65,
  notFound: 66,
  unreachable: 69,
  internal: 70,
  lost: 75,
  refused: 77,
  notSetUp: 78,
} as const;

/** One row an error code: its exit code, whether the same call may succeed later, and the next command. */
interface ErrorRow {
  exit: number;
  retryable: boolean;
  hint: string;
}

/** The one table of errors. A hint is a command or a short instruction; it never destroys anything. */
export const ERRORS = {
  USAGE: { exit: EXIT.usage, retryable: false, hint: 'ledgenter help' },
  UNKNOWN_OPERATION: { exit: EXIT.usage, retryable: false, hint: 'ledgenter help' },
  CHOOSE_REMOTE: { exit: EXIT.usage, retryable: false, hint: 'ledgenter init --remote <name>' },
  BAD_INPUT: { exit: EXIT.data, retryable: false, hint: 'ledgenter help' },
  TOO_LARGE: { exit: EXIT.data, retryable: false, hint: 'split the text, or attach a URL with its sha256' },
  KEY_REUSED: { exit: EXIT.data, retryable: false, hint: 'use another idempotency_key for another input' },
  BAD_LEDGER: { exit: EXIT.data, retryable: false, hint: 'ledgenter doctor' },
  FINDINGS: { exit: EXIT.data, retryable: false, hint: 'ledgenter log' },
  TAMPERED: { exit: EXIT.data, retryable: false, hint: 'ledgenter verify' },
  NOT_FOUND: { exit: EXIT.notFound, retryable: false, hint: 'ledgenter task query' },
  AMBIGUOUS: { exit: EXIT.notFound, retryable: false, hint: 'give more characters of the id' },
  UNREACHABLE: { exit: EXIT.unreachable, retryable: true, hint: 'ledgenter sync' },
  BUSY: { exit: EXIT.lost, retryable: true, hint: 'run the same command again' },
  INTERNAL: { exit: EXIT.internal, retryable: false, hint: 'ledgenter doctor' },
  NO_ROOM: { exit: EXIT.internal, retryable: true, hint: 'free disk space and run the same command again' },
  CANCELLED: { exit: EXIT.lost, retryable: true, hint: 'run the same command again' },
  CLAIM_LOST: { exit: EXIT.lost, retryable: true, hint: 'ledgenter task claim' },
  RESERVED: { exit: EXIT.lost, retryable: true, hint: 'ledgenter reserve query' },
  LEASE_LAPSED: { exit: EXIT.lost, retryable: true, hint: 'ledgenter task claim <task_id>' },
  NOT_HOLDER: { exit: EXIT.refused, retryable: false, hint: 'ledgenter task get <task_id>' },
  REFUSED: { exit: EXIT.refused, retryable: false, hint: 'ledgenter task get <task_id>' },
  GATE: { exit: EXIT.refused, retryable: false, hint: 'ledgenter task get <task_id>' },
  HUMAN_ONLY: { exit: EXIT.refused, retryable: false, hint: 'a person runs this on a terminal' },
  NOT_SIGNED: { exit: EXIT.notSetUp, retryable: false, hint: 'git config ledgenter.sign true, then: ledgenter doctor' },
  NOT_MAINTAINER: { exit: EXIT.refused, retryable: false, hint: 'ledgenter actor query --role maintainer' },
  REMOTE_READ_ONLY: {
    exit: EXIT.refused,
    retryable: false,
    hint: 'ask for push rights, or: ledgenter init --home <url>',
  },
  REMOTE_REFUSED: {
    exit: EXIT.refused,
    retryable: false,
    hint: 'git config ledgenter.namespace refs/heads/ledgenter && ledgenter init',
  },
  NO_REPOSITORY: { exit: EXIT.notSetUp, retryable: false, hint: 'git init, then: ledgenter init' },
  NO_LEDGER: { exit: EXIT.notSetUp, retryable: false, hint: 'ledgenter init' },
  NO_AUTHORITY: { exit: EXIT.notSetUp, retryable: false, hint: 'ledgenter init --remote <name>' },
  CLAIM_ELSEWHERE: { exit: EXIT.notSetUp, retryable: false, hint: 'git config ledgenter.remote <name>' },
  OTHER_LEDGER: { exit: EXIT.notSetUp, retryable: false, hint: 'ledgenter doctor' },
  NEWER_FORMAT: { exit: EXIT.notSetUp, retryable: false, hint: 'npm install -g ledgenter@latest' },
  GIT_TOO_OLD: { exit: EXIT.notSetUp, retryable: false, hint: 'install git 2.34 or newer' },
  NO_ACTOR: { exit: EXIT.notSetUp, retryable: false, hint: 'git config ledgenter.actor <name>' },
  READ_ONLY_REPOSITORY: { exit: EXIT.notSetUp, retryable: false, hint: 'make the git directory writable' },
  NO_REPO_MAP: { exit: EXIT.notSetUp, retryable: false, hint: 'ledgenter repo map' },
  FAULTS: { exit: EXIT.notSetUp, retryable: false, hint: 'ledgenter doctor' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** What a surface prints when the answer is an error. */
export interface Failure {
  ok: false;
  error: { code: ErrorCode; message: string; hint: string; retryable: boolean; details?: Record<string, unknown> };
}

/** The one exception type of the product. Everything else that is thrown is a fault of ours (`INTERNAL`). */
export class LedgerError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, extra: { hint?: string; details?: Record<string, unknown> } = {}) {
    super(message);
    this.name = 'LedgerError';
    this.code = code;
    this.hint = extra.hint ?? ERRORS[code].hint;
    this.details = extra.details;
  }

  get exit(): number {
    return ERRORS[this.code].exit;
  }

  toFailure(): Failure {
    const { code, message, hint, details } = this;
    return {
      ok: false,
      error: { code, message, hint, retryable: ERRORS[code].retryable, ...(details ? { details } : {}) },
    };
  }
}
