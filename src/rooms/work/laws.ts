import { canonicalJson } from '../../kernel/canonical.ts';
import { type Change, defineLaw, defineRecordLaw, type Finding, type Law, type Transition } from '../../kernel/law.ts';
import { believed } from '../actors/standing.ts';
import { find } from '../lookup.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { comesWith } from '../tasks/rules/rule.ts';
import { type Accepted, acceptedIn } from './accepted.ts';
import { evidenceFinding } from './evidence.ts';
import { numberOf } from './gate.ts';
import { handFinding } from './hand.ts';
import { logLaws } from './loglaws.ts';
import { MAX_TODOS, type Todo, todoKey, todoRecord } from './record.ts';
import { type AskedTodo, asksFor, standsFor } from './todos.ts';

const enforcedBy = 'rooms/work-laws.test.ts';

/** An entry that brings a task with its todos from another system. */
export function broughtIn({ entry, before, after }: Transition, task: string): Promise<boolean> {
  return comesWith(entry.intent, before, after, task);
}

const number = defineLaw({
  id: 'todo.number',
  says: 'The todos of a task are numbered as they are added and no number is used again; the task says how many there were, at most a thousand.',
  enforcedBy,
  async check({ changes, before, after }) {
    const touched = new Set<string>();
    for (const { def, id, parent, before: was, after: is } of changes) {
      if (def.kind === todoRecord.kind && !was && parent !== undefined) touched.add(parent);
      if (def.kind === taskRecord.kind && (was as Task)?.todos_made !== (is as Task)?.todos_made) touched.add(id);
    }
    const found: Finding[] = [];
    for (const id of touched) {
      const made = (await find(after, taskRecord, id))?.todos_made ?? 0;
      const had = (await find(before, taskRecord, id))?.todos_made ?? 0;
      const ids = (await after.ids(todoRecord, id)).sort((a, b) => numberOf(a) - numberOf(b));
      if (made > MAX_TODOS) found.push({ code: 'TOO_LARGE', message: `${id} has more than ${MAX_TODOS} todos` });
      if (made < had || ids.length !== made || ids.some((one, index) => one !== todoKey(index + 1)))
        found.push({ message: `${id}: its todos are not ${made === 0 ? 'none' : `todo-1 to ${todoKey(made)}`}` });
    }
    return found;
  },
});

/** Fields that say what is asked for: nobody changes them. */
const asked = ({ text, hint, optional, plan, by, at }: Todo): string =>
  canonicalJson([text, hint, optional, plan, by, at].map(value => value ?? null));

function formProblem({ status, evidence, reason }: Todo): string | undefined {
  if ((status === 'skipped' || status === 'blocked') !== (reason !== undefined)) return `${status} goes with a reason`;
  return evidence !== undefined && status !== 'done' ? 'only what is done has evidence' : undefined;
}

const status = defineRecordLaw({
  id: 'todo.status',
  says: 'A todo begins open and keeps its words; it is done with evidence, skipped or blocked with a reason, and says who moved it and when, as its entry does; only an import brings todos that were moved before.',
  enforcedBy,
  on: todoRecord,
  async check({ id, before, after, parent }, transition) {
    if (!after) return undefined; // record.kept names it
    const wrong = (what: string): Finding => ({ message: `${parent}: ${id}: ${what}` });
    const problem = formProblem(after);
    if (problem !== undefined) return wrong(problem);
    if (!before && (await broughtIn(transition, parent!))) return undefined;
    const { actor, at } = transition.entry.intent;
    if (before ? asked(before) !== asked(after) : after.by !== actor || after.at !== at)
      return wrong(before ? 'its words are changed' : `it is by ${after.by}, its entry by ${actor}`);
    if (!before && after.status !== 'open') return wrong('a todo begins open');
    const own = after.updated_by === actor && after.updated_at === at;
    return own ? undefined : wrong(`it was moved by ${after.updated_by}, its entry is by ${actor}`);
  },
});

const origin = defineLaw({
  id: 'todo.origin',
  says: 'A todo that names a plan is added by the entry that accepts this version, with the words of the plan; and that entry leaves nothing of the plan without a todo.',
  enforcedBy,
  async check(transition) {
    const { changes, after } = transition;
    const added = changes.filter(
      ({ def, before, after: record }) => def.kind === todoRecord.kind && !before && record,
    ) as Change<Todo>[];
    const accepted = await acceptedIn(transition);
    const found: Finding[] = [];
    for (const { id, parent, path, after: todo } of added) {
      if (todo!.plan === undefined || (await broughtIn(transition, parent!))) continue;
      const from = accepted.find(({ task, plan }) => task === parent && plan.version === todo!.plan)?.plan;
      const said = from?.todos.some(one => same(one, todo!));
      if (!said) found.push({ path, message: `${parent}: ${id} is no todo of a plan v${todo!.plan} accepted here` });
    }
    for (const { task, plan } of accepted) {
      const todos = (await after.all(todoRecord, task)).map(({ record }) => record);
      const missing = plan.todos.find(one => !todos.some(todo => standsFor(todo, one)));
      if (missing) found.push({ message: `${task}: plan v${plan.version} is accepted without all of its todos` });
    }
    return found;
  },
});

