import { canonicalJson } from '../../kernel/canonical.ts';
import type { Intent } from '../../kernel/entry.ts';
import { sha256Hex } from '../../kernel/ids.ts';
import type { Finding } from '../../kernel/law.ts';
import { isKey } from '../../kernel/record.ts';
import { epochMs } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { isMaintainer } from '../actors/rank.ts';
import { find } from '../lookup.ts';
import { taskRecord } from '../tasks/record.ts';
import type { Handoff, HandoffStatus } from './record.ts';
import { expiresAt, isRecipient, rolesOf } from './who.ts';

/** One handoff that an entry creates (`before` undefined) or changes. */
export interface HandoffChange {
  id: string;
  before: Handoff | undefined;
  after: Handoff;
  intent: Intent;
  /** The state before the entry, and the one after it. */
  was: View;
  view: View;
}

export interface HandoffRule {
  id: string;
  says: string;
  check(change: HandoffChange): Promise<Finding | undefined> | Finding | undefined;
}

const hintOf = (id: string): string => `ledgenter handoff get ${id}`;

/** What is written when it is created and stays. */
const FIXED = [
  'kind',
  'title',
  'body',
  'to',
  'task_id',
  'context',
  'context_sha256',
  'context_for',
  'todo_id',
  'criteria_sha256',
  'intended_host',
  'due_on',
  'created_by',
  'created_at',
] as const;
/** What an answer puts on record. */
const ANSWER = ['answer', 'verdict', 'answered_by', 'answered_at'] as const;

const same = (a: Handoff, b: Handoff, names: readonly (keyof Handoff)[]): boolean =>
  canonicalJson(names.map(name => a[name] ?? null)) === canonicalJson(names.map(name => b[name] ?? null));

/** True where a verdict belongs to the answer. */
export function takesVerdict({ kind }: Pick<Handoff, 'kind'>): boolean {
  return kind === 'review' || kind === 'approval';
}

export const formRule: HandoffRule = {
  id: 'handoff.form',
  says: 'A handoff is by the actor and of the time of its entry, to actors or roles named once, about a task that exists, its context as its digest says; what it asks never changes.',
  async check({ id, before, after, intent, view }) {
    const { actor, at } = intent;
    const wrong = (message: string): Finding => ({
      code: 'BAD_INPUT',
      message: `${id}: ${message}`,
      hint: 'ledgenter handoff create --help',
    });
    if (after.updated_at !== at) return { message: `${id}: the time of change is not that of its entry` };
    if ((after.status === 'claimed') !== (after.hold !== undefined))
      return { message: `${id} is claimed exactly while it is held`, hint: `ledgenter handoff claim ${id}` };
    if (after.hold?.offer) return { message: `${id}: only the claim of a task is offered to others`, hint: hintOf(id) };
    if (before) {
      return same(before, after, FIXED)
        ? undefined
        : { message: `${id}: what a handoff asks is never changed`, hint: hintOf(id) };
    }
    if (after.created_by !== actor || after.created_at !== at)
      return { message: `${id}: its author or time is not that of its entry` };
    if (!after.to.every((name, i) => isKey(name) && (i === 0 || after.to[i - 1]! < name)))
      return wrong('a recipient is no actor or role, or named twice');
    if (after.task_id !== undefined && !(await find(view, taskRecord, after.task_id)))
      return { code: 'NOT_FOUND', message: `there is no task ${after.task_id}`, hint: 'ledgenter task query' };
    if ((after.context === undefined ? undefined : sha256Hex(after.context)) !== after.context_sha256)
      return wrong('the context is not what its digest says');
    if (after.context_for !== undefined && after.context === undefined) return wrong('it has no context for anybody');
    if (after.todo_id !== undefined && after.task_id === undefined) return wrong('its todo is of no task');
    if (epochMs(at) >= expiresAt(after)) return wrong(`${after.due_on} is over`);
    return undefined;
  },
};

/** How a handoff may go on; what each step asks is in {@link stepFinding}. */
const STEPS: Record<HandoffStatus, readonly HandoffStatus[]> = {
  open: ['claimed', 'cancelled'],
  claimed: ['claimed', 'open', 'answered', 'cancelled'],
  answered: ['acknowledged'],
  acknowledged: [],
  cancelled: [],
};

