import t from 'tap';
import { entryMeta } from '../../src/book/entry.ts';
import { Landed, type LandedFile, LandedIndex } from '../../src/book/landed.ts';
import { entryId, type Intent } from '../../src/kernel/entry.ts';
import { instant } from '../../src/kernel/time.ts';
import { MemoryStore } from '../../src/store/memory/index.ts';

const START = Date.parse('2026-03-01T09:00:00Z');

/** A chain of entries, as far as an index looks at them. */
async function chain(store: MemoryStore, length: number) {
  const ids: string[] = [];
  const oids: string[] = [];
  const at = instant(START);
  for (let n = 1; n <= length; n++) {
    const intent: Intent = {
      op: 'task.note',
      ledger: 'main',
      format: 1,
      actor: 'anna',
      kind: 'agent',
      run: ['r-0000000001'],
      at,
      nonce: `n-${n}`,
      input: {},
    };
    const stamp = { writer: n % 2 === 0 ? 'even' : 'odd', n, landed: at };
    const meta = entryMeta({ id: entryId(intent), intent, stamp }, 'noted', 'anna');
    oids.push(await store.commit(oids.length === 0 ? [] : [oids.at(-1)!], [], meta));
    ids.push(entryId(intent));
  }
  return { ids, oids };
}

function memoryFile(): LandedFile & { bytes: Uint8Array | undefined; writes: number } {
  return {
    bytes: undefined,
    writes: 0,
    read() {
      return this.bytes;
    },
    write(bytes) {
      this.writes++;
      this.bytes = bytes;
    },
  };
}

t.test('which entries a book has is known at any of its commits, whatever the file says', async t => {
  const store = new MemoryStore();
  const { ids, oids } = await chain(store, 100);
  const file = memoryFile();
  const index = new LandedIndex(store, file);
  const knows = async (what: string, at: number): Promise<void> => {
    const landed = await index.at(oids[at]!);
    const wrong = ids.filter((id, n) => landed.has(id) !== n <= at);
    t.same(wrong, [], `${what}: exactly what lies up to there`);
    t.notOk(landed.has('f'.repeat(64)));
  };
  await knows('without a file', 59);
  t.equal(file.writes, 1);
  await knows('from the file', 59);
  await knows('a little behind', 70);
  t.equal(file.writes, 1, 'a few entries are read again rather than written');
  await knows('far behind', 99);
  t.equal(file.writes, 2);
  await knows('ahead: a process beside this one was quicker', 80);
  t.equal(file.writes, 2, 'what is not known in full is not kept');
  file.bytes = file.bytes!.slice(0, -1);
  await knows('cut off', 99);
  file.bytes = Buffer.from('{"version":2}\n');
  await knows('of another version', 99);
  file.bytes = new Landed().encode('0'.repeat(40));
  await knows('of a book that is gone', 99);
  const landed = await index.at(oids[99]!);
  t.equal(landed.last('even'), 100);
  t.equal(landed.last('odd'), 99);
  t.equal(landed.last('nobody'), 0);
  t.notOk((await index.at(null)).has(ids[0]!), 'before the first entry there is nothing');
});
