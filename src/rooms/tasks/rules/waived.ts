import type { Finding } from '../../../kernel/law.ts';
import { waiversOf } from '../../validation/gate.ts';
import type { TaskRule } from './rule.ts';

export const waivedRule: TaskRule = {
  id: 'task.waived',
  says: 'A dependency is waived by a waiver of the same entry that names it, and only while the task depends on it.',
  async check({ id, before, after, was, view }): Promise<Finding | undefined> {
    const waived = after.waived ?? [];
    const wrong = (message: string): Finding => ({
      message: `${id}: ${message}`,
      hint: `ledgenter require query ${id}`,
    });
    if (!waived.every((name, i) => i === 0 || waived[i - 1]! < name)) return wrong('a waived task is named twice');
    const loose = waived.find(name => !after.depends_on.includes(name));
    if (loose !== undefined) return wrong(`${loose} is waived, and it does not depend on it`);
    const gained = waived.filter(name => !before?.waived?.includes(name));
    // What was waived in its own ledger comes with its waiver.
    if (gained.length === 0 || (!before && after.adopted)) return undefined;
    const old = new Set((await waiversOf(was, id)).map(waiver => waiver.id));
    const made = (await waiversOf(view, id)).filter(waiver => !old.has(waiver.id));
    const bare = gained.find(name => !made.some(({ required_task_id }) => required_task_id === name));
    return bare === undefined ? undefined : wrong(`${bare} is waived without a waiver of a person`);
  },
};
