import fc from 'fast-check';
import { GRACE_MS } from '../../src/kernel/hold.ts';
import { recordId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/time.ts';
import type { TaskFilter, TaskIndex, TaskRow } from '../../src/rooms/tasks/ports.ts';
import { STATUSES, type Task, taskRecord } from '../../src/rooms/tasks/record.ts';
import { MemoryStore } from '../../src/store/memory/index.ts';
import type { FileEdit, Oid, Store } from '../../src/store/port.ts';

export const NOW = Date.parse('2026-03-01T12:00:00Z');
const WHO = { name: 'ann', email: 'ann@ledgenter.invalid', time: 1_770_000_000 };

/** The id of the `n`-th task of a test. */
export const idOf = (n: number): string => recordId('t', 'test', String(n));

export function task(overrides: Partial<Task> = {}): Task {
  return {
    title: 'Sweep the yard',
    status: 'open',
    priority: 2,
    labels: [],
    criteria: [],
    depends_on: [],
    links: [],
    also_asked: [],
    created_by: 'ann',
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    ...overrides,
  };
}

/** A chain of commits that a test writes tasks (and other files) to. */
export class World {
  readonly store: Store;
  tip: Oid = '';

  constructor(store: Store = new MemoryStore()) {
    this.store = store;
  }

  async write(edits: FileEdit[], says = 'change'): Promise<Oid> {
    const meta = { author: WHO, committer: WHO, message: `${says}\n` };
    this.tip = await this.store.commit(this.tip === '' ? [] : [this.tip], edits, meta);
    return this.tip;
  }

  async put(tasks: Iterable<[number, Task | null]>): Promise<Oid> {
    const edits = [...tasks].map(([n, record]) =>
      record ? taskRecord.put(idOf(n), record) : taskRecord.remove(idOf(n)),
    );
    return this.write(edits);
  }
}

/** The same store, some of whose functions are others. */
export function replacing(store: Store, others: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(others, name) ?? Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A store that counts what is asked of it. */
export function counting(store: Store): { store: Store; asked: { diff: number; blobs: number; newest: number } } {
  const asked = { diff: 0, blobs: 0, newest: 0 };
  const proxy = new Proxy(store, {
    get(target, name) {
      if (name === 'diff') asked.diff++;
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (name === 'readBlobs') asked.blobs += (args[0] as string[]).length;
        if (name === 'newest') asked.newest += args[1] as number;
        return value.apply(target, args);
      };
    },
  });
  return { store: proxy, asked };
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const lease = fc.constantFrom(-GRACE_MS * 2, -GRACE_MS / 2, 3_600_000).map(ms => instant(NOW + ms));
const people = fc.constantFrom('ann', 'bob', 'cleo');

/** Some task of a ledger with `size` tasks; texts try to look like the index's own bytes. */
export const someTask = (size: number): fc.Arbitrary<Task> =>
  fc
    .record({
      status: fc.constantFrom(...STATUSES),
      title: fc.constantFrom(
        'Mend "project":"p1" fence',
        'tombstone',
        '{"id":"x"',
        'Näht\\"hidden":true 🪡',
        'Plain words',
      ),
      priority: fc.integer({ min: 0, max: 4 }),
      assignee: maybe(people),
      project: maybe(fc.constantFrom('p1', 'p2', 'tombstone')),
      parent: maybe(fc.nat(size - 1).map(idOf)),
      labels: fc.uniqueArray(fc.constantFrom('bug', 'tombstone', 'p1', 'ann'), { maxLength: 2 }),
      due_on: maybe(fc.constantFrom('2026-03-05', '2026-02-01')),
      start_on: maybe(fc.constantFrom('2026-02-01', '2026-03-01', '2026-04-01')),
      created_at: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', 'long ago'),
      depends_on: fc.uniqueArray(fc.nat(size - 1).map(idOf), { maxLength: 2 }),
      plan_required: maybe(fc.boolean()),
      holder: people,
      lease_until: lease,
      ended: fc.constantFrom('2026-02-20T00:00:00.000Z', '2026-02-27T00:00:00.000Z'),
    })
    .map(({ holder, lease_until, ended, ...rest }) => {
      const hold = { root: 'r', actor: holder, run: `run-${holder}`, since: instant(NOW), lease_until };
      const clean = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
      const over = rest.status === 'done' || rest.status === 'cancelled' ? { finished_at: ended } : {};
      return task({ ...clean, ...over, ...(rest.status === 'in_progress' ? { hold, assignee: holder } : {}) });
    });

export const FILTERS: TaskFilter[] = [
  {},
  { all: true },
  { ready: true },
  { ready: true, all: true },
  { ready: true, project: 'p1' },
  { ready: true, assignee: 'unassigned' },
  { ready: true, labels: ['bug'] },
  { projects: ['p1', 'tombstone'] },
  { projects: ['p2'], ready: true },
  { projects: [] },
  { projects: ['p1', 'p2'], project: 'p1', assignee: 'unassigned' },
  { project: 'p1', finished_since: '2026-02-25T00:00:00.000Z', status: ['done'] },
  { finished_since: '2026-02-20T00:00:00.000Z' },
  { status: ['open'] },
  { status: ['open', 'blocked'], project: 'tombstone' },
  { status: ['done', 'cancelled'], all: true },
  { status: ['in_progress'], holder: 'ann' },
  { assignee: 'bob' },
  { labels: ['p1'] },
  { parent: idOf(0) },
  { text: 'PLAIN words' },
  { text: 'project', status: ['open', 'in_progress', 'blocked', 'in_review'] },
];

/** Everything an index can be asked, as one comparable value. */
export async function everything(index: TaskIndex, size: number): Promise<unknown> {
  const lists: unknown[] = [];
  for (const filter of FILTERS) {
    lists.push([filter, await index.query(filter, { limit: 200, now: NOW })]);
    lists.push(await paged(index, filter));
  }
  const claims: TaskRow[][] = [];
  for (const actor of ['ann', 'dora']) {
    const rows: TaskRow[] = [];
    for await (const row of index.claimable({ actor }, NOW)) rows.push(row);
    claims.push(rows);
  }
  const single: unknown[] = [];
  for (let n = 0; n < size; n++) single.push([await index.row(idOf(n)), await index.explain(idOf(n), NOW)]);
  return { counts: await index.counts(NOW), lists, claims, single };
}

async function paged(index: TaskIndex, filter: TaskFilter): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await index.query(filter, { limit: 3, now: NOW, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...page.rows.map(({ id }) => id));
    cursor = page.cursor;
    if (cursor === undefined) return ids;
  }
}
