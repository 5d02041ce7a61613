import { find } from '../../lookup.ts';
import { askedTaskId, askId, askRecord } from '../asks.ts';
import { taskRecord } from '../record.ts';
import type { TaskRule } from './rule.ts';

export const asksRule: TaskRule = {
  id: 'task.one_owner',
  brought: true,
  says: 'An intake reference belongs to one task for ever: as its origin, which gives the task its id, or as another that asked for the same.',
  async check({ id, before, after, view }) {
    const origin = after.origin_ask_ref;
    if (before && before.origin_ask_ref !== origin) return { message: `${id}: the origin of a task cannot change` };
    if (!before && origin !== undefined) {
      if (askedTaskId(origin) !== id) return { message: `${id} is not the task of ${origin}` };
      const other = await find(view, askRecord, askId(origin));
      if (other)
        return { message: `${origin} already asks for ${other.task_id}`, hint: `ledgenter task get ${other.task_id}` };
    }
    const old = before?.also_asked ?? [];
    if (old.some((ref, index) => after.also_asked[index] !== ref)) return { message: `${id}: who asked for it stays` };
    const gained = after.also_asked.slice(old.length);
    if (new Set(after.also_asked).size !== after.also_asked.length) return { message: `${id} names a reference twice` };
    for (const ref of gained) {
      const taken = (await find(view, askRecord, askId(ref)))?.task_id;
      const owner = (await find(view, taskRecord, askedTaskId(ref))) ? askedTaskId(ref) : taken;
      if (owner !== id || taken !== id || ref === origin) {
        const hint = owner === undefined ? `ledgenter task get ${id}` : `ledgenter task get ${owner}`;
        return { message: `${ref} already asks for ${owner ?? 'another task'}`, hint };
      }
    }
    return undefined;
  },
};
