import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Desk, HoldFile } from '../../src/store/desk.ts';
import { openDesk } from '../../src/store/git/index.ts';
import { MemoryDesk } from '../../src/store/memory/index.ts';

const HOLD: HoldFile = {
  id: 't-0123456789',
  root: 'root-1',
  oid: '1'.repeat(40),
  actor: 'ann',
  run: 'r1',
  since: '2026-01-01T00:00:00.000Z',
  lease_until: '2026-01-01T01:00:00.000Z',
  chain: [],
};

const DESKS: Record<string, (t: Test) => Desk> = {
  memory: () => new MemoryDesk(),
  files: t => openDesk(t.testdir(), 'main'),
};

for (const [kind, make] of Object.entries(DESKS)) {
  t.test(kind, async t => {
    const desk = make(t);
    t.test('the writer is made once', async t => {
      const writers = await Promise.all([desk.writer(), desk.writer(), desk.writer()]);
      t.match(writers[0], /^[0-9a-f-]{32,36}$/);
      t.equal(new Set(writers).size, 1);
    });
    t.test('numbers rise, above any floor', async t => {
      t.equal(await desk.nextNumber(0), 1);
      t.equal(await desk.nextNumber(41), 42);
      t.equal(await desk.nextNumber(3), 43);
      const drawn = await Promise.all([1, 2, 3, 4].map(() => desk.nextNumber(0)));
      t.same(drawn.sort(), [44, 45, 46, 47]);
    });
    t.test('what is trusted is kept, the newest thousand of it', async t => {
      t.equal(await desk.trusts('a'), false);
      await desk.trust(['a', 'b', 'b']);
      await Promise.all(['c', 'd'].map(hash => desk.trust([hash])));
      for (const hash of ['a', 'b', 'c', 'd']) t.equal(await desk.trusts(hash), true, hash);
      await desk.trust(['a', ...Array.from({ length: 999 }, (_, index) => `n${index}`)]);
      t.same(await Promise.all(['a', 'b', 'd', 'n998'].map(hash => desk.trusts(hash))), [true, false, false, true]);
    });
    t.test('holds are kept by record and dropped by tenure', async t => {
      t.same(await desk.holds(), []);
      await desk.putHold(HOLD);
      await desk.putHold({ ...HOLD, id: 't-zzzzzzzzzz', provisional: true });
      await desk.putHold({ ...HOLD, renew: true });
      t.same(await desk.holds(), [
        { ...HOLD, renew: true },
        { ...HOLD, id: 't-zzzzzzzzzz', provisional: true },
      ]);
      t.equal(await desk.amendHold(HOLD.id, HOLD.root, ({ renew: _done, ...hold }) => hold), true);
      t.equal(await desk.amendHold(HOLD.id, 'another-root', hold => ({ ...hold, renew: true })), false);
      t.equal(await desk.amendHold('t-nothing', HOLD.root, hold => hold), false);
      t.same((await desk.holds())[0], HOLD);
      const older = { ...HOLD, root: 'root-0', since: '2025-12-31T23:00:00.000Z' };
      await desk.putHold(older);
      t.same((await desk.holds())[0], HOLD, 'an older tenure does not replace a newer one');
      const chained = { ...older, chain: [...HOLD.chain, HOLD.root] };
      await desk.putHold(chained);
      t.same((await desk.holds())[0], chained, 'one that goes on with it does, whatever the clock said');
      await desk.putHold(HOLD);
      t.same((await desk.holds())[0], chained, 'and is not replaced by what it went on with');
      await desk.dropHold(HOLD.id, chained.root);
      await desk.putHold(HOLD);
      await desk.dropHold(HOLD.id, 'another-root');
      t.equal((await desk.holds()).length, 2);
      await desk.dropHold(HOLD.id, HOLD.root);
      await desk.dropHold('t-nothing', HOLD.root);
      t.equal((await desk.holds()).length, 1);
    });
    t.test('creations are remembered for ten minutes', async t => {
      const [hash, old] = ['a'.repeat(64), 'b'.repeat(64)];
      const recent = { at: new Date().toISOString(), result: { id: 't-1' } };
      await desk.remember(old, { ...recent, at: new Date(Date.now() - 601_000).toISOString() });
      await desk.remember(hash, recent);
      t.same(await desk.recall(hash), recent);
      t.equal(await desk.recall(old), undefined);
      t.equal(await desk.recall('c'.repeat(64)), undefined);
    });
    t.test('notes', async t => {
      t.equal(await desk.note('last-sync'), undefined);
      await desk.setNote('last-sync', 'now');
      t.equal(await desk.note('last-sync'), 'now');
    });
    t.test('polite work goes one by one, and its failure frees the lock', async t => {
      let inside = 0;
      let most = 0;
      const work = async (): Promise<number> => {
        inside++;
        most = Math.max(most, inside);
        await new Promise(resolve => setTimeout(resolve, 2));
        return inside--;
      };
      await Promise.all([1, 2, 3, 4, 5].map(() => desk.politely('book', work)));
      t.equal(most, 1);
      const failing = desk.politely('book', async () => {
        throw new Error('work failed');
      });
      await t.rejects(failing, { message: 'work failed' });
      t.equal(await desk.politely('book', async () => 'free'), 'free');
    });
  });
}

t.test('damaged files count as absent', async t => {
  const dir = t.testdir();
  const folder = join(dir, 'ledgenter', 'main');
  const desk = openDesk(dir, 'main');
  const writer = await desk.writer();
  await desk.nextNumber(6);
  await desk.putHold(HOLD);
  await desk.remember('a'.repeat(64), { at: new Date().toISOString(), result: {} });
  for (const path of ['writer', 'number', `holds/${HOLD.id}.json`, `recent/${'a'.repeat(64)}.json`])
    writeFileSync(join(folder, path), '{"at": tr');
  t.not(await desk.writer(), writer, 'a fresh writer');
  t.equal(await desk.nextNumber(10), 11, 'the floor still holds');
  t.same(await desk.holds(), []);
  t.equal(await desk.recall('a'.repeat(64)), undefined);
  t.notOk(readdirSync(folder).some(name => name.endsWith('.tmp')));
});

t.test('a lock whose owner is gone, or that is old, does not block', async t => {
  const dir = t.testdir();
  const desk = openDesk(dir, 'main');
  await desk.setNote('a', 'makes the folder');
  const lock = join(dir, 'ledgenter', 'main', 'lock-book');
  // No system hands out this process id.
  const gone = { pid: 2 ** 30, host: hostname(), at: Date.now(), nonce: 'x' };
  writeFileSync(lock, JSON.stringify(gone));
  t.equal(await desk.politely('book', async () => readFileSync(lock, 'utf8').includes('"nonce":"x"')), false);
  writeFileSync(lock, JSON.stringify({ ...gone, pid: process.pid }));
  utimesSync(lock, new Date(), new Date(Date.now() - 31_000));
  t.equal(await desk.politely('book', async () => 'done'), 'done');
});

t.test('names that would leave the folder are refused', async t => {
  const desk = openDesk(t.testdir(), 'main');
  for (const name of ['../x', 'a/b', '', 'A', 'x\0']) {
    await t.rejects(desk.note(name), RangeError, JSON.stringify(name));
    await t.rejects(async () => desk.politely(name, async () => 1), RangeError, JSON.stringify(name));
    await t.rejects(async () => desk.putHold({ ...HOLD, id: name }), RangeError, JSON.stringify(name));
  }
});
