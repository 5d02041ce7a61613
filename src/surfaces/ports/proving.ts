import { provingPort } from '../prove/port.ts';
import { providePort } from './port.ts';

export const provingSource = providePort(provingPort, ({ seat, options: { place, env } }) => ({
  root: place.repository?.topLevel,
  cwd: place.cwd,
  env,
  desk: seat.book.desk,
}));
