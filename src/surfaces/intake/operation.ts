import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { actor, choice, mark, title } from '../../kernel/fields.ts';
import { MAX_REFERENCE } from '../../kernel/intake.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { labels, priority } from '../../rooms/tasks/fields.ts';
import { CHANNELS, MAX_INTAKE } from '../../rooms/tasks/intake/channels.ts';

export const intakeOperation = defineOperation({
  name: 'task.intake',
  kind: 'act',
  enters: true,
  cliOnly: true,
  insteadOf: { commands: ['ask', 'task ask'], flag: 'from' },
  summary:
    'task ask for what a channel prints or exports: issue JSON, mail, Slack message, table; keeps reference and title, nothing else',
  input: () =>
    z.strictObject({
      from: choice(CHANNELS),
      /** The item as the channel writes it: read, and never kept. */
      file: mark(z.string().check(z.maxLength(MAX_INTAKE)), {
        machine: true,
        piped: true,
        file: true,
        form: 'a file, or - for stdin',
      }),
      origin_ask_ref: z.optional(z.string().check(z.minLength(1), z.maxLength(MAX_REFERENCE))),
      title: z.optional(title()),
      excerpt: z.optional(z.boolean()),
      project: z.optional(mark(z.string().check(z.maxLength(64)), { machine: true })),
      assignee: z.optional(actor()),
      priority: z.optional(priority()),
      labels: z.optional(labels()),
    }),
  positional: 'file',
  examples: [
    {
      cli: 'ledgenter ask --from github -',
      says: 'what gh issue view --json number,title,url prints, or an issue event',
    },
    { cli: 'ledgenter ask --from eml message.eml', says: 'a mail: its Message-ID and its subject' },
    { cli: 'ledgenter ask --from csv asks.csv --project web', says: 'a row an ask: columns ref and title' },
  ],
  table: {
    rows: 'asks',
    columns: ['at', 'task_id', 'origin_ask_ref', 'title', 'existing', 'problem'],
    none: 'nothing was asked',
  },
  exit: answer => (answer.refused === undefined ? EXIT.ok : EXIT.data),
  async act(context, input) {
    const { intake } = await import('./intake.ts');
    return intake(context, input);
  },
});
