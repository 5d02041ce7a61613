import { canonicalJson } from '../../kernel/canonical.ts';
import type { Intent } from '../../kernel/entry.ts';
import { MAX_LEASE_MS } from '../../kernel/hold.ts';
import type { Finding } from '../../kernel/law.ts';
import { epochMs } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { isMaintainer } from '../actors/rank.ts';
import { ledgerRecord } from '../ledger/record.ts';
import { find } from '../lookup.ts';
import { repoRecord } from '../repos/record.ts';
import { taskRecord } from '../tasks/record.ts';
import { isOwn, type Known, liveAt, meeting } from './live.ts';
import { newBudget, patternOf } from './overlap.ts';
import type { Reservation } from './record.ts';

/** What is written when it is made and stays. */
const FIXED = ['paths', 'slot', 'repo', 'task_id', 'reason', 'actor', 'run', 'since'] as const;
const HINT = 'ledgenter reserve query';

/** What is wrong with a new reservation beside whom it meets; undefined when nothing is. */
export async function formFinding(
  view: View,
  { id, record }: Known,
  { actor, run, at }: Intent,
): Promise<Finding | undefined> {
  const { paths, slot, repo, task_id, since, released_at } = record;
  if (record.actor !== actor || record.run !== run[0] || since !== at)
    return { message: `${id}: actor, run or time is not that of its entry` };
  if (released_at !== undefined) return { message: `${id} only begins: it is not released` };
  if ((slot === undefined) === (paths.length === 0) || (slot !== undefined && repo !== undefined))
    return { message: `${id} keeps paths of a repository, or a slot` };
  if (!paths.every((path, index) => index === 0 || paths[index - 1]! < path))
    return { message: `${id} names a path twice or out of order` };
  const lease = leaseFinding({ id, record }, at);
  if (lease) return lease;
  if (task_id !== undefined && !(await find(view, taskRecord, task_id)))
    return { code: 'NOT_FOUND', message: `there is no task ${task_id}`, hint: 'ledgenter task query' };
  if (repo === undefined) return undefined;
  const registered = await find(view, repoRecord, repo);
  if (!registered)
    return { code: 'NOT_FOUND', message: `there is no repository ${repo}`, hint: 'ledgenter repo query' };
  // Under two names the same file would be free twice.
  const { authority } = (await find(view, ledgerRecord, 'ledger')) ?? {};
  return registered.fingerprint === authority
    ? { message: `${id}: the ledger's own repository is not named by its slug` }
    : undefined;
}

function leaseFinding({ id, record: { lease_until } }: Known, at: string): Finding | undefined {
  if (lease_until <= at) return { code: 'BAD_INPUT', message: `${id} is over before it begins`, hint: HINT };
  return epochMs(lease_until) > epochMs(at) + MAX_LEASE_MS
    ? { code: 'BAD_INPUT', message: `${id} is reserved for more than 7 days`, hint: HINT }
    : undefined;
}

/** Why an entry may not change a reservation so; undefined when it may. */
export async function changeFinding(
  was: View,
  { id, record: after }: Known,
  before: Reservation,
  intent: Intent,
): Promise<Finding | undefined> {
  const { at, actor } = intent;
  const kept = (one: Reservation): string => canonicalJson(FIXED.map(name => one[name] ?? null));
  if (kept(before) !== kept(after)) return { message: `${id}: what is reserved, by whom and why, never changes` };
  if (before.released_at !== undefined) return { message: `${id} was released at ${before.released_at}`, hint: HINT };
  if (!isOwn(before, intent) && !(await isMaintainer(was, actor))) {
    const message = `${before.actor} reserved ${id}: its run, ${before.actor} in person or a maintainer changes it`;
    return { code: 'NOT_HOLDER', message, hint: HINT };
  }
  if (after.released_at !== undefined) {
    const fair = after.released_at === at && after.lease_until === before.lease_until;
    return fair ? undefined : { message: `${id} is released at the time of its entry, and only that` };
  }
  if (after.lease_until <= before.lease_until) return { message: `${id} is extended, or it is released` };
  return leaseFinding({ id, record: after }, at);
}

/** Whom a new or extended reservation meets in a state; undefined when its paths, or its slot, are free. */
export async function freeFinding(
  was: View,
  { id, record }: Known,
  intent: Intent,
  grace: number,
): Promise<Finding | undefined> {
  if (record.slot !== undefined) return slotFinding(was, id, record.slot, intent, grace);
  const wanted = record.paths.map(patternOf);
  const budget = newBudget();
  for await (const other of liveAt(was, epochMs(intent.at), grace, { repo: record.repo })) {
    if (other.id === id || isOwn(other.record, intent)) continue;
    const met = meeting(other.record, wanted, budget);
    if (met) return takenFinding(other, met, budget.left < 0);
  }
  return undefined;
}

/** Who has the slot: of one there is only ever one reservation, whoever made it, so that a second is never won beside it. */
async function slotFinding(
  was: View,
  id: string,
  slot: string,
  { at }: Intent,
  grace: number,
): Promise<Finding | undefined> {
  for await (const other of liveAt(was, epochMs(at), grace, { slot })) {
    if (other.id === id) continue;
    const { actor, lease_until } = other.record;
    return {
      code: 'RESERVED',
      message: `${actor} has the slot ${slot} until ${lease_until}${whyOf(other)}`,
      hint: `${HINT} --slot ${slot}`,
      details: { ...detailsOf(other), slot },
    };
  }
  return undefined;
}

function takenFinding(known: Known, { theirs, ours }: { theirs: string; ours: string }, unsure: boolean): Finding {
  const { actor, lease_until, repo } = known.record;
  const how = unsure ? 'cannot be told apart from it' : 'overlaps it';
  return {
    code: 'RESERVED',
    message: `${actor} has ${theirs} reserved until ${lease_until}${whyOf(known)}: ${ours} ${how}`,
    hint: lookHint(ours, repo),
    details: { ...detailsOf(known), path: theirs, ...(repo === undefined ? {} : { repo }) },
  };
}

const whyOf = ({ record: { task_id, reason } }: Known): string =>
  [task_id === undefined ? '' : ` for ${task_id}`, reason === undefined ? '' : ` (${reason})`].join('');

const detailsOf = ({ id, record: { actor, run, lease_until, task_id, reason } }: Known) => ({
  reservation_id: id,
  holder: actor,
  run,
  lease_until,
  ...(task_id === undefined ? {} : { task_id }),
  ...(reason === undefined ? {} : { reason }),
});

/** The look at who has a path, from the top whatever folder it is asked in; a path that a shell would read otherwise is left to the list. */
function lookHint(path: string, repo: string | undefined): string {
  if (!/^[\w./*?@+-]+$/.test(path) || path.startsWith('-')) return HINT;
  return `${HINT} --paths '${repo === undefined ? ':/' : ''}${path}'${repo === undefined ? '' : ` --repo ${repo}`}`;
}
