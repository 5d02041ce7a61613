import { repoMap } from '../../rooms/repos/ports.ts';
import { providePort } from './port.ts';

export const repoMapPort = providePort(repoMap, () => ({ fingerprints: () => [] }));
