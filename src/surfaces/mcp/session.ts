import type { Answer, CallOptions, Office } from '../../exchange/office.ts';
import { ERRORS, EXIT } from '../../kernel/errors.ts';
import type { Operation } from '../../kernel/operation.ts';
import { end as runEnd } from '../../rooms/runs/end.ts';
import { asLedgerError } from '../envelope.ts';
import { perform } from '../perform.ts';

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
  readonly #serial = new Serial();
  #office: Office | undefined;
  #closed = false;
  /** Something was written under the run of the office that is open now. */
  #wrote = false;

  constructor(open: () => Promise<Office>) {
    this.#open = open;
  }

  call(operation: Operation, input: unknown, options: CallOptions): Promise<Answer> {
    return this.#serial.run(async () => {
      options.signal?.throwIfAborted();
      this.#office ??= await this.#open();
      try {
        const answer = await perform(this.#office, operation, input, { ...options, terminal: false });
        if (operation.kind === 'write' && !answer.idempotent_replay && !answer.unchanged) this.#wrote = true;
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
      if (!this.#closed) await this.#office?.renewHeld().catch(() => {});
    });
  }

  /** Lets what runs finish, ends the run, then closes the office, which pushes the last writes. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#serial.run(async () => {
      await this.#endRun().catch(() => {}); // then it is closed as abandoned, by whoever comes next
      await this.#forget();
    });
  }

  /** A run that wrote nothing leaves no entry; one that still holds something goes on in the next server of this worktree. */
  async #endRun(): Promise<void> {
    const office = this.#office;
    if (!office || !this.#wrote || (await office.holding?.())) return;
    await perform(office, runEnd, {}, { terminal: false });
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
