import type { Intent } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import type { Context, Operation, Port, Who, WriteOperation } from '../kernel/operation.ts';
import { redactInput, refuseSecretNames } from '../kernel/redact/input.ts';
import { View } from '../kernel/view.ts';
import { keyOf, reused } from '../rooms/keys/record.ts';
import { nothing } from '../rooms/nothing.ts';
import { needPerson, provePresence } from './human.ts';
import { checkNames, parseInput, resolveNames } from './input.ts';
import { makeIntent } from './intent.ts';
import type { Answer, CallOptions, Office } from './office.ts';
import type { OfficeParts } from './parts.ts';
import { pastHalf, renew } from './renew.ts';
import { sync } from './sync.ts';
import { Writer } from './writer.ts';
import { type Write, writePort } from './writing.ts';

type Input = { [key: string]: unknown };

/** Parse, redact, resolve, decide, land: the one way in. */
export class LedgerOffice implements Office {
  readonly who: Who;
  readonly #parts: OfficeParts;
  readonly #writer: Writer;

  constructor(parts: OfficeParts) {
    this.#parts = parts;
    this.who = parts.who;
    this.#writer = new Writer(parts, options => this.#fresh(options));
  }

  async perform(operation: Operation, raw: unknown, options: CallOptions = {}): Promise<Answer> {
    const parsed = parseInput(operation, raw);
    const bare = operation.kind !== 'write' && operation.bare === true;
    const view = bare ? new View(nothing) : await this.#view();
    if (operation.kind !== 'write') {
      const input = (bare ? parsed : await this.#resolve(operation, parsed, view)) as never;
      if (options.human) await provePresence(this.#parts.book, view, this.#act(operation, input));
      const context = this.#context(view, options);
      return {
        ok: true,
        ...(await (operation.kind === 'act' ? operation.act(context, input) : operation.query(context, input))),
      };
    }
    checkNames(this.who.actor, options.key);
    refuseSecretNames(operation.input(), raw ?? {});
    if (!operation.aim) return this.#perform(operation, parsed, view, options);
    const kept = options.key === undefined ? undefined : await keyOf(view, options.key);
    const aimed = await operation.aim(this.#context(view, options), parsed as never).catch((error: unknown) => {
      // A key that was used says so, whatever this input would mean.
      throw kept ? reused(kept) : error;
    });
    return aimed.length === 1
      ? this.#perform(operation, aimed[0]!, view, options)
      : this.#performEach(operation, aimed, view, options);
  }

  /** One entry each; what is refused does not keep back the others. @throws LedgerError the first refusal, when all are refused */
  async #performEach(
    operation: WriteOperation<never>,
    inputs: readonly Input[],
    view: View,
    options: CallOptions,
  ): Promise<Answer> {
    if (options.key !== undefined)
      throw new LedgerError('BAD_INPUT', `an idempotency key is of one entry, and this would be ${inputs.length}`);
    const answers: unknown[] = [];
    const refused: { input: unknown; error: LedgerError }[] = [];
    for (const input of inputs) {
      try {
        const { ok: _ok, hints: _next, ...answer } = await this.#perform(operation, input, view, options);
        const id = operation.target?.(input as never)?.id;
        answers.push({ ...(id === undefined ? {} : { id }), ...answer });
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
        refused.push({ input, error });
      }
    }
    if (answers.length === 0 && refused[0]) throw refused[0].error;
    const told = refused.map(({ input, error }) => ({ input, ...error.toFailure().error }));
    return { ok: true, answers, ...(told.length > 0 ? { refused: told } : {}) };
  }

