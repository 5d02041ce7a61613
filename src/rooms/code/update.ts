import * as z from 'zod/mini';
import { choice, idOf, mark, oid } from '../../kernel/fields.ts';
import { type By, type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { type CodeRef, codeRefRecord, PR_STATES, type Task, taskRecord } from '../tasks/record.ts';
import { answer } from '../tasks/show.ts';
import { needTask, settle } from '../tasks/write.ts';
import { codeIndex } from './ports.ts';
import { prKey, prName, prUrl } from './prs.ts';
import { revived, sameCommit } from './refs.ts';
import { MAX_REPORT, readReport } from './report.ts';

/** A pull request as it may be kept: its address and nothing below it, or its canonical name. */
const pullRequest = () =>
  mark(
    z.pipe(
      z.string().check(z.maxLength(2_048)),
      z.transform((value: string, ctx) => {
        const pr = prUrl(value) ?? prName({ name: value });
        if (pr === undefined)
          ctx.issues.push({
            code: 'custom',
            message: 'is no pull request: github:org/repo#12, gitlab:group/repo!12 or its address',
            input: '',
          });
        return pr ?? '';
      }),
    ),
    { verbatim: true },
  );

const input = () =>
  z.strictObject({
    task_id: z.optional(taskId()),
    code_ref_id: z.optional(idOf('code_ref')),
    live: z.optional(z.boolean()),
    state: z.optional(choice(PR_STATES)),
    /** The pull request, where it is not named by its code ref. */
    pr: z.optional(pullRequest()),
    /** The commit that has it, once it is merged: linked to the task as well. */
    merged_as: z.optional(oid()),
    /** What its host says of it; read, and never kept. */
    report: z.optional(mark(z.string().check(z.maxLength(MAX_REPORT)), { machine: true, piped: true })),
  });
/** What a report, or a state by the name of the pull request alone, cannot take back. */
const STAYS = 'it stays merged: what comes late changes nothing; to say otherwise: ledgenter code ref-update';

type Input = z.infer<ReturnType<typeof input>>;

export const update = defineOperation({
  name: 'code.ref_update',
  kind: 'write',
  summary:
    'Say what became of a code ref: live or not, the state of its pull request; report: JSON of gh, glab or a CI event',
  input,
  positional: 'task_id',
  examples: [
    {
      cli: 'ledgenter code ref-update --report -',
      says: 'what gh pr view --json number,url,state,isDraft,mergeCommit prints, to every task that has the pull request',
    },
    {
      cli: 'ledgenter code ref-update <task_id> --report -',
      says: 'the event of a workflow on pull_request; links the pull request to the task where it is not',
    },
    {
      cli: 'ledgenter code ref-update <task_id> --pr github:acme/web#12 --state merged --merged-as 3f2a9c1',
      says: 'the same by hand, with the commit that has it',
    },
    { cli: 'ledgenter code ref-update <task_id> --code-ref-id <code_ref_id> --no-live', says: 'no branch has it now' },
  ],
  target: ({ task_id }) => (task_id === undefined ? undefined : { def: any(taskRecord), id: task_id }),
  subject({ task_id, code_ref_id, pr, live, state }) {
    const what = code_ref_id ?? (pr === undefined ? 'a code ref' : (prName({ name: pr }) ?? pr));
    const now = [state, live === undefined ? undefined : live ? 'live' : 'not live'].filter(Boolean).join(', ');
    return `told of ${what} of ${task_id}: ${now}`;
  },
  aim,
  async decide(view, given, by) {
    const { task_id, merged_as, live, state } = given;
    checkInput(given);
    if (task_id === undefined) refuse('BAD_INPUT', 'no task is named', { hint: 'ledgenter code ref-query' });
    const before = await needTask(view, task_id);
    const refs = new Map((await view.all(codeRefRecord, task_id)).map(({ id, record }) => [id, record]));
    const found = theRef(refs, given);
    const there = found === undefined ? undefined : refs.get(found);
    const now = there ? told(there, given) : opened(given, by);
    if (now.state !== undefined && now.ref_type !== 'pr')
      refuse('BAD_INPUT', `${found} is a ${now.ref_type}: only a pull request has a state`);
    const id = found ?? by.newId(any(codeRefRecord));
    const merged = merged_as !== undefined && now.state === 'merged' ? mergedRef(refs, now, merged_as, by) : undefined;
    const files = [
      ...(now === there ? [] : [codeRefRecord.put(id, now, task_id)]),
      // While another holds the task, the state is all that anyone may tell; the commit is linked by the next who does.
      ...(merged && !heldByOther(before, by)
        ? [codeRefRecord.put(merged.id ?? by.newId(any(codeRefRecord), there ? 0 : 1), merged.record, task_id)]
        : []),
    ];
    // A late report says what was before; it is told that it changed nothing.
    const stays = there?.state === 'merged' && now.state === 'merged' && state !== undefined && state !== 'merged';
    const result = { task_id, code_ref_id: id, ...(stays ? { stays: true } : {}) };
    if (files.length === 0) return { same: result };
    const beside =
      files.length === 1 && there !== undefined && now !== there && live === undefined && state !== undefined;
    return settle(view, by, [{ id: task_id, before, after: before, beside }], files, result);
  },
  async show(context, { task_id, code_ref_id, stays }) {
    const ref = await context.view.get(codeRefRecord, String(code_ref_id), String(task_id));
    return {
      ...(stays === true ? { note: `${STAYS} ${task_id} --code-ref-id ${code_ref_id} --state <state>` } : {}),
      code_ref: { id: code_ref_id, ...ref },
      ...(await answer(context, task_id)),
    };
  },
});

/** A report becomes what it says; without a task, every task that has its pull request is told. */
async function aim(context: Context, { report, ...given }: Input): Promise<Input[]> {
  if (report !== undefined && (given.state ?? given.pr ?? given.merged_as) !== undefined)
    refuse('BAD_INPUT', 'the report says pr, state and merged_as: give it alone');
  const call: Input = { ...given, ...(report === undefined ? {} : readReport(report)) };
  checkInput(call);
  if (call.task_id !== undefined) return [call];
  const key = prKey({ name: call.pr, url: call.pr });
  if (key === undefined)
    refuse('BAD_INPUT', 'name the task, or the pull request', { hint: 'ledgenter code ref-query' });
  const rows = await (await context.use(codeIndex)).rows({ ref_type: 'pr' });
  const tasks = [...new Set(rows.filter(row => prKey(row) === key).map(row => row.task_id))].sort();
  if (tasks.length === 0) {
    refuse('NOT_FOUND', `no task has the pull request ${key}`, {
      hint: `ledgenter task code-ref <task_id> --ref-type pr --url ${prUrl(call.pr!) ?? '<url>'}`,
    });
  }
  return tasks.map(task_id => ({ ...call, task_id }));
}

function checkInput({ live, state, merged_as, report, code_ref_id, task_id, pr }: Input): void {
  if (report !== undefined) refuse('BAD_INPUT', 'a report is read before an entry is made of it');
  if (code_ref_id !== undefined && task_id === undefined)
    refuse('BAD_INPUT', 'a code ref is named with its task: task_id is missing');
  if (code_ref_id === undefined && pr === undefined)
    refuse('BAD_INPUT', 'name the code ref, or give pr or report', { hint: 'ledgenter code ref-query' });
  if (live === undefined && state === undefined)
    refuse('BAD_INPUT', 'say live, state or both', { hint: 'ledgenter help code ref-update' });
  if (merged_as !== undefined && state !== 'merged') refuse('BAD_INPUT', 'merged_as goes with state merged');
}

/**
 * The id of the ref that is meant; undefined for a pull request that the task does not have yet.
 * @throws LedgerError NOT_FOUND, BAD_INPUT
 */
function theRef(refs: ReadonlyMap<string, CodeRef>, { task_id, code_ref_id, pr }: Input): string | undefined {
  const key = pr === undefined ? undefined : prKey({ name: pr, url: pr });
  if (code_ref_id !== undefined) {
    const ref = refs.get(code_ref_id);
    if (!ref)
      refuse('NOT_FOUND', `${task_id} has no code ref ${code_ref_id}`, { hint: `ledgenter task get ${task_id}` });
    const other = key !== undefined && (ref.ref_type !== 'pr' || (prKey(ref) ?? key) !== key);
    if (other) refuse('BAD_INPUT', `${code_ref_id} is not the pull request ${key}`);
    return code_ref_id;
  }
  const found = [...refs].filter(([, ref]) => ref.ref_type === 'pr' && prKey(ref) === key);
  return (found.find(([, ref]) => ref.live) ?? found[0])?.[0];
}

/** The ref as it is told now; the same object where that is no news. */
function told(ref: CodeRef, { live = ref.live, state = ref.state, code_ref_id }: Input): CodeRef {
  // Reports may come late: what is merged stays so, unless somebody says otherwise of this very ref.
  const last = ref.state === 'merged' && code_ref_id === undefined ? ref.state : state;
  if (live === ref.live && last === ref.state) return ref;
  const now = live === ref.live ? ref : live ? revived(ref) : { ...ref, live };
  return last === undefined ? now : { ...now, state: last };
}

function opened({ pr, state, live }: Input, by: By): CodeRef {
  if (live === false) refuse('NOT_FOUND', `the task has no pull request ${pr}`);
  const name = prName({ name: pr, url: pr });
  const url = prUrl(pr!);
  return {
    ref_type: 'pr',
    ...(name === undefined ? {} : { name }),
    ...(url === undefined ? {} : { url }),
    ...(state === undefined ? {} : { state }),
    live: true,
    by: by.actor,
    at: by.at,
  };
}

/** The merge commit as a ref of its own; undefined where the task has it. */
function mergedRef(
  refs: ReadonlyMap<string, CodeRef>,
  { repo }: CodeRef,
  sha: string,
  by: By,
): { id?: string; record: CodeRef } | undefined {
  const there = [...refs].filter(([, ref]) => ref.ref_type === 'commit' && sameCommit(ref.sha ?? '', sha));
  if (there.some(([, { live }]) => live)) return undefined;
  const [first] = there;
  if (first) return { id: first[0], record: revived(first[1]) };
  const record: CodeRef = { ref_type: 'commit', sha, live: true, by: by.actor, at: by.at };
  return { record: repo === undefined ? record : { ...record, repo } };
}

const heldByOther = ({ hold }: Task, { claim }: By): boolean => hold !== undefined && hold.root !== claim?.root;
