import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { RUN_KINDS } from '../../kernel/entry.ts';
import { choice, mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { SERIES } from './begin.ts';
import { begun, kept } from './enter.ts';
import { runRecord } from './record.ts';
import { showRun } from './show.ts';

export const start = defineOperation({
  name: 'run.start',
  kind: 'write',
  summary: 'Enter this run in the book now, with its kind and series; without it the first write does',
  input: () =>
    z.strictObject({
      kind: z.optional(choice(RUN_KINDS)),
      series: z.optional(
        mark(z.string().check(z.regex(SERIES, { error: 'is no name of a series: a-z 0-9 . _ -, at most 64' })), {
          verbatim: true,
        }),
      ),
    }),
  examples: [{ cli: 'ledgenter run start --kind loop_tick --series night', says: 'one tick of a night shift' }],
  subject: ({ kind }) => `started a run${kind ? ` (${kind})` : ''}`,
  async decide(view, given, by) {
    const [id, parent] = by.run;
    const before = await view.get(runRecord, id!);
    const after = { ...(before ? kept(before, by) : begun(by, parent)), ...given };
    if (before && canonicalJson(before) === canonicalJson(after)) return { same: { run_id: id! } };
    return { files: [runRecord.put(id!, after)], result: { run_id: id! } };
  },
  async show(context, { run_id }) {
    return { ...(await showRun(context.view, String(run_id))), hints: { next: 'ledgenter whoami' } };
  },
});
