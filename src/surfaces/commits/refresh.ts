import type { Context } from '../../kernel/operation.ts';
import { writeHookConf } from '../hooks/conf.ts';
import { hooksPort } from '../hooks/ground.ts';
import { defaultTips } from './branch.ts';
import { tips } from './git.ts';
import { commitSite } from './site.ts';
import { readSeen, writeSeen } from './state.ts';

/** Writes anew what the hooks know of git's configuration. @returns what is configured wrongly */
export async function refresh(context: Context): Promise<{ said: string[] }> {
  const { problems } = await writeHookConf(await context.use(hooksPort));
  return { said: problems };
}

/** Notes where the code stands, where nobody did: what comes later is what arrived. Never fails. */
export async function firstLook(context: Context): Promise<void> {
  try {
    const site = await context.use(commitSite);
    if (readSeen(site.commonDir, site.ledger)) return;
    const began = Date.now();
    const seen = { tips: await tips(site.cwd), main: await defaultTips(site, context), reached: {} };
    writeSeen(site.commonDir, site.ledger, seen, began);
  } catch {
    // No commit, no ledger yet, or nowhere to write: the first look is at the first merge or sync.
  }
}
