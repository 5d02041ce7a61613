import * as z from 'zod/mini';
import { choice, mark, oid } from '../../kernel/fields.ts';
import { type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { codeSite } from '../code/ports.ts';
import { named } from '../code/prs.ts';
import { covered, refProblem, revived } from '../code/refs.ts';
import { any } from '../room.ts';
import { taskId, webUrl } from './fields.ts';
import { codeRefRecord, REF_TYPES, taskRecord } from './record.ts';
import { answer } from './show.ts';
import { needTask, settle } from './write.ts';

export const codeRef = defineOperation({
  name: 'task.code_ref',
  kind: 'write',
  default: true,
  summary: 'Link a task to the commit, branch, tag, pull request or file that did it',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      ref_type: choice(REF_TYPES),
      sha: z.optional(oid()),
      name: z.optional(z.string().check(z.minLength(1), z.maxLength(1_024))),
      url: z.optional(webUrl()),
      repo: z.optional(mark(z.string().check(z.minLength(1), z.maxLength(128)), { word: true })),
    }),
  positional: 'task_id',
  examples: [
    { cli: 'ledgenter task code-ref <task_id> --ref-type commit --sha 3f2a9c1', says: 'the commit that did it' },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  async placed(context, ref) {
    if (ref.ref_type !== 'commit' || ref.repo !== undefined || ref.sha === undefined || ref.sha.length >= 40)
      return ref;
    // Whole where it is known: a beginning is not found again when the commit is rewritten.
    const whole = await wholeId(context, ref.sha);
    return whole === undefined ? ref : { ...ref, sha: whole };
  },
  subject: ({ task_id, ref_type, sha, name, url }) =>
    `linked ${ref_type} ${sha?.slice(0, 12) ?? name ?? url ?? ''} to ${task_id}`,
  async decide(view, { task_id, ...given }, by) {
    const before = await needTask(view, task_id);
    const ref = await named(view, given);
    const problem = refProblem(ref);
    if (problem !== undefined) refuse('BAD_INPUT', problem, { hint: 'ledgenter help task code-ref' });
    const there = (await view.all(codeRefRecord, task_id)).filter(({ record }) => covered(record, ref));
    const known = there.find(({ record }) => record.live) ?? there[0];
    if (known?.record.live) return { same: { task_id, code_ref_id: known.id } };
    const id = known?.id ?? by.newId(any(codeRefRecord));
    const record = known ? revived(known.record) : { ...ref, live: true, by: by.actor, at: by.at };
    const file = codeRefRecord.put(id, record, task_id);
    return settle(view, by, [{ id: task_id, before, after: before }], [file], { task_id, code_ref_id: id });
  },
  async show(context, { task_id, code_ref_id }) {
    return { code_ref_id, ...(await answer(context, task_id)) };
  },
});

/** The whole id of a commit of the checkout; undefined outside of one, and for another repository's. */
export async function wholeId({ use }: Context, sha: string): Promise<string | undefined> {
  try {
    return await (await use(codeSite)).commit(sha);
  } catch {
    return undefined;
  }
}
