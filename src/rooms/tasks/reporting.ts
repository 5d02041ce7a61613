import * as z from 'zod/mini';
import { choice } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { FORMATS, outFields, outFile } from '../out.ts';
import { taskId } from './fields.ts';
import { needTask } from './write.ts';

export const reporting = defineOperation({
  name: 'task.report',
  kind: 'read',
  summary: 'All of one task for people: criteria and proofs, notes, code, decisions, reviews and its timeline',
  input: () => z.strictObject({ task_id: taskId(), format: z.optional(choice(FORMATS)), ...outFields() }),
  positional: 'task_id',
  examples: [
    { cli: 'ledgenter task report <task_id>', says: 'to read, as Markdown' },
    { cli: 'ledgenter task report <task_id> --output report.md', says: 'into a new file' },
  ],
  async query(context, { task_id: id, format = 'markdown', output, replace = false }) {
    const task = await needTask(context.view, id);
    const { reportOn } = await import('./report/index.ts');
    const { report, markdown } = await reportOn({ context, id, task });
    if (output === undefined) return { task_id: id, ...(format === 'json' ? { report } : { markdown }) };
    const text = format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : markdown;
    const done = (await context.use(outFile)).write(output, text, replace);
    return { task_id: id, output, ...(done === 'unchanged' ? { unchanged: true } : {}) };
  },
});
