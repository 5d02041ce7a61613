import { machinePort, makeMachine } from '../setup/machine.ts';
import { providePort } from './port.ts';

/** Of the machine alone: there need not be a repository. */
export const machineSource = providePort(machinePort, ({ options: { place, env, ask } }) =>
  makeMachine({ env, ask, repository: place.repository }),
);
