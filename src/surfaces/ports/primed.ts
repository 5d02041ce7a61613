import { join } from 'node:path';
import { detectHost, sessionOf } from '../hosts.ts';
import { primedPort } from '../prime/port.ts';
import { providePort } from './port.ts';

export const primedSource = providePort(primedPort, ({ seat, options: { place, env } }) => {
  const session = sessionOf(detectHost(env), env);
  return {
    folder: join(place.repository?.gitDir ?? seat.discovery.location.commonDir, 'ledgenter-runs'),
    ...(session === undefined ? {} : { session }),
  };
});
