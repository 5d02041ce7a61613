import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { FINAL, taskRecord } from '../../rooms/tasks/record.ts';
import { update } from '../../rooms/tasks/update.ts';
import { defaultTips } from './branch.ts';
import { unreached } from './git.ts';
import type { CommitSite } from './site.ts';
import { lineOf } from './told.ts';

/**
 * What `Closes:` asks for: done where the commit is on the default branch and the gates allow, else in review where the laws
 * let this run say so. Whoever may not is silent: its holder, or a person, ends the task.
 * @param closes task → the commit that asks for it
 * @param asked whoever made the commit is here to be told
 */
export async function close(
  site: CommitSite,
  context: Context,
  closes: ReadonlyMap<string, string>,
  asked = false,
): Promise<string[]> {
  const said: string[] = [];
  if (closes.size === 0) return said;
  const tips = await defaultTips(site, context);
  const away =
    tips.length === 0 ? new Set(closes.values()) : await unreached(site.cwd, [...new Set(closes.values())], tips);
  for (const [task, sha] of closes) {
    const record = await context.view.get(taskRecord, task);
    if (!record || FINAL.includes(record.status)) continue;
    const tried = away.has(sha) ? undefined : await setStatus(site, task, 'done');
    if (tried === true) said.push(`${task} is done (Closes in ${sha.slice(0, 12)})`);
    else if (record.status === 'in_progress') {
      const reviewed = await setStatus(site, task, 'in_review');
      if (reviewed === true)
        said.push(
          `${task} is in review${tried === undefined ? ': its commit is not on the default branch yet' : `: ${tried}`}`,
        );
    } else if (typeof tried === 'string' && (asked || record.assignee === context.who.actor))
      said.push(`${task} is not done: ${tried}`);
  }
  return said;
}

/** True, or why not. */
async function setStatus(site: CommitSite, task_id: string, status: 'done' | 'in_review'): Promise<true | string> {
  try {
    await site.perform(update, { task_id, status });
    return true;
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'INTERNAL') throw error;
    return lineOf(error);
  }
}
