import type { Json } from '../kernel/canonical.ts';
import type { Intent } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import { MARGIN_MS } from '../kernel/hold.ts';
import type { Context, WriteOperation } from '../kernel/operation.ts';
import { epochMs, instant } from '../kernel/time.ts';
import type { View } from '../kernel/view.ts';
import type { HoldFile } from '../store/desk.ts';
import { circumstancesIn } from './begin.ts';
import type { Clone } from './clone.ts';
import { enterThere } from './enter.ts';
import { bringBack, offerHeld } from './handing.ts';
import { provenOnly } from './human.ts';
import { endsRun, makeIntent, nameOf, repeatKey, stampOf } from './intent.ts';
import { repeated } from './keyed.ts';
import type { Answer, CallOptions } from './office.ts';
import type { OfficeParts } from './parts.ts';
import { restoreHold } from './records.ts';
import { pastHalf } from './renew.ts';
import { take } from './take.ts';
import { alsoLapsed, lapse, send } from './told.ts';
import { transactUnder } from './transact.ts';
import { trustWritten } from './trust.ts';

type Input = { [key: string]: unknown };

/** A creation that one run repeats within so many ms is the same one (FEATURES, Idempotency). */
const REPEAT_MS = 600_000;

/**
 * Makes entries of inputs that are parsed, redacted and resolved: takes claims, has the authority decide, writes under what
 * is held, and sends.
 */
export class Writer {
  readonly #parts: OfficeParts;
  readonly #context: (options: CallOptions) => Promise<Context>;

  /** @param context what an operation may use at the present tip */
  constructor(parts: OfficeParts, context: (options: CallOptions) => Promise<Context>) {
    this.#parts = parts;
    this.#context = context;
  }

