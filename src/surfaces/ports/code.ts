import { LedgerError } from '../../kernel/errors.ts';
import { codeIndex, codeSite } from '../../rooms/code/ports.ts';
import { isTrailerName, TRAILER } from '../../rooms/code/trailers.ts';
import { CodeIndexes } from '../../views/code/index.ts';
import { CheckoutSite } from '../code/site.ts';
import { perSeat, providePort } from './port.ts';

const codeIndexes = perSeat(seat => new CodeIndexes(seat.store, seat.cacheFolder));

export const codeIndexSource = providePort(codeIndex, ({ seat, tip }) => codeIndexes(seat).at(tip()));

export const codeSiteSource = providePort(codeSite, ({ context, options: { place, setting } }) => {
  const trailer = setting('trailer') ?? TRAILER;
  if (!isTrailerName(trailer))
    throw new LedgerError('BAD_INPUT', `ledgenter.trailer is no name of a trailer: ${JSON.stringify(trailer)}`, {
      hint: `git config ledgenter.trailer ${TRAILER}`,
    });
  const { cwd, repository } = place;
  if (!repository) throw place.problem ?? new LedgerError('NO_REPOSITORY', 'not inside a git repository');
  return new CheckoutSite({
    cwd,
    commonDir: repository.commonDir,
    topLevel: repository.topLevel,
    trailer,
    signal: context.signal,
  });
});