export const statusRule: HandoffRule = {
  id: 'handoff.status',
  says: 'A handoff is claimed by a recipient before its day is over (by its sender only where named), answered by who claimed it, with a verdict exactly for review and approval, acknowledged by its sender, cancelled by its sender or a maintainer; an answer never changes.',
  async check(change) {
    const { id, before, after } = change;
    if (!before) {
      const untouched = [...ANSWER, 'acknowledgement', 'acknowledged_at'].every(
        name => after[name as keyof Handoff] === undefined,
      );
      return after.status === 'open' && untouched
        ? undefined
        : { message: `a handoff begins open, ${id} does not`, hint: hintOf(id) };
    }
    if (!STEPS[before.status].includes(after.status)) {
      const by = before.answered_by === undefined ? '' : ` by ${before.answered_by}`;
      return { message: `${id} is ${before.status}${by}: it cannot become ${after.status}`, hint: hintOf(id) };
    }
    return answerFinding(change, before) ?? stepFinding(change, before);
  },
};

/** The answer is put on record by the step to `answered`, the acknowledgement by the next, and neither ever changes. */
function answerFinding({ id, after, intent }: HandoffChange, before: Handoff): Finding | undefined {
  const finding = (message: string): Finding => ({ message: `${id}: ${message}`, hint: hintOf(id) });
  const acks = before.status === 'answered' && after.status === 'acknowledged';
  if (acks ? after.acknowledged_at !== intent.at : !same(before, after, ['acknowledgement', 'acknowledged_at']))
    return finding('its acknowledgement is not of this entry');
  if (before.status === 'answered' || after.status !== 'answered')
    return same(before, after, ANSWER) ? undefined : finding('an answer is never changed');
  if (after.answer === undefined || after.answered_by !== intent.actor || after.answered_at !== intent.at)
    return finding('an answer is by the actor and of the time of its entry');
  return verdictProblem(id, after, after.verdict);
}

/** Why an answer with this verdict does not fit what was asked; undefined when it does. */
export function verdictProblem(
  id: string,
  handoff: Pick<Handoff, 'kind'>,
  verdict: string | undefined,
): Finding | undefined {
  if (takesVerdict(handoff) === (verdict !== undefined)) return undefined;
  return takesVerdict(handoff)
    ? {
        code: 'BAD_INPUT',
        message: `${id} asks for ${handoff.kind}: approve or reject`,
        hint: `ledgenter handoff respond ${id} --verdict <approve|reject> --answer '<why>'`,
      }
    : {
        code: 'BAD_INPUT',
        message: `${id} is a ${handoff.kind}: it takes an answer, no verdict`,
        hint: `ledgenter handoff respond ${id} --answer '<answer>'`,
      };
}

async function stepFinding(change: HandoffChange, before: Handoff): Promise<Finding | undefined> {
  const { id, after, intent, was } = change;
  if (after.status === 'claimed') {
    return after.hold?.root === before.hold?.root ? undefined : claimProblem(id, before, intent, was);
  }
  if (after.status === 'acknowledged' && intent.actor !== before.created_by)
    return {
      code: 'NOT_HOLDER',
      message: `${id} is acknowledged by ${before.created_by}, who asked`,
      hint: hintOf(id),
    };
  if (after.status === 'cancelled') return cancelProblem(change, before);
  return undefined;
}

/** Why the actor of an intent may not claim a handoff; undefined when it may. `was` is the state before. */
export async function claimProblem(
  id: string,
  before: Handoff,
  intent: Intent,
  was: View,
): Promise<Finding | undefined> {
  const { actor, at } = intent;
  const roles = await rolesOf(was, actor);
  if (!isRecipient({ to: before.to, from: before.created_by }, actor, roles)) {
    const sent = actor === before.created_by ? 'you sent it: ' : '';
    return {
      code: 'NOT_HOLDER',
      message: `${sent}${id} is for ${before.to.join(', ')}`,
      hint: hintOf(id),
      details: { to: before.to },
    };
  }
  const again = before.hold?.actor === actor;
  if (!again && epochMs(at) >= expiresAt(before))
    return { message: `${id} expired when ${before.due_on} was over; its sender may make another`, hint: hintOf(id) };
  return undefined;
}

async function cancelProblem({ id, intent, was, view }: HandoffChange, before: Handoff): Promise<Finding | undefined> {
  const { actor } = intent;
  if (before.criteria_sha256 !== undefined && before.task_id !== undefined) {
    const [then, now] = [await find(was, taskRecord, before.task_id), await find(view, taskRecord, before.task_id)];
    // A task's own review goes with the task's leaving review, and not before it.
    if (then?.review === id) {
      return now?.review !== id
        ? undefined
        : {
            message: `${id} is the review that ${before.task_id} waits for`,
            hint: `ledgenter task update ${before.task_id} --status open`,
          };
    }
  }
  if (actor === before.created_by || (await isMaintainer(was, actor))) return undefined;
  return {
    code: 'NOT_HOLDER',
    message: `${id} is cancelled by ${before.created_by} or a maintainer`,
    hint: hintOf(id),
  };
}

export const HANDOFF_RULES: readonly HandoffRule[] = [formRule, statusRule];