const same = (one: AskedTodo, two: AskedTodo): boolean =>
  one.text === two.text && one.hint === two.hint && (one.optional === true) === (two.optional === true);

/** True for a todo that an entry takes out of the work by accepting a plan without it. */
function isDropped(task: string, todo: Todo, accepted: readonly Accepted[]): boolean {
  const own = accepted.find(one => one.task === task);
  return own !== undefined && todo.plan !== undefined && !own.plan.todos.some(one => one.text === todo.text);
}

/** What the acceptance of a plan does to a todo: it adds it, drops it, or asks for it again. */
function isPlanned(before: Todo | undefined, after: Todo, accepted: Accepted): boolean {
  if (!before) return after.plan !== undefined;
  if (after.status === 'skipped') return isDropped(accepted.task, before, [accepted]);
  const again = before.status === 'skipped' && after.status === 'open';
  return again && accepted.plan.todos.some(one => one.text === before.text);
}

const skip = defineRecordLaw({
  id: 'todo.skip',
  says: 'A required todo of an accepted plan is skipped only by a person, by todo.skip, or by the acceptance of a plan without it.',
  enforcedBy,
  on: todoRecord,
  async check({ id, before, after, parent }, transition) {
    if (!before || after?.status !== 'skipped' || before.status === 'skipped') return undefined;
    if (!(await asksFor(transition.before, parent!, before))) return undefined;
    const { op, input } = transition.entry.intent;
    // The law `human-only` looked at what the entry says it skips.
    if (op === 'todo.skip' && input.task_id === parent && input.todo_id === id) return undefined;
    if (isDropped(parent!, before, await acceptedIn(transition))) return undefined;
    return { code: 'HUMAN_ONLY', message: `${parent}: a person skips ${id}, which the accepted plan asks for` };
  },
});

const evidence = defineRecordLaw({
  id: 'todo.evidence',
  says: 'A todo is done only with evidence that is there: a live commit of the task, a recorded command that ended with 0, a change or artifact of the work log, an attachment, or words where the policy takes them; and not while the command recorded last for it failed.',
  enforcedBy,
  on: todoRecord,
  async check({ id, before, after, parent }, transition) {
    if (after?.status !== 'done') return undefined;
    if (canonicalJson(before?.evidence ?? null) === canonicalJson(after.evidence ?? null) && before?.status === 'done')
      return undefined;
    if (!before && (await broughtIn(transition, parent!))) return undefined;
    const task = await find(transition.after, taskRecord, parent!);
    if (!task) return undefined; // record.owner names it
    const words = after.evidence?.text;
    const given = after.evidence && Object.keys(after.evidence).length > (words?.trim() === '' ? 1 : 0);
    if (!given) return { code: 'GATE', message: `${parent}: ${id} is done without evidence` };
    return evidenceFinding(transition.after, parent!, task, id, after.evidence!);
  },
});

const holder = defineRecordLaw({
  id: 'todo.holder',
  says: 'Todos are added and moved by the holder of their task, while nobody holds it by a person, and not once it is done or cancelled; the acceptance of a plan adds and drops its own.',
  enforcedBy,
  on: todoRecord,
  async check({ before, after, parent }, transition) {
    if (!after || parent === undefined || (!before && (await broughtIn(transition, parent)))) return undefined;
    const task = await find(transition.before, taskRecord, parent);
    const now = await find(transition.after, taskRecord, parent);
    const found = task && handFinding(parent, task, now, await believed(transition));
    // A todo by hand comes after its task.
    if (!task || !found)
      return task || after.plan !== undefined ? undefined : { message: `${parent} is not there yet` };
    if (found.code !== 'NOT_HOLDER') return found;
    // `todo.origin` and `todo.skip` see to it that what is added and dropped is as the plan says.
    const own = (await acceptedIn(transition)).find(one => one.task === parent);
    const planned = own !== undefined && isPlanned(before, after, own);
    return planned ? undefined : found;
  },
});

export const workLaws: Law[] = [number, status, origin, skip, evidence, holder, ...logLaws];
