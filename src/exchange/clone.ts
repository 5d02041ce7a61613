import type { Book } from '../book/book.ts';
import type { RefNames } from '../book/refs.ts';
import { LedgerError } from '../kernel/errors.ts';
import { graceOf } from '../rooms/ledger/grace.ts';
import type { Desk } from '../store/desk.ts';
import type { PushResult, RefUpdate, Remote, Store } from '../store/port.ts';
import { ALL_RULES, type Rules } from './rules.ts';

/** What the exchange works with: one clone's book, and the remote that decides. */
export interface CloneParts {
  book: Book;
  remote: Remote;
  /** This repository itself is the authority (it has no remote): the local book is the book. */
  self?: boolean;
  /** Whose name stands as committer on entries that this process lands. */
  lander: string;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  /** Uniform in [0, 1). */
  random: () => number;
  /** 20 lower-case characters that nobody else makes. */
  nonce: () => string;
  /** Writes into the book what was only noted beside it (agent events), before a sync looks what waits. */
  landing?: () => Promise<void>;
  rules?: Rules;
}

/** One process's hands on one clone. */
export class Clone {
  readonly book: Book;
  readonly remote: Remote;
  readonly self: boolean;
  readonly lander: string;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly nonce: () => string;
  readonly landing: (() => Promise<void>) | undefined;
  readonly rules: Rules;
  /** Pushes made by this process. */
  pushes = 0;
  /** Claims that this process tried and others won. */
  lost = 0;

  constructor(parts: CloneParts) {
    this.book = parts.book;
    this.remote = parts.remote;
    this.self = parts.self ?? false;
    this.lander = parts.lander;
    this.now = parts.now;
    this.sleep = parts.sleep;
    this.random = parts.random;
    this.nonce = parts.nonce;
    this.landing = parts.landing;
    this.rules = parts.rules ?? ALL_RULES;
  }

  get store(): Store {
    return this.book.store;
  }

  get desk(): Desk {
    return this.book.desk;
  }

  get names(): RefNames {
    return this.book.names;
  }

  /** The grace of this ledger in ms, as the local book says it. */
  async grace(): Promise<number> {
    return graceOf(this.book.view((await this.book.tip()).at));
  }

  async push(updates: RefUpdate[]): Promise<PushResult> {
    this.pushes++;
    return this.remote.push(updates);
  }
}

/** A push that the remote will never take, as the error that says why. */
export function deniedBy({ code, reason, hint }: Extract<PushResult, { kind: 'denied' }>): LedgerError {
  return new LedgerError(code, reason, hint === undefined ? {} : { hint });
}
