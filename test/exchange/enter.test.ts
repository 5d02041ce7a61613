import t from 'tap';
import { Book } from '../../src/book/book.ts';
import { RESERVED_NOTE } from '../../src/book/reserved.ts';
import { Rulebook } from '../../src/book/rulebook.ts';
import { Clone } from '../../src/exchange/clone.ts';
import { enterThere } from '../../src/exchange/enter.ts';
import { sync } from '../../src/exchange/sync.ts';
import { FORMAT, type Intent } from '../../src/kernel/entry.ts';
import { recordId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/time.ts';
import { LAWS, OPERATIONS, RECORDS } from '../../src/rooms/index.ts';
import { MemoryDesk, MemoryRemote, MemoryStore } from '../../src/store/memory/index.ts';
import type { PushResult, RefUpdate } from '../../src/store/port.ts';

const RULEBOOK = new Rulebook({ records: RECORDS, laws: LAWS, operations: OPERATIONS });
const NOW = Date.parse('2026-03-02T09:00:00.000Z');

/** `deaf`: the push is taken, the answer lost; `lost`: it never arrives. */
class Line extends MemoryRemote {
  fate: 'good' | 'deaf' | 'lost' = 'good';
  /** Done before the next push arrives. */
  before: (() => Promise<unknown>) | undefined;

  override async push(updates: RefUpdate[]): Promise<PushResult> {
    const first = this.before;
    this.before = undefined;
    await first?.();
    if (this.fate === 'lost') return { kind: 'broken', reason: 'the line broke' };
    const answer = await super.push(updates);
    return this.fate === 'deaf' ? { kind: 'broken', reason: 'the line broke' } : answer;
  }
}

/** Clones of one ledger in memory, and what each may do. */
async function team(...names: string[]) {
  const shared = new MemoryStore();
  let count = 0;
  const clones = names.map(name => {
    const store = new MemoryStore();
    const desk = new MemoryDesk({ writer: name, now: () => NOW });
    const parts = { now: () => NOW, sleep: async () => {}, random: () => 0.5 };
    const book = new Book({ store, desk, rulebook: RULEBOOK, ledger: 'main', ...parts });
    const line = new Line({ local: store, shared });
    const clone = new Clone({ book, remote: line, lander: name, nonce: () => `n${++count}`, ...parts });
    const intent = (op: string, input: Intent['input']): Intent => ({
      op,
      ledger: 'main',
      format: FORMAT,
      actor: name,
      kind: 'human',
      run: [recordId('r', name)],
      at: instant(NOW),
      nonce: `n${++count}`,
      input,
    });
    const reserve = (path: string) => enterThere(clone, () => intent('reserve.claim', { paths: [path] }), {});
    const writes = (title: string) => book.transact(intent('task.create', { title }));
    const entries = async () => (await store.log((await book.tip()).at, null)).length;
    const note = () => desk.note(RESERVED_NOTE);
    return { clone, line, reserve, writes, entries, note, intent };
  });
  const [first] = clones;
  await first!.clone.book.found();
  await first!.clone.book.transact(
    first!.intent('ledger.init', { namespace: 'refs/ledgenter', authority: 'x.example/a' }),
  );
  await sync(first!.clone);
  for (const { clone } of clones.slice(1)) {
    await clone.book.found();
    await sync(clone);
  }
  return clones;
}

t.test('what waits here lands first, then the entry; this clone follows', async t => {
  const [anna, bob] = await team('anna', 'bob');
  await anna!.writes('before');
  t.match(await anna!.reserve('src'), { same: false, result: { reservation_id: /^v-/ } });
  t.equal(await anna!.entries(), 4);
  t.equal(await anna!.note(), `${NOW / 1000 + 86_400 + 120}\n`);
  t.equal(await bob!.note(), '0\n');
  await t.rejects(bob!.reserve('src/x'), { code: 'RESERVED', exit: 75, details: { holder: 'anna' } });
  t.equal(await bob!.note(), await anna!.note(), 'what a sync brought');
  t.match(await anna!.reserve('src'), { same: true });
  t.equal(await anna!.entries(), 4);
});

t.test('another is quicker by a push: decided anew on what it wrote', async t => {
  const [anna, bob] = await team('anna', 'bob');
  anna!.line.before = () => bob!.reserve('src');
  await t.rejects(anna!.reserve('src/x'), { code: 'RESERVED', details: { holder: 'bob' } });
  anna!.line.before = () => bob!.reserve('docs');
  t.match(await anna!.reserve('lib'), { same: false });
  for (const { clone, entries } of [anna!, bob!]) {
    t.match(await sync(clone), { ok: true, waiting: 0, parked: [] });
    t.equal(await entries(), 5);
  }
});

t.test('a sibling process writes meanwhile: both are kept', async t => {
  const [anna] = await team('anna');
  anna!.line.before = () => anna!.writes('meanwhile');
  t.match(await anna!.reserve('src'), { same: false });
  t.match(await sync(anna!.clone), { ok: true, parked: [] });
  t.equal(await anna!.entries(), 4);
});

t.test('the line breaks: taken or not is found out, and what is not known is not claimed', async t => {
  const [anna, bob] = await team('anna', 'bob');
  anna!.line.fate = 'deaf';
  t.match(await anna!.reserve('src'), { same: false }, 'taken, though nobody said so');
  t.equal(await anna!.entries(), 3);
  anna!.line.fate = 'lost';
  await t.rejects(anna!.reserve('docs'), { code: 'UNREACHABLE', message: /^not entered: the line broke/ });
  t.equal(await anna!.entries(), 3, 'nothing stays here');
  anna!.line.fault = { kind: 'broken', reason: 'no route' };
  await t.rejects(anna!.reserve('docs'), { code: 'UNREACHABLE', message: /no route/ });
  anna!.line.fault = undefined;
  anna!.line.before = async () => {
    anna!.line.fault = { kind: 'broken', reason: 'no route' };
  };
  await t.rejects(anna!.reserve('docs'), { code: 'UNREACHABLE', message: /is not known/ });
  anna!.line.fate = 'good';
  anna!.line.fault = { kind: 'denied', code: 'REMOTE_READ_ONLY', reason: 'you may only read' };
  await t.rejects(anna!.reserve('docs'), { code: 'REMOTE_READ_ONLY' });
  anna!.line.fault = undefined;
  t.match(await sync(anna!.clone), { ok: true, landed: 0, waiting: 0, parked: [] });
  t.match(await bob!.reserve('docs'), { same: false }, 'and it is free for others');
});

t.test('a process that dies behind its push leaves what the next sync brings', async t => {
  const [anna, bob] = await team('anna', 'bob');
  const dies = new Error('killed');
  anna!.clone.store.swap = async () => {
    throw dies;
  };
  await t.rejects(anna!.reserve('src'), dies);
  delete (anna!.clone.store as { swap?: unknown }).swap;
  t.match(await sync(anna!.clone), { received: 1 });
  await t.rejects(bob!.reserve('src'), { code: 'RESERVED' });
  t.equal(await anna!.note(), await bob!.note());
});

t.test('always outrun, it says so', async t => {
  const [anna, bob] = await team('anna', 'bob');
  const outrun = async (): Promise<void> => {
    await bob!.writes('again');
    await sync(bob!.clone);
    anna!.line.before = outrun;
  };
  anna!.line.before = outrun;
  await t.rejects(anna!.reserve('src'), { code: 'BUSY', exit: 75 });
  anna!.line.before = undefined;
  t.match(await sync(anna!.clone), { ok: true, waiting: 0, parked: [] });
});
