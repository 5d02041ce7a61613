import { Book } from '../../book/book.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Desk } from '../../store/desk.ts';
import { gitEnvironment } from '../../store/git/environment.ts';
import { openGitStore } from '../../store/git/index.ts';
import { transferPort } from '../transfer/port.ts';
import { providePort } from './port.ts';

/** Who judges a file notes nothing. */
const noDesk = new Proxy({} as Desk, {
  get() {
    throw new LedgerError('INTERNAL', 'a file that is judged keeps no notes');
  },
});

export const transferSource = providePort(transferPort, ({ seat }) => ({
  location: seat.discovery.location,
  env: gitEnvironment(seat.env),
  ledger: seat.ledger,
  clone: () => seat.clone(),
  judging(env, signal) {
    const store = openGitStore(seat.discovery, { ...seat.env, ...env }, signal ? { signal } : {});
    const { rulebook, checker } = seat.book;
    const book = new Book({
      store,
      desk: noDesk,
      rulebook,
      ledger: seat.ledger,
      now: () => seat.now(),
      sleep: async () => {},
      random: () => 0,
      ...(checker ? { checker } : {}),
    });
    return { book, store };
  },
}));
