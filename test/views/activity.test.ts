import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { entryMeta } from '../../src/book/entry.ts';
import { type Entry, entryId, FORMAT, type Intent } from '../../src/kernel/entry.ts';
import { recordId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/time.ts';
import { projectRecord } from '../../src/rooms/projects/record.ts';
import { plain } from '../../src/rooms/room.ts';
import { noteRecord, taskRecord } from '../../src/rooms/tasks/record.ts';
import { MemoryStore } from '../../src/store/memory/index.ts';
import type { FileEdit, Oid, Store } from '../../src/store/port.ts';
import { Activity } from '../../src/views/activity/index.ts';
import { TaskIndexes } from '../../src/views/tasks/index.ts';
import { counting, idOf, NOW, task } from './world.ts';

const RECORDS = [plain(taskRecord), plain(noteRecord), plain(projectRecord)];

/** A book that a test writes entries to. */
class Book {
  readonly store: Store;
  tip: Oid = '';
  n = 0;

  constructor(store: Store = new MemoryStore()) {
    this.store = store;
  }

  async write(op: string, says: string, edits: FileEdit[], actor = 'ann'): Promise<Oid> {
    const at = instant(NOW + this.n++ * 1000);
    const intent: Intent = {
      op,
      ledger: 'main',
      format: FORMAT,
      actor,
      kind: 'agent',
      run: [`run-${actor}`],
      at,
      nonce: `n${this.n}`,
      input: {},
    };
    const entry: Entry = { id: entryId(intent), intent, stamp: { writer: 'w', n: this.n, landed: at } };
    this.tip = await this.store.commit(this.tip === '' ? [] : [this.tip], edits, entryMeta(entry, says, actor));
    return this.tip;
  }

  async found(): Promise<void> {
    const nobody = { name: 'ledgenter', email: 'ledgenter@ledgenter.invalid', time: 0 };
    this.tip = await this.store.commit([], [], { author: nobody, committer: nobody, message: 'Ledger main\n' });
  }

  activity(folder?: string, store = this.store): Activity {
    const indexes = new TaskIndexes(store);
    const tasksOf = (project: string, tip: Oid) => indexes.tasksOf(project, tip);
    return new Activity({ store, records: RECORDS, tasksOf, ...(folder === undefined ? {} : { folder }) });
  }
}

const note = (n: number, mark: string): FileEdit => {
  const record = { kind: 'note' as const, text: mark, by: 'ann', at: instant(NOW) };
  return noteRecord.put(recordId('n', mark), record, idOf(n));
};

async function filled(): Promise<Book> {
  const book = new Book();
  await book.found();
  const title = {
    title: 'Web',
    status: 'active' as const,
    created_by: 'ann',
    created_at: instant(NOW),
    updated_at: instant(NOW),
  };
  await book.write('project.create', 'created web', [projectRecord.put('web', title)]);
  await book.write('task.create', 'created one', [taskRecord.put(idOf(1), task({ project: 'web' }))]);
  await book.write('task.create', 'created two "actor":"bob"', [taskRecord.put(idOf(2), task())], 'cleo');
  await book.write('task.note', 'noted on one', [note(1, 'a')], 'bob');
  await book.write('task.note', 'noted on two', [note(2, 'b')], 'bob');
  return book;
}

t.test('the logbook answers newest first, by each filter, with how many in all', async t => {
  const book = await filled();
  const history = await book.activity().at(book.tip);
  const says = async (filter: object) => (await history.entries(filter, { limit: 50 })).rows.map(row => row.says);
  t.same(await says({}), ['noted on two', 'noted on one', 'created two "actor":"bob"', 'created one', 'created web']);
  t.same(await says({ task_id: idOf(1) }), ['noted on one', 'created one']);
  t.same(await says({ project: 'web' }), ['noted on one', 'created one', 'created web']);
  t.same(await says({ actor: 'bob' }), ['noted on two', 'noted on one']);
  t.same(await says({ run: 'run-cleo' }), ['created two "actor":"bob"']);
  t.same(await says({ op: 'task.note', task_id: idOf(2) }), ['noted on two']);
  t.same(await says({ op: 'task' }), ['noted on two', 'noted on one', 'created two "actor":"bob"', 'created one']);
  t.same(await says({ op: 'tas' }), []);
  t.same(await says({ since: instant(NOW + 1000), until: instant(NOW + 2000) }), [
    'created two "actor":"bob"',
    'created one',
  ]);
  t.equal((await history.entries({ op: 'task' }, { limit: 1 })).total, 4);
  const [row] = (await history.entries({}, { limit: 1 })).rows;
  t.match(row, { oid: book.tip, actor: 'bob', run: 'run-bob', op: 'task.note', records: [recordId('n', 'b')] });
  t.match(row!.entry, /^[0-9a-f]{64}$/);
});

t.test('pages join to the whole list, and a cursor from elsewhere is refused', async t => {
  const book = await filled();
  const history = await book.activity().at(book.tip);
  const seen: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await history.entries({}, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
    t.equal(page.total, 5);
    seen.push(...page.rows.map(row => row.oid));
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  t.equal(new Set(seen).size, 5);
  await t.rejects(history.entries({}, { limit: 2, cursor: 'deadbeef' }), { code: 'BAD_INPUT' });
});

t.test('a page of a long book reads only what is new', async t => {
  const book = new Book();
  await book.found();
  for (let n = 0; n < 300; n++) await book.write('task.note', `noted ${n}`, [note(1, `m${n}`)]);
  const folder = t.testdir();
  await book.activity(folder).at(book.tip);
  await book.write('task.note', 'noted last', [note(1, 'last')]);
  const { store, asked } = counting(book.store);
  const history = await book.activity(folder, store).at(book.tip);
  const page = await history.entries({}, { limit: 20 });
  t.equal(page.total, 301);
  t.equal(page.rows[0]?.says, 'noted last');
  t.ok(asked.newest <= 32, `${asked.newest} commits read`);
});

t.test('kept journal equals one built from nothing, after rewrites of the own end and damage to the file', async t => {
  const root = t.testdir();
  let folders = 0;
  const step = fc.record({
    back: fc.nat(6),
    add: fc.integer({ min: 1, max: 40 }),
    harm: fc.option(fc.nat(), { freq: 3 }),
  });
  const property = fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async steps => {
      const book = new Book();
      await book.found();
      const folder = join(root, `${folders++}`);
      const server = book.activity(folder);
      const tips = [book.tip];
      for (const { back, add, harm } of steps) {
        tips.splice(Math.max(1, tips.length - back));
        book.tip = tips.at(-1)!;
        for (let n = 0; n < add; n++)
          tips.push(await book.write('task.note', `noted ${book.n}`, [note(1, `m${book.n}`)]));
        const all = async (activity: Activity) => (await activity.at(book.tip)).entries({}, { limit: 500 });
        const fresh = await all(book.activity());
        assert.equal(fresh.total, tips.length - 1);
        assert.deepEqual(await all(server), fresh);
        if (harm !== null) spoil(folder, harm);
        assert.deepEqual(await all(book.activity(folder)), fresh);
      }
    }),
    { numRuns: 20 },
  );
  await t.resolves(property);
});

function spoil(folder: string, seed: number): void {
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    const at = seed % bytes.length;
    bytes[at]! ^= 0x15;
    writeFileSync(join(folder, name), seed % 2 === 0 ? bytes : bytes.subarray(0, at));
  }
}

t.test('commits that are no entries are left out, and a book that cannot be read is told', async t => {
  const book = await filled();
  const stranger = { name: 'x', email: 'x@y.invalid', time: 1 };
  book.tip = await book.store.commit([book.tip], [], { author: stranger, committer: stranger, message: 'hello\n' });
  t.equal((await (await book.activity().at(book.tip)).entries({}, { limit: 9 })).total, 5);
  await t.rejects(book.activity().at('0'.repeat(40)), { code: 'BAD_LEDGER' });
});
