import { leavingPort } from '../leaving/ground.ts';
import { providePort } from './port.ts';

export const leavingSource = providePort(leavingPort, ({ seat, options: { place } }) => ({
  ledger: seat.ledger,
  checkout: seat.checkout,
  commonDir: place.repository!.commonDir,
  book: seat.discovery.location.commonDir,
}));
