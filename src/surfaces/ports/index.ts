import { ledgersPort } from '../../exchange/ledgers.ts';
import { claimsOf } from '../../exchange/own.ts';
import { clonePort, sitePort } from '../../exchange/site.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context, Port } from '../../kernel/operation.ts';
import { LAWS } from '../../rooms/index.ts';
import { contextAtPort } from '../../rooms/logbook/ports.ts';
import { catalogue } from '../../rooms/orientation/ports.ts';
import { claims } from '../../rooms/tasks/ports.ts';
import type { OfficeOptions } from '../compose.ts';
import { makeLedgers } from '../ledgers/site.ts';
import { OPERATIONS } from '../operations.ts';
import type { Seat } from '../seat.ts';
import { makeSite } from '../site.ts';
import { activatingSource, activeSource } from './active.ts';
import { codeIndexSource, codeSiteSource } from './code.ts';
import { commitsSource } from './coderange.ts';
import { arrivalsSource, commitSource } from './commits.ts';
import { eventSiteSource } from './events.ts';
import { fileSiteSource } from './files.ts';
import { historySource } from './history.ts';
import { leavingSource } from './leaving.ts';
import { checkHooks, hooksSource, machineSource } from './machine.ts';
import { outFileSource } from './outfile.ts';
import { ownKeySource } from './ownkey.ts';
import { makerOf, type PortSource, providePort } from './port.ts';
import { positionSource } from './position.ts';
import { premisesSource } from './premises.ts';
import { primedSource } from './primed.ts';
import { provingSource } from './proving.ts';
import { recentSource } from './recent.ts';
import { releasingSource } from './releasing.ts';
import { repoMapPort, repoMapSitePort } from './repomap.ts';
import { revisionsSource } from './revisions.ts';
import { tablesSource } from './rows.ts';
import { searchSource } from './search.ts';
import { sessionsSource, zonesSource } from './sessions.ts';
import { skillSite } from './skills.ts';
import { spoolSource } from './spool.ts';
import { stagedSource } from './staged.ts';
import { taskIndexPort } from './tasks.ts';
import { transferSource } from './transfer.ts';

const contextAtSource: PortSource = providePort(contextAtPort, ({ seat, context, options }) => commit => {
  const then: Context = {
    ...context,
    view: seat.book.view(commit),
    use: async <T>(port: Port<T>): Promise<T> => (await portOf(() => seat, port.name, then, options)) as T,
  };
  return then;
});

/** What queries may ask for. One line a port. */
const PORTS: readonly PortSource[] = [
  providePort(clonePort, ({ seat }) => seat.clone()),
  providePort(ledgersPort, ({ seat, options }) => makeLedgers(seat, options)),
  providePort(sitePort, ({ seat, options }) => makeSite(seat, options.ask, () => checkHooks(options))),
  providePort(claims, ({ seat, context }) => claimsOf(seat.book.desk, () => seat.clone(), context.who)),
  providePort(catalogue, () => ({ operations: OPERATIONS, laws: LAWS })),
  taskIndexPort,
  activeSource,
  activatingSource,
  codeIndexSource,
  codeSiteSource,
  historySource,
  repoMapPort,
  repoMapSitePort,
  tablesSource,
  positionSource,
  searchSource,
  sessionsSource,
  zonesSource,
  recentSource,
  primedSource,
  contextAtSource,
  skillSite,
  machineSource,
  hooksSource,
  ownKeySource,
  leavingSource,
  commitSource,
  arrivalsSource,
  stagedSource,
  fileSiteSource,
  provingSource,
  outFileSource,
  releasingSource,
  revisionsSource,
  commitsSource,
  transferSource,
  premisesSource,
  spoolSource,
  eventSiteSource,
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
