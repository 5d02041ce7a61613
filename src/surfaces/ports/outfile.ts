import { LedgerError } from '../../kernel/errors.ts';
import { outFile } from '../../rooms/out.ts';
import { writeOut } from '../outfile.ts';
import { providePort } from './port.ts';

export const outFileSource = providePort(outFile, ({ options: { place, life } }) => ({
  write(path, text, replace) {
    // A server's folder is nobody's, and what an agent asks of it must reach no file.
    if (life === 'server')
      throw new LedgerError('REFUSED', 'files are written by the command line: ask for the text', {
        hint: 'leave output away',
      });
    return writeOut(place.cwd, path, text, replace);
  },
}));
