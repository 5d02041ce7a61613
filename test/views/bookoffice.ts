import { entryMeta } from '../../src/book/entry.ts';
import type { Json } from '../../src/kernel/canonical.ts';
import { type Entry, entryId } from '../../src/kernel/entry.ts';
import { genesisFiles } from '../../src/rooms/ledger/genesis.ts';
import type { Oid, Store } from '../../src/store/port.ts';
import { type Person, TestOffice, type Turn } from '../rooms/office.ts';

/** The rooms, whose lawful entries become commits of a book; time is what the test says it is. */
export class BookOffice extends TestOffice {
  readonly store: Store;
  tip: Oid = '';

  constructor(store: Store) {
    super();
    this.store = store;
  }

  async found(): Promise<this> {
    const nobody = { name: 'ledgenter', email: 'ledgenter@ledgenter.invalid', time: 0 };
    this.tip = await this.store.commit([], genesisFiles('main'), {
      author: nobody,
      committer: nobody,
      message: 'Ledger main\n',
    });
    return this;
  }

  /** Done at a time, and committed. */
  async at(when: string, op: string, input: object, who: Person, turn: Turn = {}): Promise<{ [key: string]: Json }> {
    const outcome = await this.outcome(op, input, who, { ...turn, at: Date.parse(when) });
    if (outcome.kind === 'refused') throw outcome.error;
    if (outcome.kind !== 'lawful') return outcome.result;
    const intent = this.entries.at(-1)!;
    const entry: Entry = { id: entryId(intent), intent, stamp: this.stamp(intent) };
    const meta = entryMeta(entry, op, who.actor);
    this.tip = await this.store.commit([this.tip], outcome.files, meta);
    return outcome.result;
  }
}
