import type { Intent } from '../../kernel/entry.ts';
import type { Finding } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { isMaintainer } from '../actors/rank.ts';
import { ledgerRecord } from '../ledger/record.ts';
import { find } from '../lookup.ts';
import { taskRecord } from '../tasks/record.ts';
import { chain } from './chain.ts';
import type { Release } from './record.ts';

/** Why this actor may not tag in a ledger that was `was`. */
export async function whoFinding(was: View, { actor, kind }: Intent): Promise<Finding | undefined> {
  const policy = (await was.get(ledgerRecord, 'ledger'))?.policies?.release_by;
  if (policy === 'human' && kind !== 'human')
    return { code: 'HUMAN_ONLY', message: 'releases of this ledger are tagged by people' };
  if (policy === 'maintainer' && !(await isMaintainer(was, actor)))
    return { code: 'NOT_MAINTAINER', message: 'releases of this ledger are tagged by maintainers' };
  return undefined;
}

/** Why a release names no boundary, or one that is none; `view`: the state after it. */
export async function boundaryFinding(view: View, version: string, release: Release): Promise<Finding | undefined> {
  const { at_task, finished_at, at_commit, git_tag } = release;
  if (at_task === undefined && at_commit === undefined)
    return { message: `${version} lies at a finished task or a commit`, hint: 'ledgenter task query --status done' };
  if (git_tag && at_commit === undefined) return { message: `${version}: a git tag is at a commit` };
  if (at_task === undefined)
    return finished_at === undefined ? undefined : { message: `${version} lies at no task that was finished` };
  const task = await find(view, taskRecord, at_task);
  if (!task) return { code: 'NOT_FOUND', message: `there is no task ${at_task}`, hint: 'ledgenter task query' };
  if (task.status === 'done')
    return task.finished_at === finished_at
      ? undefined
      : { message: `${version}: ${at_task} was finished at another time` };
  return {
    message: `${at_task} is ${task.status}: a release lies at a finished task`,
    hint: 'ledgenter task query --status done',
  };
}

/** Why a release does not go on from those before it in a ledger that was `was`. */
export async function forwardFinding(was: View, version: string, release: Release): Promise<Finding | undefined> {
  const before = await chain(was);
  const newest = before[0]?.version;
  if (release.previous !== newest)
    return { message: `${version} follows ${newest ?? 'no release'}, not ${release.previous ?? 'none'}` };
  const { at_task, finished_at } = release;
  if (at_task === undefined) return undefined;
  const same = before.find(one => one.release.at_task === at_task && one.release.finished_at === finished_at);
  if (!same) return undefined;
  return {
    message: `${same.version} lies at ${at_task} already: a release goes on from the one before`,
    hint: 'ledgenter task query --status done',
  };
}
