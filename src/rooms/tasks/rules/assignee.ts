import { isKey } from '../../../kernel/record.ts';
import { isImport, type TaskRule } from './rule.ts';

export const assigneeRule: TaskRule = {
  id: 'task.assignee',
  says: 'Whoever holds a task is its assignee and stays so when it goes to blocked, in review or done, and as long as it is in review or done; an agent claims nothing that is assigned to another.',
  check({ id, before, after, intent }) {
    if (
      after.assignee !== undefined &&
      after.assignee !== before?.assignee &&
      !isImport(intent) &&
      !isKey(after.assignee)
    ) {
      return { code: 'BAD_INPUT', message: `${JSON.stringify(after.assignee)} is no actor` };
    }
    if (after.hold && after.assignee !== after.hold.actor) {
      return {
        message: `${id} is held by ${after.hold.actor}, who is its assignee meanwhile`,
        hint: `ledgenter task release ${id}`,
      };
    }
    if (!before) return undefined;
    const claimed = after.hold !== undefined && after.hold.root !== before.hold?.root;
    const another = before.assignee !== undefined && before.assignee !== intent.actor;
    if (claimed && another && intent.kind !== 'human' && before.hold?.actor !== before.assignee) {
      return {
        code: 'NOT_HOLDER',
        message: `${id} is assigned to ${before.assignee}`,
        hint: 'ledgenter task claim',
        details: { assignee: before.assignee },
      };
    }
    if (before.assignee === after.assignee) return undefined;
    const worked = before.status === 'in_progress' && ['blocked', 'in_review', 'done'].includes(after.status);
    if (worked || before.status === 'in_review' || before.status === 'done') {
      return { message: `${id} keeps ${before.assignee ?? 'nobody'} as the one who worked on it` };
    }
    return undefined;
  },
};
