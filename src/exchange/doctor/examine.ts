import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { ledgerRecord } from '../../rooms/ledger/record.ts';
import { sitePort } from '../site.ts';
import { checkBookRef, checkClock, checkHistory, checkRefFiles } from './book.ts';
import { checkClaims } from './claims.ts';
import { checkDesk, checkRuns } from './desk.ts';
import { type Area, finding } from './findings.ts';
import { checkParked } from './kept.ts';
import { caught, type Look } from './look.ts';
import { premisesPort } from './premises.ts';
import { checkRemote } from './remote.ts';
import { checkCaches, checkGit, checkHooks, checkObjects, checkSettings } from './repository.ts';
import { checkSigning } from './signing.ts';

/** Looks at everything, in an order in which a later part may rely on what an earlier one found. Nothing is changed. */
export async function examine(context: Context): Promise<Area[]> {
  const [site, premises] = await Promise.all([context.use(sitePort), context.use(premisesPort)]);
  const areas: Area[] = [await checkGit(site), await checkHooks(site)];
  const clone = await site.clone();
  areas.push(await checkRefFiles(premises));
  const { area, tip } = await checkBookRef(clone, premises);
  areas.push(area);
  if (!tip) return areas;
  const record = await clone.book
    .view(tip.at)
    .get(ledgerRecord, 'ledger')
    .catch(() => undefined); // told as missing objects
  const look: Look = { context, site, premises, clone, tip, record, shown: undefined };
  for (const [name, part] of PARTS) areas.push(...(await looked(name, part, look)));
  return areas;
}

const PARTS: readonly [name: string, part: (look: Look) => Promise<Area | Area[]>][] = [
  ['history', checkHistory],
  ['authority', checkRemote],
  ['claims', checkClaims],
  ['settings', checkSettings],
  ['objects', checkObjects],
  ['clock', checkClock],
  ['desk', checkDesk],
  ['runs', checkRuns],
  ['parked', checkParked],
  ['signing', checkSigning],
  ['cache', checkCaches],
];

/** A part that meets what it cannot go on with says so, and the others are looked at all the same. */
async function looked(check: string, part: (look: Look) => Promise<Area | Area[]>, look: Look): Promise<Area[]> {
  const areas = await caught(() => part(look));
  if (!(areas instanceof LedgerError)) return [areas].flat();
  const { message, hint } = areas;
  return [{ check, good: '', findings: [finding('check.stopped', { what: message, where: check, next: hint })] }];
}
