import { eventSitePort } from '../events/port.ts';
import { providePort } from './port.ts';

export const eventSiteSource = providePort(eventSitePort, ({ seat, options: { place } }) => ({
  cwd: place.cwd,
  tip: async () => (await seat.book.tip()).at,
  politely: work => seat.book.desk.politely('event-export', work),
}));
