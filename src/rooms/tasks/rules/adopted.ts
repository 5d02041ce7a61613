import { canonicalJson } from '../../../kernel/canonical.ts';
import { ADOPTION } from '../../../kernel/law.ts';
import { adoptedTask, adoption } from '../adopted.ts';
import type { TaskRule } from './rule.ts';

export const adoptedRule: TaskRule = {
  id: 'task.adopted',
  brought: true,
  says: 'Only an entry that adopts a task from another ledger marks it as adopted, and it makes that one task, as it says that it was there, under its own id, held by nobody; the mark stays.',
  async check({ id, before, after, intent, was }) {
    const wrong = (message: string) => ({ message: `${id} ${message}` });
    if (before)
      return canonicalJson([before.adopted ?? null]) === canonicalJson([after.adopted ?? null])
        ? undefined
        : wrong('keeps where it comes from');
    if (intent.op !== ADOPTION) return after.adopted ? wrong('was adopted by no entry') : undefined;
    // What was not decided here may say anything.
    const said = adoption().safeParse(intent.input);
    if (!said.success || said.data.task_id !== id) return wrong('is not the task that its entry adopts');
    const made = await adoptedTask(was, said.data, intent);
    return canonicalJson(made) === canonicalJson(after) ? undefined : wrong('is not as its entry says that it was');
  },
};
