import * as z from 'zod/mini';
import { canonicalJson, recordText } from '../../kernel/canonical.ts';
import { mark } from '../../kernel/fields.ts';
import { type By, type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { needTask, settle, throwFinding } from '../tasks/write.ts';
import { draftOf } from './draft.ts';
import { type Parts, partFields } from './fields.ts';
import { lintPlan } from './findings.ts';
import { proposeCommand } from './gate.ts';
import { isRequired, needVersion, questionsOf, versionOf } from './look.ts';
import { readPlan } from './markdown.ts';
import { type Plan, planKey, planRecord } from './record.ts';
import { closedFinding } from './rules.ts';

/** Longest file of a plan, in UTF-16 units. */
const MAX_FILE = 2_000_000;
/** Largest plan, as canonical JSON in UTF-8: its entry, and its task once it is accepted, still hold it. */
export const MAX_PLAN = 131_072;

const input = () =>
  z.strictObject({
    task_id: taskId(),
    ...partFields(),
    /** What is not given comes from the version before, or from the task, with the questions as they are answered now. */
    from_answers: z.optional(z.boolean()),
    /** A plan as `plan template` writes one: read, and never kept. */
    file: z.optional(
      mark(z.string().check(z.maxLength(MAX_FILE)), {
        machine: true,
        piped: true,
        file: true,
        form: 'a file, or - for stdin',
      }),
    ),
  });
type Input = z.infer<ReturnType<typeof input>>;

export const propose = defineOperation({
  name: 'plan.propose',
  kind: 'write',
  summary: 'Propose a plan for a task, or the next version of it: goal, criteria, todos, files, commands to test with',
  input,
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter plan propose <task_id> --goal 'Sweep every minute' --acceptance-criteria 'tests pass' --todos 'Wire the timer into the sweeper'",
      says: 'a first version',
    },
    { cli: 'ledgenter plan propose <task_id> --file plan.md', says: 'from a file; - is stdin' },
    {
      cli: "ledgenter plan propose <task_id> --from-answers --test-commands 'npm test'",
      says: 'the next version: all else stays as it was, the answers stand in it',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id }) => `proposed a plan for ${task_id}`,
  aim: async (_context, given) => [fromFile(given)],
  async placed({ view }: Context, given) {
    if (!given.from_answers) return given;
    const { task_id, from_answers, ...parts } = given;
    return { task_id, from_answers, ...(await draftOf(view, task_id, { parts, answers: true })) };
  },
  async decide(view, { task_id: id, from_answers: _how, file, ...parts }, by) {
    if (file !== undefined) refuse('BAD_INPUT', 'a file is read before an entry is made of it');
    const before = await needTask(view, id);
    const closed = closedFinding(id, before);
    if (closed) throwFinding(closed, 'plan.version');
    const newest = await versionOf(view, id);
    const plan = planOf(id, parts, by, newest?.version);
    if (newest && says(newest.plan) === says(plan)) return { same: { task_id: id, version: newest.version } };
    const size = new TextEncoder().encode(recordText(plan)).length;
    if (size > MAX_PLAN)
      refuse('TOO_LARGE', `the plan takes ${size} bytes, at most ${MAX_PLAN}: attach what is long, and name it`, {
        hint: `ledgenter attach add ${id} --name plan-notes.md --content -`,
      });
    return settle(view, by, [{ id, before, after: before }], [planRecord.put(planKey(plan.version), plan, id)], {
      task_id: id,
      version: plan.version,
    });
  },
  async show({ view }, { task_id, version }) {
    const id = String(task_id);
    const task = await needTask(view, id);
    const { plan, sha256 } = await needVersion(view, id, Number(version));
    const questions = await questionsOf(view, id);
    const findings = lintPlan(id, plan, task, questions);
    const errors = findings.filter(({ severity }) => severity === 'error');
    const warnings = findings.length - errors.length;
    const next = questions.some(isRequired)
      ? `ledgenter question query ${id} --open`
      : errors.length > 0
        ? `ledgenter plan lint ${id}`
        : `ledgenter plan review ${id}`;
    return {
      task_id: id,
      version,
      sha256,
      ...(errors.length > 0 ? { errors: errors.length } : {}),
      ...(warnings > 0 ? { warnings } : {}),
      hints: { next, ...(task.hold ? { release: `ledgenter task release ${id}` } : {}) },
    };
  },
});

/** The input with what its file says; what is given beside it has the last word. @throws LedgerError BAD_INPUT */
function fromFile({ file, ...given }: Input): Input {
  if (file === undefined) return given;
  const hint = `ledgenter plan template ${given.task_id}`;
  const read = readPlan(file);
  if ('problem' in read) refuse('BAD_INPUT', `the file ${read.problem}`, { hint });
  const parsed = z.safeParse(input(), { ...read.parts, ...given });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const many = issue.code === 'too_big' && issue.origin === 'array';
  const problem = many ? `has more than ${issue.maximum} items` : issue.message;
  refuse('BAD_INPUT', `the file: ${issue.path.join('.')} ${problem}`, { hint });
}

function planOf(id: string, { goal, acceptance_criteria, ...parts }: Parts, by: By, amends: number | undefined): Plan {
  if (goal === undefined) refuse('BAD_INPUT', 'a plan says its goal', { hint: proposeCommand(id) });
  const { todos = [], files = [], test_commands = [], expected_outputs = [], body } = parts;
  const plan: Plan = {
    version: (amends ?? 0) + 1,
    goal,
    ...(body === undefined ? {} : { body }),
    criteria: acceptance_criteria ?? [],
    todos,
    files,
    test_commands,
    expected_outputs,
    ...(amends === undefined ? {} : { amends }),
    by: by.actor,
    at: by.at,
  };
  return JSON.parse(canonicalJson(plan));
}

/** What a plan says, as one text: whoever says it, and when. */
function says({ version: _v, amends: _a, by: _b, at: _t, ...plan }: Plan): string {
  return canonicalJson(plan);
}
