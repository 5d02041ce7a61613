import * as z from 'zod/mini';
import { choice, idOf, mark, oid } from '../../kernel/fields.ts';
import { type By, defineOperation, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { any } from '../room.ts';
import { taskId, webUrl } from '../tasks/fields.ts';
import { askedOf, hasAttachment } from '../tasks/gates.ts';
import { type CodeRef, codeRefRecord, MAX_LIST, REF_TYPES, taskRecord } from '../tasks/record.ts';
import { answer } from '../tasks/show.ts';
import { needTask, settle } from '../tasks/write.ts';
import { named } from './prs.ts';
import { covered, type Pointed, refProblem, revived, sameCommit } from './refs.ts';

const refId = () => idOf('code_ref');
const few = () => z.maxLength(MAX_LIST);

const input = () =>
  z.strictObject({
    task_id: taskId(),
    /** Those that are there already are left out; one that was not live is live again. */
    add: z.optional(
      z
        .array(
          z.strictObject({
            ref_type: choice(REF_TYPES),
            sha: z.optional(oid()),
            name: z.optional(z.string().check(z.minLength(1), z.maxLength(1_024))),
            url: z.optional(webUrl()),
            repo: z.optional(mark(z.string().check(z.minLength(1), z.maxLength(128)), { word: true })),
          }),
        )
        .check(few()),
    ),
    /** Not reached from any branch or tag any more; `moved_to`: the commit that took the place of one that was rewritten. */
    gone: z.optional(z.array(z.strictObject({ code_ref_id: refId(), moved_to: z.optional(oid()) })).check(few())),
    /** Reached again. */
    back: z.optional(z.array(refId()).check(few())),
  });
type Input = z.infer<ReturnType<typeof input>>;

/**
 * Lets the code refs of one task follow what git did to the commits. Written by hooks and by whoever compares refs with
 * git: in another clone some of it may be so already, so what is already so is left out, and nothing left is no entry.
 */
export const follow = defineOperation({
  name: 'code.follow',
  kind: 'write',
  internal: true,
  toolset: 'task',
  summary: 'Let the code refs of a task follow what git did to its commits',
  input,
  examples: [{ cli: 'git commit --amend', says: 'with the hooks installed, the refs of its task follow' }],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject({ task_id, add = [], gone = [], back = [] }) {
    const many = Math.max(add.length + back.length, gone.length);
    return `followed ${many} ${many === 1 ? 'commit' : 'commits'} of ${task_id}`;
  },
  async decide(view, given, by) {
    const { task_id } = given;
    const before = await needTask(view, task_id);
    const there = new Map((await view.all(codeRefRecord, task_id)).map(({ id, record }) => [id, record]));
    const refs = new Map(there);
    const needed = before.status === 'done' && (await askedOf(view, before)).requires_evidence;
    const kept = !needed || (await hasAttachment(view, task_id));
    const back = returning(refs, given);
    const added = await adding(view, refs, given, by);
    const gone = leaving(refs, given, kept);
    const result = { task_id, added, gone, back };
    const files = [...refs].flatMap(([id, ref]) =>
      ref === there.get(id) ? [] : [codeRefRecord.put(id, ref, task_id)],
    );
    if (files.length === 0) return { same: result };
    return settle(view, by, [{ id: task_id, before, after: before }], files, result);
  },
  async show(context, { task_id, ...did }) {
    return { ...did, ...(await answer(context, task_id)) };
  },
});

type Refs = Map<string, CodeRef>;

/** What is told to be gone as well does not come back. */
const isGone = ({ gone = [] }: Input, id: string): boolean => gone.some(one => one.code_ref_id === id);

function returning(refs: Refs, given: Input): string[] {
  const back = given.back ?? [];
  const ids = [...new Set(back)].filter(id => refs.get(id)?.live === false && !isGone(given, id));
  for (const id of ids) refs.set(id, revived(refs.get(id)!));
  return ids;
}

async function adding(view: View, refs: Refs, given: Input, by: By): Promise<string[]> {
  const ids: string[] = [];
  let made = 0;
  for (const one of given.add ?? []) {
    const ref = await named(view, one);
    const problem = refProblem(ref);
    if (problem !== undefined) refuse('BAD_INPUT', problem);
    const there = [...refs].filter(([, one]) => sameThing(one, ref));
    if (there.some(([id, { live }]) => live || isGone(given, id))) continue;
    const id = there[0]?.[0] ?? by.newId(any(codeRefRecord), made++);
    refs.set(id, there[0] ? revived(there[0][1]) : { ...ref, live: true, by: by.actor, at: by.at });
    ids.push(id);
  }
  return ids;
}

/** A commit somebody linked by the beginning of its id needs no second ref. */
function sameThing(there: CodeRef, ref: Pointed): boolean {
  const commits = there.ref_type === 'commit' && ref.ref_type === 'commit';
  return covered(there, ref) || (commits && sameCommit(there.sha ?? '', ref.sha ?? ''));
}

/** `kept`: the task has other evidence, or needs none; else the last live ref stays. */
function leaving(refs: Refs, { gone = [] }: Input, kept: boolean): string[] {
  // Each once: of several places the one told last counts.
  const places = new Map(gone.map(({ code_ref_id, moved_to }) => [code_ref_id, moved_to]));
  const ids = new Set<string>();
  for (const id of places.keys()) {
    const ref = refs.get(id);
    if (!ref?.live || (!kept && [...refs.values()].filter(({ live }) => live).length === 1)) continue;
    refs.set(id, { ...ref, live: false });
    ids.add(id);
  }
  const live = [...refs.values()].filter(ref => ref.live && ref.ref_type === 'commit');
  for (const [id, moved_to] of places) {
    const ref = refs.get(id);
    if (moved_to === undefined || ref?.ref_type !== 'commit' || ref.live || ref.moved_to === moved_to) continue;
    // Where that commit is not among the task's (its ref was parked, or is gone again) nothing is said of a place.
    if (!live.some(({ sha }) => sameCommit(sha ?? '', moved_to))) continue;
    refs.set(id, { ...ref, moved_to });
    ids.add(id);
  }
  return [...ids];
}
