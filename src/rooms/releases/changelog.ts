import * as z from 'zod/mini';
import { choice } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { FORMATS, outFields, outFile } from '../out.ts';
import { taskId } from '../tasks/fields.ts';
import { version } from './fields.ts';

const input = () =>
  z.strictObject({
    version: version(),
    since: z.optional(version()),
    until_task: z.optional(taskId()),
    format: z.optional(choice(FORMATS)),
    ...outFields(),
  });

export const changelog = defineOperation({
  name: 'release.changelog',
  kind: 'read',
  summary: 'What a changelog is written from: tasks, proofs, decisions between two releases; no model is asked',
  input,
  positional: 'version',
  examples: [
    { cli: 'ledgenter release changelog 0.4.1', says: 'what came with it, since the release before' },
    {
      cli: 'ledgenter release changelog 0.4.2 --since 0.4.1 --until-task <task_id> --output changelog-0.4.2.md',
      says: 'of one that is not tagged yet, into a file',
    },
  ],
  async query(context, { version: name, since, until_task, format = 'markdown', output, replace = false }) {
    const { changelogOf, packMarkdown } = await import('./told.ts');
    const pack = await changelogOf(context, name, since, until_task);
    const text = format === 'json' ? `${JSON.stringify(pack, null, 2)}\n` : packMarkdown(pack);
    const told = { version: name, ...(pack.since === undefined ? {} : { since: pack.since }), counts: pack.counts };
    const left = pack.left_out ? { left_out: pack.left_out, truncated: true } : {};
    if (output === undefined) return { ...told, ...left, ...(format === 'json' ? { pack } : { markdown: text }) };
    const done = (await context.use(outFile)).write(output, text, replace);
    return { ...told, ...left, output, ...(done === 'unchanged' ? { unchanged: true } : {}) };
  },
});
