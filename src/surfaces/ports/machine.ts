import type { SiteCheck } from '../../exchange/site.ts';
import type { OfficeOptions } from '../compose.ts';
import { type HooksGround, hooksPort, makeHooksGround } from '../hooks/ground.ts';
import { machinePort, makeMachine } from '../setup/machine.ts';
import { providePort } from './port.ts';

/** Of the machine alone: there need not be a repository. */
export const machineSource = providePort(machinePort, ({ options: { place, env, ask } }) =>
  makeMachine({ env, ask, repository: place.repository }),
);

/** @throws LedgerError NO_REPOSITORY */
const makeGround = ({ place, env, ask }: Pick<OfficeOptions, 'place' | 'env' | 'ask'>): HooksGround =>
  makeHooksGround(place, env, makeMachine({ env, ask, repository: place.repository }));

/** Of the repository that the process stands in, wherever its book is. */
export const hooksSource = providePort(hooksPort, ({ options }) => makeGround(options));

/** How the hooks stand where the process does; with a home there may be no repository. */
export async function checkHooks(options: OfficeOptions): Promise<SiteCheck> {
  if (!options.place.discovery) return { state: 'good', says: 'there is no checkout here' };
  const { checkOf } = await import('../hooks/status.ts');
  return checkOf(makeGround(options));
}
