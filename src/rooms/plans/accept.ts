import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { type By, defineOperation, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { withReview } from '../tasks/review.ts';
import { answer } from '../tasks/show.ts';
import { needTask, settle, throwFinding } from '../tasks/write.ts';
import { applyPlan } from './apply.ts';
import { planSha, version } from './fields.ts';
import { needVersion, questionsOf, type Version } from './look.ts';
import { questionsHash, type Verdict, verdictRecord } from './record.ts';
import { ACCEPT, mayAccept, verdictFinding } from './rules.ts';

/** An input with the version and the hash of what was looked at, so that the entry names them. @throws LedgerError NOT_FOUND, REFUSED */
export async function named<I extends { task_id: string; version?: number | undefined; sha256?: string | undefined }>(
  view: View,
  given: I,
): Promise<I & { version: number; sha256: string }> {
  const { task_id, sha256: looked } = given;
  const found = await needVersion(view, task_id, given.version);
  if (looked !== undefined && looked !== found.sha256) throw stale(task_id, found, looked);
  return { ...given, version: found.version, sha256: found.sha256 };
}

function stale(id: string, { version: number, sha256 }: Version, looked: string): never {
  refuse('REFUSED', `v${number} of ${id} is not what was looked at: its hash is ${sha256}, not ${looked}`, {
    hint: `ledgenter plan review ${id} --version ${number}`,
  });
}

/** What somebody says of a version, as a record; `view`: the state that it is said in. */
export async function verdictOf(
  view: View,
  by: By,
  id: string,
  said: Version,
  decision: Verdict['decision'],
  note: string,
): Promise<Verdict> {
  return {
    version: said.version,
    plan_sha256: said.sha256,
    questions_sha256: questionsHash(await questionsOf(view, id)),
    decision,
    note,
    by: by.actor,
    at: by.at,
  };
}

export const accept = defineOperation({
  name: ACCEPT,
  kind: 'write',
  summary: 'Accept a version of a plan (default the newest), by its hash: its criteria and todos become the task’s',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      version: z.optional(version()),
      note: text(),
      sha256: z.optional(planSha()),
    }),
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter plan accept <task_id> --version 1 --note 'Small steps, good.'",
      says: 'a person, or by the policy agents_accept_plans an agent that did not write it',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, version: number }) =>
    `accepted ${number === undefined ? 'the plan' : `plan v${number}`} of ${task_id}`,
  humanUnless: (view, { task_id, version: number }, actor) => mayAccept(view, task_id, number, actor),
  placed: ({ view }, given) => named(view, given),
  async decide(view, { task_id: id, note, ...given }, by) {
    const before = await needTask(view, id);
    const { version: number, sha256 } = await named(view, { task_id: id, ...given });
    const found = await needVersion(view, id, number);
    const finding = await verdictFinding(view, id, before, found, 'accept', by.intent);
    if (finding) throwFinding(finding, 'plan.verdict');
    const { task, files, ...counts } = await applyPlan(view, by, id, before, found);
    refuseHeld(id, before, by, task);
    const reviewed = await withReview(view, by, id, before, task, note);
    const verdict = verdictRecord.put(
      by.newId(any(verdictRecord)),
      await verdictOf(view, by, id, found, 'accept', note),
      id,
    );
    const again = before.plan?.version === number && before.plan.sha256 === sha256 && files.length === 0;
    return settle(
      view,
      by,
      [{ id, before, after: reviewed.task, beside: again }],
      [verdict, ...files, ...reviewed.files],
      { task_id: id, version: number, sha256, ...counts },
    );
  },
  async show(context, { task_id, version: number, sha256, criteria, todos, skipped }) {
    return {
      accepted: true,
      version: number,
      sha256,
      added: { criteria, todos },
      ...(skipped === 0 ? {} : { skipped_todos: skipped }),
      ...(await answer(context, task_id)),
    };
  },
});

/** The holder of a task is told how its plan is accepted: the laws of holding only know that it is held. */
function refuseHeld(id: string, { hold, plan }: Task, { claim }: By, after: Task): void {
  if (!hold || hold.root === claim?.root || plan?.sha256 === after.plan?.sha256) return;
  refuse(
    'NOT_HOLDER',
    `${hold.actor} holds ${id} until ${hold.lease_until}: another plan is accepted once it is released`,
    {
      hint: `ledgenter task release ${id}`,
      details: { holder: hold.actor },
    },
  );
}
