import { LedgerError } from '../../kernel/errors.ts';
import { releasingPort } from '../releasing/port.ts';
import { providePort } from './port.ts';

export const releasingSource = providePort(releasingPort, ({ options: { place } }) => ({
  // Tags are of the code: in the checkout that the caller stands in, wherever the ledger is.
  get cwd() {
    if (place.repository) return place.repository.topLevel ?? place.cwd;
    throw place.problem ?? new LedgerError('NO_REPOSITORY', 'not inside a git repository');
  },
}));
