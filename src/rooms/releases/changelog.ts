import * as z from 'zod/mini';
import { choice } from '../../kernel/fields.ts';
import { type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { find } from '../lookup.ts';
import { FORMATS, outFields, outFile } from '../out.ts';
import { taskId } from '../tasks/fields.ts';
import { chain } from './chain.ts';
import { version } from './fields.ts';
import { Order } from './order.ts';
import { packMarkdown, packOf, type Span } from './pack.ts';
import { releaseRecord } from './record.ts';

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
    const order = await Order.of(context);
    const { state, span, from, to } = await spanOf(context, order, name, since, until_task);
    const pack = await packOf(state, order, span, from, to);
    const text = format === 'json' ? `${JSON.stringify(pack, null, 2)}\n` : packMarkdown(pack);
    const told = { version: name, ...(span.since === undefined ? {} : { since: span.since }), counts: pack.counts };
    const left = pack.left_out ? { left_out: pack.left_out, truncated: true } : {};
    if (output === undefined) return { ...told, ...left, ...(format === 'json' ? { pack } : { markdown: text }) };
    const done = (await context.use(outFile)).write(output, text, replace);
    return { ...told, ...left, output, ...(done === 'unchanged' ? { unchanged: true } : {}) };
  },
});

/** What the changelog of a version spans, and the ledger as it was at its end. */
async function spanOf(
  context: Context,
  order: Order,
  name: string,
  since: string | undefined,
  until: string | undefined,
): Promise<{ state: Context; span: Span; from: number; to: number }> {
  const release = await find(context.view, releaseRecord, name);
  const before = since ?? (release ? release.previous : (await chain(context.view))[0]?.version);
  const from = before === undefined ? -1 : (await order.release(before)).ends;
  if (before === name)
    refuse('BAD_INPUT', `${name} begins where an earlier release ends`, { hint: 'ledgenter release query' });
  const backwards = (what: string) =>
    refuse('BAD_INPUT', `${what} was finished before ${before} was`, { hint: 'ledgenter release query' });
  if (release) {
    const { at_task, by, at, note, at_commit } = release;
    if (until !== undefined && until !== at_task)
      refuse('BAD_INPUT', `${name} is tagged ${at_task ? `at ${at_task}` : 'already'}: it ends there`, {
        hint: `ledgenter release get ${name}`,
      });
    const { state, ends } = await order.release(name);
    if (ends < from) backwards(name);
    const tagged = {
      by,
      at,
      ...(note === undefined ? {} : { note }),
      ...(at_commit === undefined ? {} : { at_commit }),
    };
    return { state, span: { version: name, tagged, since: before, until_task: at_task }, from, to: ends };
  }
  const to = until === undefined ? order.rows.length - 1 : await order.end(until);
  if (to < from) backwards(until ?? name);
  return { state: context, span: { version: name, since: before, until_task: until }, from, to };
}
