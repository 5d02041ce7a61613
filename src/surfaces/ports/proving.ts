import { witnessedAt } from '../../book/signatures.ts';
import { provingPort } from '../prove/port.ts';
import { providePort } from './port.ts';

export const provingSource = providePort(provingPort, ({ seat, options: { place, env } }) => ({
  root: place.repository?.topLevel,
  cwd: place.cwd,
  env,
  desk: seat.book.desk,
  witnessed: commit => witnessedAt(seat.book, commit),
  async maySign() {
    const { signer } = seat.signing;
    if (signer === undefined) return;
    // Nobody is asked for a passphrase or a touch where all is well: signing is tried only where no key is found.
    const key = await seat.signing.ownKey();
    if ('problem' in key) await signer.sign('is there a key?');
  },
}));
