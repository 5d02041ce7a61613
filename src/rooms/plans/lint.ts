import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { taskId } from '../tasks/fields.ts';
import { needTask } from '../tasks/write.ts';
import { version } from './fields.ts';
import { lintPlan } from './findings.ts';
import { needVersion, questionsOf } from './look.ts';

export const lint = defineOperation({
  name: 'plan.lint',
  kind: 'read',
  summary: 'What a plan lacks before it can be accepted (exit code 65), and what is vague; strict: both are findings',
  input: () => z.strictObject({ task_id: taskId(), version: z.optional(version()), strict: z.optional(z.boolean()) }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter plan lint <task_id> --strict', says: 'before somebody is asked to read it' }],
  exit: ({ findings }) => (Array.isArray(findings) && findings.length > 0 ? EXIT.data : EXIT.ok),
  async query({ view }, { task_id: id, version: wanted, strict = false }) {
    const task = await needTask(view, id);
    const { version: number, plan } = await needVersion(view, id, wanted);
    const all = lintPlan(id, plan, task, await questionsOf(view, id));
    const findings = all.filter(({ severity }) => strict || severity === 'error');
    const warnings = all.filter(one => !findings.includes(one));
    const next = findings[0]?.next ?? `ledgenter plan review ${id} --version ${number}`;
    return {
      task_id: id,
      version: number,
      findings,
      ...(warnings.length > 0 ? { warnings } : {}),
      hints: { next },
    };
  },
});