  async take(operation: WriteOperation<never>, input: Input, options: CallOptions): Promise<Answer> {
    const clone = await this.#parts.clone();
    const fresh = (): Promise<Context> => this.#context(options);
    const before = (view: View) => repeated(view, operation, input, options.key);
    // A repeated claim-next may aim at another task: its key answers before a candidate is looked for.
    const known = await before(await this.#view());
    if (known) return this.#show(operation, known, input, options, { idempotent_replay: true });
    const first = await circumstancesIn(await fresh(), operation, this.#parts.beginning);
    const make = (aimed: Input): Intent => makeIntent(this.#parts, operation, aimed, options.key, first);
    const id = operation.target?.(input as never)?.id;
    const own = id === undefined ? undefined : (await this.holds()).find(hold => hold.id === id);
    const taken = await take(clone, operation, input, this.#parts.who, make, fresh, before, options).catch(error => {
      throw alsoLapsed(error, own, this.#parts.now());
    });
    // The key may have been used in another clone, of which this one hears only now.
    const done = taken.kind === 'done' ? taken.result : taken.kind === 'nothing' && (await before(await this.#view()));
    if (done) return this.#show(operation, done, input, options, { idempotent_replay: true });
    if (taken.kind === 'done' || taken.kind === 'nothing') {
      const context = await fresh();
      return { ok: true, claimed: false, ...((await operation.nothing?.(context, input as never)) ?? {}) };
    }
    this.#parts.wrote?.();
    const context = await fresh();
    if (taken.kind === 'provisional') {
      const shown = (await operation.show?.(context, nameOf(this.#parts.book, taken.id), taken.input as never)) ?? {};
      return { ok: true, ...shown, claimed: false, provisional: true, lease_until: taken.lease_until, landed: false };
    }
    const { outcome } = taken;
    const shown = (await operation.show?.(context, outcome.result, taken.input as never)) ?? outcome.result;
    const carried = await this.#carry(options, outcome.landed, outcome.entry);
    await this.#inTime(clone, outcome.hold, outcome.along);
    return {
      ok: true,
      ...shown,
      lease_until: outcome.hold.lease_until,
      ...(outcome.tookOverFrom ? { took_over_from: outcome.tookOverFrom.actor } : {}),
      ...carried,
    };
  }

  /** The clock has the last word before "yours" (#4): showing and sending may have taken longer than the lease. */
  async #inTime(clone: Clone, hold: HoldFile, along?: HoldFile): Promise<void> {
    if (!clone.rules.lateAnswer || this.#parts.now() < epochMs(hold.lease_until) - MARGIN_MS) return;
    for (const one of [hold, ...(along ? [along] : [])]) await this.#parts.book.desk.dropHold(one.id, one.root);
    throw new LedgerError('UNREACHABLE', `the claim on ${hold.id} took longer than its lease`);
  }

  /** Has the authority decide; undefined where that is not asked for, or this repository is the authority. */
  async enter(operation: WriteOperation<never>, input: Input, options: CallOptions): Promise<Answer | undefined> {
    if (!operation.decidedThere || options.sync === false || options.offline) return undefined;
    const clone = await this.#parts.clone();
    if (clone.self) return undefined;
    const done = await repeated(await this.#view(), operation, input, options.key);
    if (done) return this.#show(operation, done, input, options, { idempotent_replay: true });
    const circumstances = await circumstancesIn(await this.#context(options), operation, this.#parts.beginning);
    const make = (): Intent => makeIntent(this.#parts, operation, input, options.key, circumstances);
    const { same, result } = await enterThere(clone, make, options);
    const why = options.key === undefined ? { unchanged: true } : { idempotent_replay: true };
    if (!same) this.#parts.wrote?.();
    return this.#show(operation, result, input, options, same ? why : { landed: true });
  }

  async write(operation: WriteOperation<never>, given: Input, options: CallOptions): Promise<Answer> {
    const { book } = this.#parts;
    const { input, files } = operation.carry ? operation.carry(given as never) : { input: given, files: [] };
    const done =
      options.key === undefined
        ? undefined
        : await repeated(await this.#view(), operation, input as Input, options.key);
    if (done) return this.#show(operation, done, input as Input, options, { idempotent_replay: true });
    const { creates } = operation;
    const makes = typeof creates === 'function' ? creates(input as never) : creates === true;
    const repeat =
      options.key === undefined && makes ? repeatKey(operation, this.#parts.who, input as Input) : undefined;
    const before = repeat === undefined ? undefined : await book.desk.recall(repeat);
    if (before && epochMs(before.at) > this.#parts.now() - REPEAT_MS) {
      return this.#show(operation, before.result, input as Input, options, { idempotent_replay: true });
    }
    await this.#takeFirst(operation, input as Input, options);
    const target = operation.target?.(input as never);
    const back = await this.#takeBack(operation, input as Input, options);
    const hold = back ?? (target && (await this.#holdOf(target.id)));
    if (options.human && operation.offers && hold)
      throw new LedgerError('HUMAN_ONLY', `${operation.name} is for a person on a terminal`);
    if (operation.offers && hold) return this.#offer(operation, input as Input, hold, options, repeat);
    const circumstances = await circumstancesIn(await this.#context(options), operation, this.#parts.beginning);
    const intent: Intent = {
      ...makeIntent(this.#parts, operation, input as Input, options.key, circumstances, options.human),
      ...(hold ? { claim: stampOf(hold) } : {}),
    };
    const clone = await this.#selfClone();
    const written = await transactUnder(book, intent, files, hold, clone, options.human ? provenOnly : undefined);
    if (written.kind === 'same') {
      const why = options.key !== undefined || makes ? { idempotent_replay: true } : { unchanged: true };
      return this.#show(operation, written.result, input as Input, options, why);
    }
    const { enacted } = written;
    // What this actor wrote here may run here; the entry stands, whatever becomes of the note.
    await trustWritten(book.desk, this.#parts.who.actor, enacted).catch(() => {});
    if (back) await restoreHold(book, back);
    if (endsRun(enacted, this.#parts.who)) this.#parts.ended?.();
    else this.#parts.wrote?.(enacted.changes);
    if (hold && !enacted.ended.includes(hold.id) && pastHalf(hold, this.#parts.now())) await this.#renewSoon(hold);
    if (repeat !== undefined) await book.desk.remember(repeat, { at: intent.at, result: enacted.result });
    // Undefined leaves it to the background; false would be --no-sync.
    const sending = { ...options, sync: options.sync ?? (operation.landsFirst || back !== undefined || undefined) };
    const carried = await this.#carry(sending, clone !== undefined, enacted.entry.id);
    const waits = carried.landed ? undefined : operation.decidedThere?.waiting;
    return this.#show(operation, enacted.result, input as Input, options, { ...waits, ...carried });
  }

  /** The claim that the target offers to others, brought back before the offer is closed. */
  async #takeBack(operation: WriteOperation<never>, input: Input, options: CallOptions): Promise<HoldFile | undefined> {
    const held = await operation.withdraws?.(await this.#view(), input as never);
    return held && bringBack(await this.#parts.clone(), held, this.#parts.who, options);
  }

  /** Writes an entry that offers the claim it is written under; it is open once it has landed, so it is sent at once. */
  async #offer(
    operation: WriteOperation<never>,
    input: Input,
    hold: HoldFile,
    options: CallOptions,
    repeat: string | undefined,
  ): Promise<Answer> {
    const circumstances = await circumstancesIn(await this.#context(options), operation, this.#parts.beginning);
    const outcome = await offerHeld(
      await this.#parts.clone(),
      {
        hold,
        intent: claim => ({ ...makeIntent(this.#parts, operation, input, options.key, circumstances), claim }),
        offerId: intent => operation.offers!(intent.input as never, intent),
      },
      options,
    );
    this.#parts.wrote?.();
    const { entry, result } = outcome;
    if (repeat !== undefined) await this.#parts.book.desk.remember(repeat, { at: instant(this.#parts.now()), result });
    const landed = (await this.#selfClone()) !== undefined;
    const carried = await this.#carry({ ...options, sync: options.sync ?? true }, landed, entry);
    return this.#show(operation, result, input, options, carried);
  }

  /** The next sync renews what is held by this tenure: claims that moved together end together. */
  async #renewSoon({ root }: HoldFile): Promise<void> {
    for (const hold of await this.holds())
      if (hold.root === root) await this.#parts.book.desk.amendHold(hold.id, root, kept => ({ ...kept, renew: true }));
  }

  /** Takes the target of an operation that is written under a claim, where this run has none. */
  async #takeFirst({ first, target }: WriteOperation<never>, input: Input, options: CallOptions): Promise<void> {
    const id = first && target?.(input as never)?.id;
    if (!first || id === undefined) return;
    const { key: _own, sync: _later, ...rest } = options;
    const view = await this.#view();
    const held = (await this.holds()).some(
      hold => hold.id === id && this.#parts.now() <= epochMs(hold.lease_until) - MARGIN_MS,
    );
    if (held || !(await first.needed(view, input as never))) return;
    await this.take(first.operation as WriteOperation<never>, first.input(input as never), rest);
  }

  async #show(
    operation: WriteOperation<never>,
    result: { [key: string]: Json },
    input: Input,
    options: CallOptions,
    extra: { [key: string]: unknown },
  ): Promise<Answer> {
    const shown = operation.show ? await operation.show(await this.#context(options), result, input as never) : result;
    return { ok: true, ...shown, ...extra };
  }

  /**
   * Sends what was written, or leaves it to the background.
   * @throws LedgerError UNREACHABLE when it was to be sent and was not; REFUSED when a law parked it on the way
   */
  async #carry(options: CallOptions, landed: boolean, entry: string): Promise<{ landed: boolean; queued?: true }> {
    if (options.sync !== true || landed) {
      if (options.sync !== false && !options.offline) this.#parts.background?.();
      return { landed };
    }
    return send(await this.#parts.clone(), entry, options);
  }

  /** The clone when this repository is its own authority; then a write lands at once. */
  async #selfClone(): Promise<Clone | undefined> {
    const clone = await this.#parts.clone();
    return clone.self ? clone : undefined;
  }

  async #view(): Promise<View> {
    return this.#parts.book.view((await this.#parts.book.tip()).at);
  }

  async holds(): Promise<HoldFile[]> {
    const { actor, run } = this.#parts.who;
    return (await this.#parts.book.desk.holds()).filter(hold => hold.actor === actor && run.includes(hold.run));
  }

  /** @throws LedgerError LEASE_LAPSED: when it lapsed, who has it now, what to run */
  async #holdOf(id: string): Promise<HoldFile | undefined> {
    const hold = (await this.holds()).find(one => one.id === id);
    if (!hold || this.#parts.now() <= epochMs(hold.lease_until) - MARGIN_MS) return hold;
    throw await lapse(await this.#parts.clone(), hold);
  }
}
