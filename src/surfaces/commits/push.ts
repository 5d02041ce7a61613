import { clonePort } from '../../exchange/site.ts';
import { sync } from '../../exchange/sync.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import type { CommitSite } from './site.ts';
import { lineOf, type Told } from './told.ts';
import { watch } from './watch.ts';

/** Longest that the code waits for the ledger, in ms. */
const BOUND_MS = 10_000;

/**
 * Carries the ledger along with the code. Another remote than the one that decides carries nothing, a ledger that was never
 * published stays where it is, and what does not go now goes with the next sync.
 * @param remote the remote's name, or its URL where it was pushed to by that
 */
export async function carry(site: CommitSite, context: Context, remote: string | undefined): Promise<Told> {
  const required = /^require$/i.test(site.setting('push') ?? '');
  try {
    const clone = await context.use(clonePort);
    if (clone.self || (site.own && remote !== undefined && remote !== clone.remote.name)) return { said: [] };
    const said = await watch(site, context).catch(() => []);
    const signal = AbortSignal.timeout(BOUND_MS);
    const report = await sync(clone, { joinOnly: true, signal });
    const parked =
      report.parked.length > 0 ? [`${report.parked.length} entries were parked; ledgenter parked list`] : [];
    if (report.ok || report.queued) return { said: [...said, ...parked] };
    return {
      said: [`the ledger was not carried along: ${report.reason ?? 'the remote is busy'}; ledgenter sync`],
      ...refusal(required),
    };
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return { said: [`the ledger was not carried along: ${lineOf(error)}`], ...refusal(required) };
  }
}

const refusal = (required: boolean): { refused?: true } => (required ? { refused: true } : {});
