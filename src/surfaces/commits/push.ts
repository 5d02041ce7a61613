import { ElsewhereRemote } from '../../exchange/authority.ts';
import type { Clone } from '../../exchange/clone.ts';
import { clonePort } from '../../exchange/site.ts';
import { sync } from '../../exchange/sync.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { endGit } from '../../store/git/index.ts';
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
  const failed = (why: string): Told => ({
    said: [`the ledger was not carried along: ${why}`],
    ...(required ? { refused: true } : {}),
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Told>(resolve => {
    timer = setTimeout(() => {
      endGit();
      resolve(failed(`no answer within ${BOUND_MS / 1000} s; ledgenter sync`));
    }, BOUND_MS);
  });
  try {
    const clone = await context.use(clonePort);
    const elsewhere = clone.remote instanceof ElsewhereRemote;
    if (clone.self || (!elsewhere && site.own && remote !== undefined && remote !== clone.remote.name))
      return { said: [] };
    const said = await watch(site, context).catch(() => []);
    const sent = send(clone, failed);
    sent.catch(() => {}); // told by whichever ends first
    const told = await Promise.race([sent, late]);
    return { ...told, said: [...said, ...told.said] };
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return failed(lineOf(error));
  } finally {
    clearTimeout(timer);
  }
}

async function send(clone: Clone, failed: (why: string) => Told): Promise<Told> {
  const report = await sync(clone, { joinOnly: true });
  const parked = report.parked.length > 0 ? [`${report.parked.length} entries were parked; ledgenter parked list`] : [];
  if (report.ok || report.queued) return { said: parked };
  return failed(`${report.reason ?? 'the remote is busy'}; ledgenter sync`);
}