  async #perform(operation: WriteOperation<never>, parsed: unknown, view: View, options: CallOptions): Promise<Answer> {
    const { input: clean, count } = redactInput(
      operation.input(),
      parsed as never,
      this.#parts.root ? { root: this.#parts.root } : {},
    );
    const named = await this.#resolveOrFetch(operation, clean as Input, view, options);
    const input = ((await operation.placed?.(await this.#fresh(options), named as never)) ?? named) as Input;
    const human = options.human || (await this.#reserved(operation, view, input, options));
    if (human) {
      if (operation.hold === 'take')
        throw new LedgerError('HUMAN_ONLY', `${operation.name} is for a person on a terminal`);
      await needPerson(view, this.who.actor);
    }
    const how = human ? { ...options, human } : options;
    const answer =
      operation.hold === 'take'
        ? await this.#writer.take(operation, input, how)
        : ((await this.#writer.enter(operation, input, how)) ?? (await this.#writer.write(operation, input, how)));
    const waiting = await this.#parts.book.desk.note('parked-new');
    return {
      ...answer,
      ...(count > 0 ? { redacted: count } : {}),
      ...(Number(waiting) > 0 ? { parked: { count: Number(waiting), hint: 'ledgenter parked list' } } : {}),
    };
  }

  /** True where only a signature makes it a person's: what no policy lets others do. @throws LedgerError HUMAN_ONLY */
  async #reserved(operation: WriteOperation<never>, view: View, input: Input, options: CallOptions): Promise<boolean> {
    const { humanUnless, name } = operation;
    if (!humanUnless || options.person || (await humanUnless(view, input as never, this.who.actor))) return false;
    if (!this.signs()) throw new LedgerError('HUMAN_ONLY', `${name} is reserved to a person on a terminal`);
    return true;
  }

  async renewHeld(): Promise<void> {
    const now = this.#parts.now();
    for (const hold of await this.#writer.holds()) {
      if (!hold.provisional && pastHalf(hold, now)) await renew(await this.#parts.clone(), hold);
    }
  }

  async holding(): Promise<boolean> {
    return (await this.#writer.holds()).length > 0 || (await this.#parts.elsewhere?.()) === true;
  }

  signs(): boolean {
    return this.#parts.book.signatures !== undefined;
  }

  async close(): Promise<void> {
    await this.#parts.close?.();
  }

  /** What a person signs for an act that writes no entry. */
  #act({ name }: Operation, input: Input): Intent {
    return makeIntent(this.#parts, { name }, input, undefined, {}, true);
  }

  async #view(): Promise<View> {
    return this.#parts.book.view((await this.#parts.book.tip()).at);
  }

  async #fresh(options: CallOptions): Promise<Context> {
    return this.#context(await this.#view(), options);
  }

  #context(view: View, options: CallOptions): Context {
    const context: Context = {
      who: this.who,
      now: this.#parts.now(),
      view,
      use: async <T>(port: Port<T>): Promise<T> =>
        (port.name === writePort.name ? this.#writes(options) : await this.#parts.port(port.name, context)) as T,
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.progress ? { progress: options.progress } : {}),
    };
    return context;
  }

  /** A key is the act's: it would be used twice by an act that writes twice. */
  #writes({ key: _act, ...rest }: CallOptions): Write {
    return (operation, input) => this.perform(operation, input, rest);
  }

  async #resolve(operation: Operation, input: Input, view: View): Promise<Input> {
    const { rulebook } = this.#parts.book;
    return resolveNames(operation.input(), input, { rulebook, view, actor: this.who.actor });
  }

  /** A claim may name what a colleague made a minute ago: one look at the remote before it is called unknown. */
  async #resolveOrFetch(
    operation: WriteOperation<never>,
    input: Input,
    view: View,
    options: CallOptions,
  ): Promise<Input> {
    try {
      return await this.#resolve(operation, input, view);
    } catch (error) {
      const unknown = error instanceof LedgerError && error.code === 'NOT_FOUND';
      if (!unknown || (operation.hold !== 'take' && !operation.first) || options.offline) throw error;
      const clone = await this.#parts.clone();
      if (clone.self || !(await sync(clone, { ...options, joinOnly: true })).ok) throw error;
      return this.#resolve(operation, input, await this.#view());
    }
  }
}
