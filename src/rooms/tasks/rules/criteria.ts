import { canonicalJson } from '../../../kernel/canonical.ts';
import type { Finding } from '../../../kernel/law.ts';
import { undone } from '../../requirements/gate.ts';
import { ALLOWANCES, type Asked, allows, askedOf } from '../gates.ts';
import { proveCommand } from '../proofs.ts';
import type { Criterion, Task } from '../record.ts';
import { isWorker } from '../review.ts';
import { isImport, type TaskChange, type TaskRule } from './rule.ts';

/** Criteria that a task ever had: their numbers are never used again. */
export function criteriaMade(task: Pick<Task, 'criteria' | 'criteria_made'>): number {
  return task.criteria_made ?? task.criteria.length;
}

/** A criterion with what meets it, as one text: what changes of it is met anew, or not at all. */
function asItStands({ text, check, met, met_by, met_at, proof }: Criterion): string {
  return canonicalJson([text, check, met, met_by, met_at, proof].map(value => value ?? null));
}

/** True for a criterion that an entry leaves as it was. */
export function isUntouched(was: Criterion | undefined, is: Criterion): boolean {
  return was !== undefined && asItStands(was) === asItStands(is);
}

function metFinding(id: string, was: Criterion | undefined, is: Criterion, change: TaskChange): Finding | undefined {
  const { intent } = change;
  if (isUntouched(was, is)) return undefined;
  if (!is.met) {
    return is.met_by === undefined && is.met_at === undefined && is.proof === undefined
      ? undefined
      : { message: `${id}: ${is.id} is not met by anybody` };
  }
  if ((is.check === undefined) !== (is.proof === undefined)) {
    return is.check === undefined
      ? { message: `${id}: ${is.id} has no check that a proof could be of` }
      : {
          code: 'GATE',
          message: `${id}: ${is.id} is met only by a proof of its check`,
          hint: proveCommand(id, is.id),
        };
  }
  if (!change.before && isImport(intent)) return undefined;
  const own = is.met_by === intent.actor && is.met_at === intent.at;
  return own ? undefined : { message: `${id}: ${is.id} is met by another than its entry says` };
}

export const criteriaRule: TaskRule = {
  id: 'task.criteria',
  says: 'Criteria are numbered as they are added and no number is used again; who meets one, and when, is the actor and the time of the entry; one with a check is not met by word, and one that changes is met anew.',
  check(change) {
    const { id, before, after } = change;
    const old = new Map(before?.criteria.map(criterion => [criterion.id, criterion]));
    let made = before ? criteriaMade(before) : 0;
    for (const criterion of after.criteria) {
      const was = old.get(criterion.id);
      if (!was) {
        made += 1;
        if (criterion.id !== `c${made}`)
          return { message: `${id}: the next criterion is c${made}, not ${criterion.id}` };
      }
      const finding = metFinding(id, was, criterion, change);
      if (finding) return finding;
    }
    if (criteriaMade(after) !== made) return { message: `${id}: ${made} criteria were made` };
    return undefined;
  },
};

export const goalpostsRule: TaskRule = {
  id: 'task.goalposts',
  says: 'Who asked for a task, or a person, may drop or reword a criterion, take away a dependency that is not done, lift a gate of it or change its reviewer; its worker may not, and where a review or a validation is asked for nobody who ever worked on it.',
  async check(change) {
    const { id, before, intent, was } = change;
    const what = before && (await movedGoalpost(change, before));
    if (what === undefined || !before) return undefined;
    const looked = before.reviewer !== undefined || (await askedOf(was, before)).validation_required;
    const worker = looked && isWorker(before, intent.actor);
    if (!worker && (intent.kind === 'human' || intent.actor === before.created_by)) return undefined;
    return {
      code: 'HUMAN_ONLY',
      message: worker
        ? `${id}: who worked on it never ${what}; ${before.created_by} or a person who did not may`
        : `${id}: ${before.created_by} or a person ${what}`,
      hint: `ledgenter task get ${id}`,
    };
  },
};

/** What of all that a task asks for an entry takes away, as a clause; undefined when nothing. */
async function movedGoalpost({ after, was, view }: TaskChange, before: Task): Promise<string | undefined> {
  const now = new Map(after.criteria.map(criterion => [criterion.id, criterion]));
  for (const { id: name, text, check } of before.criteria) {
    const is = now.get(name);
    if (!is || is.text !== text || is.check !== check) return `drops or rewords ${name}`;
  }
  if (before.project !== after.project || lifts(before, after)) {
    const [asked, asks] = [await askedOf(was, before), await askedOf(view, after)];
    const lifted = (Object.keys(asked) as (keyof Asked)[]).find(gate => asked[gate] && !asks[gate]);
    if (lifted) return `lifts ${lifted}`;
    for (const what of ALLOWANCES)
      if (!(await allows(was, before, what)) && (await allows(view, after, what))) return `allows ${what}`;
  }
  const dropped = (['reviewer', 'plan_required', 'validation_required'] as const).find(
    gate => before[gate] && before[gate] !== after[gate],
  );
  if (dropped) return dropped === 'reviewer' ? 'changes the reviewer' : `lifts ${dropped}`;
  const untied = before.depends_on.filter(other => !after.depends_on.includes(other));
  const [open] = untied.length === 0 ? [] : await undone(was, { ...before, depends_on: untied });
  return open && `takes ${open.id} away, which is not done`;
}

const lifts = (before: Task, after: Task): boolean =>
  (before.requires_evidence === true && !after.requires_evidence) ||
  (before.resolution_required === true && !after.resolution_required);

/** Fields of a done task that stand for what was shown when it was done. */
const FROZEN = [
  'criteria',
  'criteria_made',
  'requires_evidence',
  'resolution_required',
  'reviewer',
  'review',
  'workers',
  'plan_required',
  'validation_required',
  'plan',
  'todos_made',
  'waived',
  'project',
  'depends_on',
] as const;

export const frozenRule: TaskRule = {
  id: 'task.frozen',
  says: 'While a task is done, its criteria, gates, project and dependencies stay as they were; open it again to change them.',
  check({ id, before, after }) {
    if (before?.status !== 'done' || after.status !== 'done') return undefined;
    const field = FROZEN.find(name => canonicalJson(before[name] ?? null) !== canonicalJson(after[name] ?? null));
    if (!field) return undefined;
    return {
      message: `${id} is done: its ${field} cannot change`,
      hint: `ledgenter task update ${id} --status open --reason '<why>'`,
    };
  },
};
