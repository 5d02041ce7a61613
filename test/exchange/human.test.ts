import t from 'tap';
import type { Book } from '../../src/book/book.ts';
import { isEntry } from '../../src/book/entry.ts';
import { LedgerOffice } from '../../src/exchange/perform.ts';
import { defineOperation, type Operation } from '../../src/kernel/operation.ts';
import { OPERATIONS } from '../../src/rooms/index.ts';
import { perform } from '../../src/surfaces/perform.ts';
import { Team } from './team.ts';

const named = (name: string): Operation => OPERATIONS.find(one => one.name === name)!;
/** An operation of the office as if it were reserved to people. */
const reserved = (name: string): Operation => ({ ...named(name), humanOnly: true }) as Operation;

type Person = ReturnType<Team['clone']>;

/** Calls as from an agent's host: no terminal, and the host shows. */
function fromHost({ book, clone, run }: Person, actor: string) {
  const office = new LedgerOffice({
    who: { actor, kind: 'agent', run, mode: 'session', host: 'claude-code' },
    book,
    clone: async () => clone,
    port: async () => {
      throw new Error('no port is needed');
    },
    now: clone.now,
    nonce: clone.nonce,
  });
  return (operation: Operation, input: object) => perform(office, operation, input, { terminal: false, sync: false });
}

const last = async (book: Book) => {
  const { entry } = await book.entryAt((await book.tip()).at);
  return isEntry(entry) ? entry : undefined;
};

t.test('from an agent’s host a person is believed with a signature by a key that the ledger knows', async t => {
  const team = new Team();
  const { anna, task } = await team.begin();
  const note = reserved('task.note');
  const text = { task_id: task, text: 'decided by anna' };
  t.match(await fromHost(anna, 'anna')(note, text), { ok: true });
  t.match(await last(anna.book), { intent: { actor: 'anna', kind: 'human', op: 'task.note' }, signature: /^SHA256/ });

  await anna.book.transact(anna.intent('actor.register', { actor: 'bob', kind: 'agent' }));
  const { at } = await anna.book.tip();
  const agent = fromHost(team.clone('bob', {}, anna.store), 'bob');
  await t.rejects(
    agent(note, text),
    { code: 'HUMAN_ONLY', message: /knows bob as agent/ },
    'an agent, however it signs',
  );
  t.equal((await anna.book.tip()).at, at, 'and nothing was written');
});

t.test('a signature that proves nobody is worth nothing', async t => {
  const team = new Team();
  const { anna, task } = await team.begin();
  await anna.book.transact(anna.intent('ledger.policy', { require_signatures: false }));
  await anna.book.transact(anna.intent('actor.register', { actor: 'zoe', kind: 'human' }));
  // Zoe is a person and signs, but the ledger has no key of hers: without the policy her entries are lawful, and unproven.
  const { at } = await anna.book.tip();
  const zoe = team.clone('zoe', {}, anna.store);
  const call = fromHost(zoe, 'zoe');
  await t.rejects(call(reserved('task.note'), { task_id: task, text: 'x' }), {
    code: 'HUMAN_ONLY',
    message: /does not prove zoe/,
  });
  let acted = 0;
  const act = defineOperation({
    ...(named('task.note') as never as object),
    name: 'parked.forget',
    kind: 'act',
    humanOnly: true,
    act: async () => ({ acted: ++acted }),
  } as never);
  await t.rejects(call(act, { task_id: task, text: 'x' }), { code: 'HUMAN_ONLY' }, 'nor for what writes no entry');
  t.equal((await anna.book.tip()).at, at, 'and nothing was written');
  t.match(await fromHost(anna, 'anna')(act, { task_id: task, text: 'x' }), { acted: 1 }, 'anna is proven');
  t.equal((await anna.book.tip()).at, at, 'by a signature that is kept nowhere');
});

t.test('where nothing is signed it stays as it was: a person on a terminal', async t => {
  const { anna, task } = await new Team().begin();
  const unsigned = {
    who: { actor: 'anna', kind: 'human', run: anna.run, mode: 'session' },
    signs: () => false,
  } as never;
  const call = perform(unsigned, reserved('task.note'), { task_id: task, text: 'x' }, { terminal: false });
  await t.rejects(call, { code: 'HUMAN_ONLY', hint: 'a person runs this on a terminal' });
});

t.test('what a policy may leave to agents is reserved to people where it does not', async t => {
  const team = new Team();
  const { anna, task } = await team.begin();
  const asked: string[] = [];
  const note = {
    ...named('task.note'),
    humanUnless: async (_view: unknown, { text }: { text: string }, actor: string) => {
      asked.push(actor);
      return text === 'allowed';
    },
  } as Operation;
  await anna.book.transact(anna.intent('actor.register', { actor: 'bob', kind: 'agent' }));
  const bob = fromHost(team.clone('bob', {}, anna.store), 'bob');
  t.match(await bob(note, { task_id: task, text: 'allowed' }), { ok: true });
  t.match(await last(anna.book), { intent: { actor: 'bob', kind: 'agent' } });
  await t.rejects(bob(note, { task_id: task, text: 'not so' }), { code: 'HUMAN_ONLY' });
  t.match(await fromHost(anna, 'anna')(note, { task_id: task, text: 'not so' }), { ok: true });
  t.match(await last(anna.book), { intent: { actor: 'anna', kind: 'human' } }, 'anna’s signature says it');
  t.strictSame(asked, ['bob', 'bob', 'anna']);
  const stands = { who: { actor: 'anna', kind: 'human', run: anna.run, mode: 'session' } };
  const seen: object[] = [];
  const office = { ...stands, perform: async (_op: unknown, _in: unknown, how: object) => seen.push(how) } as never;
  await perform(office, note, { task_id: task, text: 'x' }, { terminal: true });
  await perform(office, note, { task_id: task, text: 'x' }, { terminal: false });
  t.strictSame(seen, [{ person: true }, {}], 'a person on a terminal is told to the office, and nobody else');
});
