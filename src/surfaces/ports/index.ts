import { claimsOf } from '../../exchange/own.ts';
import { clonePort, sitePort } from '../../exchange/site.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { LAWS } from '../../rooms/index.ts';
import { catalogue } from '../../rooms/orientation/ports.ts';
import { claims } from '../../rooms/tasks/ports.ts';
import type { OfficeOptions } from '../compose.ts';
import { OPERATIONS } from '../operations.ts';
import type { Seat } from '../seat.ts';
import { makeSite } from '../site.ts';
import { historySource } from './history.ts';
import { leavingSource } from './leaving.ts';
import { machineSource } from './machine.ts';
import { makerOf, type PortSource, providePort } from './port.ts';
import { positionSource } from './position.ts';
import { recentSource } from './recent.ts';
import { repoMapPort, repoMapSitePort } from './repomap.ts';
import { tablesSource } from './rows.ts';
import { searchSource } from './search.ts';
import { skillSite } from './skills.ts';
import { taskIndexPort } from './tasks.ts';

/** What queries may ask for. One line a port. */
const PORTS: readonly PortSource[] = [
  providePort(clonePort, ({ seat }) => seat.clone()),
  providePort(sitePort, ({ seat, options }) => makeSite(seat, options.ask)),
  providePort(claims, ({ seat, context }) => claimsOf(seat.book.desk, () => seat.clone(), context.who)),
  providePort(catalogue, () => ({ operations: OPERATIONS, laws: LAWS })),
  taskIndexPort,
  historySource,
  repoMapPort,
  repoMapSitePort,
  tablesSource,
  positionSource,
  searchSource,
  recentSource,
  skillSite,
  machineSource,
  leavingSource,
];

const byName = new Map(PORTS.map(source => [source.name, source]));

export async function portOf(
  seat: () => Seat,
  name: string,
  context: Context,
  options: OfficeOptions,
): Promise<unknown> {
  const source = byName.get(name);
  if (!source) throw new LedgerError('INTERNAL', `nothing is known by the name ${name}`);
  return source.make(makerOf(seat, context, options));
}
