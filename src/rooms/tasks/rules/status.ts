import type { Finding } from '../../../kernel/law.ts';
import type { View } from '../../../kernel/view.ts';
import { handoffRecord } from '../../handoffs/record.ts';
import { find } from '../../lookup.ts';
import { planGap } from '../../plans/gate.ts';
import { undone } from '../../requirements/gate.ts';
import { endedBetween, roundsOf } from '../../validation/gate.ts';
import { todoGap } from '../../work/gate.ts';
import { asFinding, askedOf, gapOf } from '../gates.ts';
import { BIRTH, type Need, reachable, TABLE } from '../table.ts';
import { isImport, type TaskChange, type TaskRule } from './rule.ts';

type Check = (change: TaskChange) => Promise<Finding | undefined> | Finding | undefined;

const byReviewer = ({ before, intent }: TaskChange): boolean =>
  before?.reviewer !== undefined && before.reviewer === intent.actor;

/** Each need of the table; `before` is always there. */
const NEEDS: Record<Need, Check> = {
  claim({ id, before, after }) {
    if (after.hold && after.hold.root !== before?.hold?.root) return undefined;
    return { message: `only a claim starts ${id}`, hint: `ledgenter task claim ${id}` };
  },
  async plan({ id, after, view }) {
    const { plan_required } = await askedOf(view, after);
    const gap = plan_required ? await planGap(view, id, after, plan_required) : undefined;
    return gap && asFinding(gap);
  },
  async gates({ id, before, after, view }) {
    const gap = await gapOf(view, id, after, before?.status);
    // What nobody holds goes in review by way of a claim.
    const claim = gap?.gate === 'reviewer' && before?.status === 'open' ? { hint: `ledgenter task claim ${id}` } : {};
    return gap && asFinding({ ...gap, ...claim });
  },
  async todos({ id, after, view }) {
    const gap = await todoGap(view, id, after);
    return gap && asFinding(gap);
  },
  reason({ id, before, after }) {
    if (after.reason !== undefined && after.reason !== before?.reason) return undefined;
    return {
      message: `${id} is ${before?.status}: say why it is opened again`,
      hint: `ledgenter task update ${id} --status open --reason '<why>'`,
    };
  },
  async reason_or_blocker({ id, after, view }) {
    if (after.reason !== undefined) return undefined;
    if ((await undone(view, after)).length > 0) return undefined;
    return {
      message: `say what blocks ${id}: a reason, or a task that is not done`,
      hint: `ledgenter task update ${id} --status blocked --reason '<why>'`,
    };
  },
  human({ id, intent }) {
    if (intent.kind === 'human') return undefined;
    return {
      code: 'NOT_HOLDER',
      message: `${id} is done by its holder: claim it first`,
      hint: `ledgenter task claim ${id}`,
    };
  },
  human_or_reviewer(change) {
    if (change.intent.kind === 'human' || byReviewer(change)) return undefined;
    return { code: 'HUMAN_ONLY', message: `a person or the reviewer opens ${change.id} again` };
  },
  async assignee_or_reviewer(change) {
    const { id, before, intent, view } = change;
    if (before?.assignee === intent.actor || byReviewer(change)) return undefined;
    // Whose round passed last, by this entry or before it: the gates say whether it still counts.
    const last = (await roundsOf(view, id)).at(-1);
    if (last?.result === 'passed' && last.by === intent.actor) return undefined;
    return {
      code: 'NOT_HOLDER',
      message: `${id} is in review: ${before?.assignee ?? 'its worker'} or the reviewer ends it`,
      hint: `ledgenter next ${id}`,
    };
  },
  async review_ends({ id, before, after, intent, was, view }) {
    const { review, reviewer, assignee, workers, created_by } = before!;
    const { actor, kind } = intent;
    if (kind === 'human' || assignee === actor || workers?.includes(actor)) return undefined;
    if (review === undefined && !(await askedOf(was, before!)).validation_required) return undefined;
    if (after.status === 'cancelled' && created_by === actor) return undefined;
    const round = after.status === 'open' ? await endedBetween(was, view, id) : undefined;
    if (round?.result === 'failed' && round.by === actor) return undefined;
    if (review === undefined)
      return {
        code: 'NOT_HOLDER',
        message: `${id} is in review: its worker withdraws it, or its validation fails`,
        hint: `ledgenter validate status ${id}`,
      };
    const verdict = async (state: View) => (await find(state, handoffRecord, review))?.verdict;
    const rejected =
      after.status === 'open' && (await verdict(view)) === 'reject' && (await verdict(was)) === undefined;
    if (rejected && actor === reviewer && after.reason !== undefined) return undefined;
    return {
      code: 'NOT_HOLDER',
      message: `${id} is in review: its worker withdraws it, or ${reviewer} rejects it`,
      hint:
        actor === reviewer
          ? `ledgenter handoff respond ${review} --verdict reject --answer '<why>'`
          : `ledgenter handoff get ${review}`,
    };
  },
};

export const statusRule: TaskRule = {
  id: 'task.status',
  brought: true,
  says: 'A task changes its status only as the status table allows, with what the table asks for, and is in progress exactly while it is held.',
  async check(change) {
    const { id, before, after, intent } = change;
    if ((after.status === 'in_progress') !== (after.hold !== undefined)) {
      return NEEDS.claim(change) ?? { message: `${id} is held but not in progress` };
    }
    if (!before) {
      const birth = BIRTH[after.status];
      if (birth === 'anyone' || (birth === 'record' && after.recorded)) return undefined;
      if (birth !== 'never' && isImport(intent) && after.imported) return undefined;
      return { message: `a task cannot begin as ${after.status}` };
    }
    const rule = TABLE[before.status][after.status];
    if (rule === 'never') {
      const hint =
        before.status !== 'in_progress' && after.status === 'in_progress'
          ? `ledgenter task update ${id} --status open`
          : `ledgenter task get ${id}`;
      const ways = reachable(before.status).join(', ');
      return { message: `${id} is ${before.status}: it can become ${ways}, not ${after.status}`, hint };
    }
    for (const need of rule) {
      const finding = await NEEDS[need](change);
      if (finding) return finding;
    }
    return undefined;
  },
};
