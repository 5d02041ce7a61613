import type { Intent } from '../../kernel/entry.ts';
import type { Finding } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { type Source, sourceId, sourceRecord } from '../importing/record.ts';
import { find } from '../lookup.ts';
import { allows } from '../tasks/gates.ts';
import { FINAL, type Task, taskRecord } from '../tasks/record.ts';
import { missingParts } from './findings.ts';
import { type Asked, isRequired, questionsOf, type Version, verdictsOf, versionOf } from './look.ts';
import { type Plan, type Question, questionsHash, type Verdict } from './record.ts';

/** The operations that alone write a verdict: the first is reserved to people, where no policy says otherwise. */
export const ACCEPT = 'plan.accept';
export const REJECT = 'plan.reject';

/** Why nobody proposes a plan for a task, or says anything of one; undefined while it can still be worked on. */
export function closedFinding(id: string, { status }: Task): Finding | undefined {
  if (!FINAL.includes(status)) return undefined;
  const reopen = status === 'done' ? " --reason '<why>'" : '';
  return {
    message: `${id} is ${status}: its plan is history`,
    hint: `ledgenter task update ${id} --status open${reopen}`,
  };
}

/** True where the policy of a task lets this actor accept a version of its plan without being a person. */
export async function mayAccept(view: View, id: unknown, version: unknown, actor: string): Promise<boolean> {
  // Asked by a law about the input of any entry, which may hold anything.
  if (typeof id !== 'string' || (version !== undefined && !Number.isInteger(version))) return false;
  const task = await find(view, taskRecord, id);
  if (!task || !(await allows(view, task, 'agents_accept_plans'))) return false;
  const found = await versionOf(view, id, version as number | undefined);
  return found !== undefined && found.plan.by !== actor && !(await isFrom(view, task, found.plan));
}

/** Where a task was imported from, and when that was last read; undefined for one that no import says that of. */
async function sourceOf(view: View, { imported, origin_ask_ref }: Task): Promise<Source | undefined> {
  if (!imported || origin_ask_ref === undefined) return undefined;
  return find(view, sourceRecord, sourceId(origin_ask_ref));
}

/** True for a version that came with its task: who wrote it is the word of who imported it, so only a person accepts it. */
async function isFrom(view: View, task: Task, { at }: Plan): Promise<boolean> {
  const source = await sourceOf(view, task);
  return source !== undefined && at <= source.at;
}

/** Why a version does not come in with its task. */
export async function broughtFinding(
  view: View,
  id: string,
  name: string,
  { at }: Plan,
  intent: Intent,
): Promise<Finding | undefined> {
  const task = await find(view, taskRecord, id);
  if (task && at <= intent.at && (await sourceOf(view, task))) return undefined;
  return { message: `${name} of ${id} is from no time before its import, or from nowhere` };
}

/** What an acceptance or rejection of a version would break; `view`: the state that it is said in. */
export async function verdictFinding(
  view: View,
  id: string,
  task: Task,
  { version, plan, sha256 }: Version,
  decision: Verdict['decision'],
  { kind }: Pick<Intent, 'kind'>,
): Promise<Finding | undefined> {
  const closed = closedFinding(id, task);
  if (closed) return closed;
  if (decision === 'reject') {
    const accepted = task.plan?.version === version && task.plan.sha256 === sha256;
    return accepted
      ? {
          message: `v${version} of ${id} is accepted: propose a better one in its place`,
          hint: `ledgenter plan template ${id}`,
        }
      : undefined;
  }
  const missing = missingParts(plan, task)[0];
  if (missing) {
    const { where, message } = missing;
    return {
      code: 'GATE',
      message: `v${version} of ${id} cannot be accepted: ${where.endsWith(']') ? `${where} ` : ''}${message}`,
      hint: `ledgenter plan lint ${id} --version ${version}`,
      details: { where },
    };
  }
  const open = (await questionsOf(view, id)).filter(isRequired);
  if (open[0])
    return {
      code: 'GATE',
      message: `v${version} of ${id} cannot be accepted while ${open.map(one => one.id).join(', ')} must be answered`,
      hint: `ledgenter question answer ${id} --answers '${open[0].id}: <answer>'`,
      details: { questions: open.map(one => one.id) },
    };
  if (kind === 'human') return undefined;
  const refused = (await verdictsOf(view, id)).find(
    ({ record }) => record.version === version && record.decision === 'reject',
  );
  return refused
    ? {
        code: 'HUMAN_ONLY',
        message: `${refused.record.by} rejected v${version} of ${id}: a person accepts it all the same, or a better one is proposed`,
        hint: `ledgenter plan template ${id}`,
      }
    : undefined;
}

/** A verdict that an entry writes: whether the plan, the questions and the entry itself are as it says. */
export async function writtenFinding(
  was: View,
  view: View,
  id: string,
  verdict: Verdict,
  intent: Intent,
): Promise<Finding | undefined> {
  const { version, plan_sha256, questions_sha256, decision, note, by, at } = verdict;
  if (by !== intent.actor || at !== intent.at)
    return { message: `a verdict on ${id} is not by the actor and of the time of its entry` };
  const { op, input } = intent;
  const words = decision === 'accept' ? input.note : input.reason;
  const said = op === (decision === 'accept' ? ACCEPT : REJECT) && input.task_id === id && words === note;
  if (!said || input.version !== version || input.sha256 !== plan_sha256)
    return {
      message: `the entry does not say that v${version} of ${id} is ${decision === 'accept' ? 'accepted' : 'rejected'}`,
    };
  const found = await versionOf(was, id, version);
  const task = await find(was, taskRecord, id);
  if (!found || !task || found.sha256 !== plan_sha256)
    return { message: `${id} has no plan v${version} with the hash that was looked at` };
  if (questionsHash(await questionsOf(view, id)) !== questions_sha256)
    return { message: `the verdict on v${version} of ${id} is about other questions or answers` };
  return verdictFinding(was, id, task, found, decision, intent);
}

/** Who may give a question another answer than it has, or dismiss it. */
export function answerFinding(
  id: string,
  { id: name, record }: Asked,
  status: Question['status'],
  { actor, kind }: Pick<Intent, 'actor' | 'kind'>,
): Finding | undefined {
  if (kind === 'human') return undefined;
  const hint = `ledgenter question query ${id}`;
  if (record.status !== 'open' && record.answered_by !== actor)
    return {
      code: 'HUMAN_ONLY',
      message: `${name} of ${id} is ${record.status} by ${record.answered_by}, who changes that, or a person`,
      hint,
    };
  if (status === 'dismissed' && record.by !== actor)
    return { code: 'HUMAN_ONLY', message: `${record.by}, who asked ${name} of ${id}, dismisses it, or a person`, hint };
  return undefined;
}
