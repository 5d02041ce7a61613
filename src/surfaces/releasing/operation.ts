import * as z from 'zod/mini';
import { mark, text } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { version } from '../../rooms/releases/fields.ts';
import { taskId } from '../../rooms/tasks/fields.ts';

export const tagOperation = defineOperation({
  name: 'release.tag',
  kind: 'act',
  enters: true,
  summary: 'Mark a release at the last finished task, or at one, or at a commit; git_tag: with a git tag beside it',
  input: () =>
    z.strictObject({
      version: version(),
      at_task: z.optional(taskId()),
      at_commit: z.optional(
        mark(z.string().check(z.minLength(1), z.maxLength(200)), { verbatim: true, form: 'a commit: HEAD, 3f2a9c1' }),
      ),
      note: z.optional(text()),
      git_tag: z.optional(z.boolean()),
    }),
  positional: 'version',
  examples: [
    { cli: "ledgenter release tag 0.4.1 --note 'first with the sweeper'", says: 'all that is finished so far' },
    { cli: 'ledgenter release tag 0.4.2 --at-task <task_id>', says: 'as far as that task' },
    {
      cli: 'ledgenter release tag v0.4.3 --at-commit HEAD --git-tag',
      says: 'what is in this commit, with a git tag v0.4.3',
    },
  ],
  async act(context, input) {
    const { tagRelease } = await import('./tag.ts');
    return tagRelease(context, input);
  },
});
