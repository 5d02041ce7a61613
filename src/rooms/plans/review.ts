import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { taskId } from '../tasks/fields.ts';
import { needTask } from '../tasks/write.ts';
import { shownDifferences } from './diff.ts';
import { differences } from './difference.ts';
import { version } from './fields.ts';
import { lintPlan } from './findings.ts';
import { needVersion, questionsOf, verdictsOf, versionOf } from './look.ts';
import { rowOf } from './questions.ts';
import { saidOf, showPlan } from './show.ts';

/** Against what a version is shown: the one that is accepted, else the one that it amends. */
export const review = defineOperation({
  name: 'plan.review',
  kind: 'read',
  summary:
    'All that whoever accepts a plan must see: plan, findings, differences, questions, and the commands with its hash',
  input: () => z.strictObject({ task_id: taskId(), version: z.optional(version()), full: z.optional(z.boolean()) }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter plan review <task_id>', says: 'read it, then paste accept or reject' }],
  async query({ view }, { task_id: id, version: wanted, full = false }) {
    const task = await needTask(view, id);
    const found = await needVersion(view, id, wanted);
    const { version: number, plan, sha256 } = found;
    const verdicts = await verdictsOf(view, id);
    const shown = await showPlan(view, id, task, found, verdicts, full);
    const questions = await questionsOf(view, id);
    const findings = lintPlan(id, plan, task, questions);
    const errors = findings.filter(({ severity }) => severity === 'error');
    const base = task.plan && task.plan.version !== number ? task.plan.version : plan.amends;
    const other = base === undefined ? undefined : await versionOf(view, id, base);
    const compared = other && shownDifferences(differences(other.plan, plan));
    const said = saidOf(verdicts, number);
    const truncated = shown.truncated ?? compared?.truncated;
    const accept = `ledgenter plan accept ${id} --version ${number} --sha256 ${sha256} --note '<why it is good>'`;
    const reject = `ledgenter plan reject ${id} --version ${number} --sha256 ${sha256} --reason '<why not>'`;
    const after = { accepted: `ledgenter task get ${id}`, rejected: `ledgenter plan template ${id}` };
    const next = errors[0]?.next ?? (shown.state in after ? after[shown.state as keyof typeof after] : accept);
    return {
      task: { id, title: task.title, status: task.status, ...(task.hold ? { held_by: task.hold.actor } : {}) },
      plan: shown.plan,
      findings,
      ...(compared ? { compared_to: other!.version, differences: compared.differences } : {}),
      ...(questions.length > 0 ? { questions: questions.map(rowOf) } : {}),
      ...(said.length > 0 ? { verdicts: said } : {}),
      ...(truncated ? { truncated } : {}),
      hints: {
        next,
        ...(next === accept ? { reject } : {}),
        // A person may think otherwise of what was rejected.
        ...(errors.length === 0 && shown.state === 'rejected' ? { accept } : {}),
        ...(truncated ? { whole: `ledgenter plan get ${id} --version ${number} --full` } : {}),
      },
    };
  },
});
