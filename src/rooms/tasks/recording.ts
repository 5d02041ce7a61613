import * as z from 'zod/mini';
import { choice, mark, text, title } from '../../kernel/fields.ts';
import { type By, byOf, defineOperation, refuse } from '../../kernel/operation.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { named } from '../code/prs.ts';
import { refProblem } from '../code/refs.ts';
import { nothing } from '../nothing.ts';
import { any } from '../room.ts';
import { wholeId } from './code_ref.ts';
import { newTask } from './draft.ts';
import { changes, labels, priority, readChange, taskId } from './fields.ts';
import { noteFile } from './note.ts';
import { codeRefRecord, REF_TYPES, type RefType, taskRecord } from './record.ts';
import { answer } from './show.ts';
import { settle } from './write.ts';

/** Code refs that one record names at most. */
const MAX_REFS = 50;

const codeRef = () =>
  z.strictObject({
    /** A commit id; with `ref_type` the name of a branch, tag, pull request or file. */
    name: z.string().check(z.minLength(1), z.maxLength(1_024)),
    ref_type: z.optional(choice(REF_TYPES)),
    repo: z.optional(mark(z.string().check(z.minLength(1), z.maxLength(128)), { word: true })),
  });
type Named = z.infer<ReturnType<typeof codeRef>>;

const input = () =>
  z.strictObject({
    title: title(),
    summary: text(),
    description: z.optional(text()),
    changes: z.optional(changes()),
    evidence: z.optional(text()),
    code_refs: z.optional(z.array(codeRef()).check(z.maxLength(MAX_REFS))),
    allow_empty_record: z.optional(z.boolean()),
    reason: z.optional(text()),
    project: z.optional(mark(z.string().check(z.maxLength(64)), { machine: true })),
    parent: z.optional(taskId()),
    priority: z.optional(priority()),
    labels: z.optional(labels()),
  });

export const recording = defineOperation({
  name: 'task.record',
  kind: 'write',
  creates: true,
  summary: 'Enter work that is done already, without a claim; it stays marked as recorded. Not a way around gates',
  input,
  positional: 'title',
  examples: [
    {
      cli: "ledgenter task record 'Deploy 0.4.1' --summary 'Rolled out to production' --changes 'infra/deploy.sh:run:updated the configuration'",
      says: 'what was done by hand, and to which file',
    },
    {
      cli: "ledgenter task record 'Tried the new calls' --summary 'All answer' --allow-empty-record --reason 'exploring, nothing was changed'",
      says: 'work that left nothing behind',
    },
  ],
  async placed(context, given) {
    if (!given.code_refs) return given;
    const code_refs = [];
    for (const ref of given.code_refs) {
      const short = typeOf(ref) === 'commit' && ref.repo === undefined && ref.name.length < 40;
      const whole = short ? await wholeId(context, ref.name.toLowerCase()) : undefined;
      code_refs.push(whole === undefined ? ref : { ...ref, name: whole });
    }
    return { ...given, code_refs };
  },
  subject: ({ title }, intent) => `recorded ${byOf(intent, nothing).newId(any(taskRecord))} ${title}`,
  async decide(view, given, by) {
    const { summary, changes: written, evidence, code_refs, allow_empty_record, reason, ...draft } = given;
    const help = { hint: 'ledgenter help task record' };
    if (allow_empty_record && reason === undefined)
      refuse('BAD_INPUT', 'an empty record says why: give a reason', help);
    const empty = !written && evidence === undefined && !code_refs?.length;
    // A reason alone must not turn a record that forgot its changes into an empty one.
    if (empty && !allow_empty_record && reason !== undefined)
      refuse(
        'BAD_INPUT',
        'the record shows nothing: name a change, a code ref or evidence, or allow_empty_record',
        help,
      );
    const id = by.newId(any(taskRecord));
    const said = (written ?? []).map(one => readChange(one) ?? refuse('BAD_INPUT', `no change: ${one}`, help));
    const task = await newTask(view, draft, by, {
      recorded: true,
      status: 'done',
      assignee: by.actor,
      finished_at: by.at,
      ...(said.length > 0 ? { changes: said } : {}),
      ...(evidence === undefined ? {} : { evidence }),
      ...(reason === undefined ? {} : { reason }),
    });
    const files = [noteFile(id, 'resolution', summary, by).file, ...(await refFiles(view, id, code_refs ?? [], by))];
    return settle(view, by, [{ id, after: task }], files, { task_id: id });
  },
  show: (context, result) => answer(context, result.task_id),
});

function typeOf({ name, ref_type }: Named): RefType | undefined {
  return ref_type ?? (/^[0-9a-f]{7,64}$/i.test(name) ? 'commit' : undefined);
}

/** @throws LedgerError BAD_INPUT for what names nothing */
async function refFiles(view: View, task: string, refs: readonly Named[], by: By): Promise<FileChange[]> {
  const files: FileChange[] = [];
  for (const [index, ref] of refs.entries()) {
    const ref_type =
      typeOf(ref) ??
      refuse('BAD_INPUT', `${JSON.stringify(ref.name.slice(0, 80))} is no commit id: say its ref_type`, {
        hint: 'ledgenter help task record',
      });
    const named_by = ref_type === 'commit' ? { sha: ref.name.toLowerCase() } : addressed(ref_type, ref.name);
    const pointed = await named(view, { ref_type, ...named_by, ...(ref.repo === undefined ? {} : { repo: ref.repo }) });
    const problem = refProblem(pointed);
    if (problem !== undefined) refuse('BAD_INPUT', problem, { hint: 'ledgenter help task record' });
    const id = by.newId(any(codeRefRecord), index);
    files.push(codeRefRecord.put(id, { ...pointed, live: true, by: by.actor, at: by.at }, task));
  }
  return files;
}

const addressed = (type: RefType, name: string) =>
  type === 'pr' && /^https?:\/\//.test(name) ? { url: name } : { name };
