import type { Answer, CallOptions, Office } from '../../exchange/office.ts';
import { ERRORS, EXIT } from '../../kernel/errors.ts';
import type { Operation } from '../../kernel/operation.ts';
import { end as runEnd } from '../../rooms/runs/end.ts';
import { asLedgerError } from '../envelope.ts';
import { perform } from '../perform.ts';

/** Operations after which another ledger may be in use: whoever asked for it is not told again. */
const SWITCHES: ReadonlySet<string> = new Set(['ledger.fork', 'ledger.switch']);

/** The ledger that was in use, and the one that is. */
export interface Moved {
  from: string;
  to: string;
  because: string;
}

/** Does one thing after the other, in the order they came. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => {});
    return next;
  }

  /** When everything that was asked for so far has ended. */
  idle(): Promise<unknown> {
    return this.#last;
  }
}

/**
 * The server's office, opened at the first call, when the handshake has told who the host is. What was not set up is
 * looked for again at the next call: a person may have run `ledgenter init` meanwhile.
 */
export class OfficeSession {
  readonly #open: () => Promise<Office>;
  readonly #moved: (() => Promise<Moved | undefined>) | undefined;
  readonly #serial = new Serial();
  #office: Office | undefined;
  /** Offices of ledgers that were in use before, in which this run still holds something. */
  readonly #left: Office[] = [];
  /** What the host was not told yet. */
  #news: Moved | undefined;
  #closed = false;
  /** Something was written under the run of the office that is open now. */
  #wrote = false;

  /** @param moved asked before every call: the other ledger that is in use by now, if one is */
  constructor(open: () => Promise<Office>, moved?: () => Promise<Moved | undefined>) {
    this.#open = open;
    this.#moved = moved;
  }

  call(operation: Operation, input: unknown, options: CallOptions): Promise<Answer> {
    return this.#serial.run(async () => {
      options.signal?.throwIfAborted();
      await this.#follow();
      this.#office ??= await this.#open();
      try {
        const said = await perform(this.#office, operation, input, { ...options, terminal: false });
        const news = this.#news;
        this.#news = undefined;
        const answer = news ? { ...said, ledger_changed: news } : said;
        if (operation.kind === 'write' && !answer.idempotent_replay && !answer.unchanged) this.#wrote = true;
        if (SWITCHES.has(operation.name)) await this.#follow(false);
        // What is written next belongs to another run.
        if (operation.name === runEnd.name && hasEnded(this.#office, answer)) await this.#forget();
        return answer;
      } catch (error) {
        if (ERRORS[asLedgerError(error).code].exit === EXIT.notSetUp) await this.#forget();
        throw error;
      }
    });
  }

  /** Keeps the claims of this run alive; a failure is met again by whoever writes next. */
  renew(): Promise<void> {
    return this.#serial.run(async () => {
      if (this.#closed) return;
      for (const office of [this.#office, ...this.#left]) await office?.renewHeld().catch(() => {});
    });
  }

  /** Lets what runs finish, ends the run, then closes the office, which pushes the last writes. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#serial.run(async () => {
      await this.#endRun().catch(() => {}); // then it is closed as abandoned, by whoever comes next
      await this.#forget();
      for (const office of this.#left.splice(0)) await office.close();
    });
  }

  /** A run that wrote nothing leaves no entry; one that still holds something goes on in the next server of this worktree. */
  async #endRun(): Promise<void> {
    const office = this.#office;
    if (!office || !this.#wrote || (await office.holding?.())) return;
    await perform(office, runEnd, {}, { terminal: false });
  }

  /**
   * Another ledger is in use here by now (a branch was checked out, somebody switched): like every command this server works
   * on that one from then on, and says so. What is held in the one before is renewed until it is given back.
   */
  async #follow(tell = true): Promise<void> {
    const office = this.#office;
    const news = office && (await this.#moved?.());
    if (!office || !news) return;
    this.#news = tell ? { ...news, from: this.#news?.from ?? news.from } : undefined;
    if (await office.holding?.()) {
      this.#left.push(office);
      this.#office = undefined;
      this.#wrote = false;
      return;
    }
    // The run goes on: in the other ledger it may hold something.
    await this.#forget();
  }

  async #forget(): Promise<void> {
    const office = this.#office;
    this.#office = undefined;
    this.#wrote = false;
    await office?.close();
  }
}

/** True when it was the office's own run that ended, not one that it started. */
function hasEnded(office: Office, { run }: Answer): boolean {
  const { id, ended_at } = (run ?? {}) as { id?: string; ended_at?: string };
  return id === office.who.run[0] && ended_at !== undefined;
}
