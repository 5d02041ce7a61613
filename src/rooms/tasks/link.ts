import * as z from 'zod/mini';
import { choice } from '../../kernel/fields.ts';
import { defineOperation, type Operation, refuse } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { once, taskId } from './fields.ts';
import { LINK_KINDS, type Task, taskRecord } from './record.ts';
import { answer } from './show.ts';
import { needTask, settle } from './write.ts';

const KINDS = ['blocks', 'parent', ...LINK_KINDS] as const;
const input = () => z.strictObject({ task_id: taskId(), kind: choice(KINDS), to: taskId() });
type Input = z.infer<ReturnType<typeof input>>;

/** The task whose record says it: the one that waits; else the one that is linked. */
const bearer = ({ task_id, kind, to }: Input): string => (kind === 'blocks' ? to : task_id);

/** `task` with the link that its record bears. */
function linked(task: Task, { task_id, kind, to }: Input): Task {
  if (kind === 'blocks') return { ...task, depends_on: once([...task.depends_on, task_id]) };
  if (kind === 'parent') return { ...task, parent: to };
  if (task.links.some(link => link.kind === kind && link.task_id === to)) return task;
  return { ...task, links: [...task.links, { kind, task_id: to }] };
}

/** A dependency that is gone is waived no more: tied again, it counts again. */
function untied({ waived = [], ...task }: Task, other: string): Task {
  const left = waived.filter(id => id !== other);
  const depends_on = task.depends_on.filter(id => id !== other);
  return { ...task, depends_on, ...(left.length === 0 ? {} : { waived: left }) };
}

function unlinked(task: Task, { task_id, kind, to }: Input): Task {
  if (kind === 'blocks') return untied(task, task_id);
  if (kind !== 'parent')
    return { ...task, links: task.links.filter(link => link.kind !== kind || link.task_id !== to) };
  const { parent, ...rest } = task;
  return parent === to ? rest : task;
}

function linkOperation(verb: 'link' | 'unlink', summary: string, example: string): Operation {
  const change = verb === 'link' ? linked : unlinked;
  return defineOperation<Input>({
    name: `task.${verb}`,
    kind: 'write',
    summary,
    input,
    positional: 'task_id',
    examples: [{ cli: `ledgenter task ${verb} <task_id> --kind blocks --to <task_id>`, says: example }],
    target: given => ({ def: any(taskRecord), id: bearer(given) }),
    subject: ({ task_id, kind, to }) => `${verb}ed ${task_id} ${kind.replace('_', ' ')} ${to}`,
    async decide(view, given, by) {
      await needTask(view, given.task_id);
      await needTask(view, given.to);
      const id = bearer(given);
      const before = await needTask(view, id);
      if (verb === 'link' && given.kind === 'parent' && before.parent !== undefined && before.parent !== given.to) {
        refuse('REFUSED', `${id} has the parent ${before.parent}`, {
          hint: `ledgenter task unlink ${id} --kind parent --to ${before.parent}`,
        });
      }
      return settle(view, by, [{ id, before, after: change(before, given) }], [], { task_id: id });
    },
    show: (context, result) => answer(context, result.task_id),
  });
}

export const link = linkOperation(
  'link',
  'Link two tasks: task_id blocks `to` (`to` waits for it), has the parent `to`, or is related to, duplicates, supersedes, was discovered from it',
  'the second waits for the first',
);
export const unlink = linkOperation('unlink', 'Take a link between two tasks away', 'it waits no longer');
