import { isId } from '../../kernel/ids.ts';
import { type Context, refuse } from '../../kernel/operation.ts';
import { contextAtPort, historyPort, type WalkedRow } from '../logbook/ports.ts';
import { find } from '../lookup.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { bringsTasks } from '../tasks/rules/rule.ts';
import { needRelease } from './chain.ts';
import { releaseRecord } from './record.ts';

/**
 * What was finished when, by the order of entries in the book. Clocks of writers decide nothing: a time only tells which
 * of a task's own entries finished it.
 */
export class Order {
  /** Oldest first. */
  readonly rows: readonly WalkedRow[];
  readonly #context: Context;
  /** Places of the entries that changed something of a task. */
  readonly #touched = new Map<string, number[]>();

  private constructor(context: Context, rows: readonly WalkedRow[]) {
    this.#context = context;
    this.rows = rows;
    for (const [place, { tasks }] of rows.entries()) {
      for (const id of tasks) {
        const places = this.#touched.get(id);
        if (places) places.push(place);
        else this.#touched.set(id, [place]);
      }
    }
  }

  /** The order of all entries up to the tip that the context's view reads. */
  static async of(context: Context): Promise<Order> {
    const history = await context.use(historyPort);
    return new Order(context, [...history.walk()].reverse());
  }

  /** Place of the entry that finished a task as it stands in `task`; undefined when it is not done. */
  finished(id: string, task: Task, upTo = this.rows.length - 1): number | undefined {
    if (task.status !== 'done') return undefined;
    const places = (this.#touched.get(id) ?? []).filter(place => place <= upTo);
    const own = places.findLast(place => this.rows[place]!.at === task.finished_at);
    // What came in as done was finished elsewhere: here, where it came in.
    return own ?? (task.imported ? places.find(place => bringsTasks(this.rows[place]!.op)) : undefined);
  }

  /** Finished tasks whose end lies behind the place `from` and up to `to`, in order; as `view` has them. */
  async between(context: Context, from: number, to: number): Promise<{ id: string; task: Task; place: number }[]> {
    const ids = new Set(this.rows.slice(from + 1, to + 1).flatMap(({ tasks }) => tasks));
    const found: { id: string; task: Task; place: number }[] = [];
    for (const id of ids) {
      const task = await find(context.view, taskRecord, id);
      const place = task && this.finished(id, task);
      if (task && place !== undefined && place > from && place <= to) found.push({ id, task, place });
    }
    return found.sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
  }

  /** Place of the entry that tagged a release. @throws LedgerError NOT_FOUND */
  async tagged(version: string): Promise<number> {
    await needRelease(this.#context.view, version);
    const name = `${releaseRecord.room}/${version}`;
    const place = this.rows.findIndex(({ records }) => records.includes(name));
    return place >= 0 ? place : refuse('NOT_FOUND', `no entry tags ${version}`, { hint: 'ledgenter verify' });
  }

  /** The ledger as it was when a release was tagged, and where the release ends: at its task, else where it was tagged. */
  async release(version: string): Promise<{ state: Context; ends: number }> {
    const place = await this.tagged(version);
    const state = (await this.#context.use(contextAtPort))(this.rows[place]!.oid);
    const { at_task } = await needRelease(state.view, version);
    const task = at_task === undefined ? undefined : await find(state.view, taskRecord, at_task);
    const ends = at_task !== undefined && task ? this.finished(at_task, task, place) : place;
    return { state, ends: ends ?? place };
  }

  /** Place at which a task was finished. @throws LedgerError NOT_FOUND, REFUSED for one that is not done */
  async end(id: string): Promise<number> {
    const task = await find(this.#context.view, taskRecord, id);
    if (!task) refuse('NOT_FOUND', `there is no task ${id}`);
    return (
      this.finished(id, task) ??
      refuse('REFUSED', `${id} is ${task.status}: a boundary is a finished task`, {
        hint: 'ledgenter task query --status done',
      })
    );
  }

  /** Ids of a kind that the entries behind `from` and up to `to` are the first to name, in order. */
  made(letter: string, from: number, to: number): string[] {
    const before = new Set(this.rows.slice(0, from + 1).flatMap(({ records }) => records));
    const named = this.rows.slice(from + 1, to + 1).flatMap(({ records }) => records);
    return [...new Set(named.filter(id => isId(letter, id) && !before.has(id)))];
  }
}
