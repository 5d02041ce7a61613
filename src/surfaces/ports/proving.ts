import { provingPort } from '../prove/port.ts';
import { faultOf } from '../signing.ts';
import { providePort } from './port.ts';

export const provingSource = providePort(provingPort, ({ seat, options: { place, env } }) => ({
  root: place.repository?.topLevel,
  cwd: place.cwd,
  env,
  desk: seat.book.desk,
  async maySign() {
    if (seat.book.signatures === undefined) return;
    const key = await seat.signing.ownKey();
    if ('problem' in key) throw faultOf(key);
  },
}));
