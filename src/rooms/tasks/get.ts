import * as z from 'zod/mini';
import { choice } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { epochMs } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { listed } from '../code/list.ts';
import { bearing } from '../decisions/bearing.ts';
import { scopePath } from '../decisions/fields.ts';
import { linkedTo } from '../files/linked.ts';
import { graceOf } from '../ledger/grace.ts';
import { cut, PAGE } from '../lists.ts';
import { find } from '../lookup.ts';
import { briefOf } from '../projects/brief.ts';
import { directed, projectContext } from '../projects/context.ts';
import { undone } from '../requirements/gate.ts';
import { shownWaivers } from '../validation/show.ts';
import { blobId, blobRecord } from './blob.ts';
import { taskId } from './fields.ts';
import { taskIndex } from './ports.ts';
import { proofRecord, unproven } from './proofs.ts';
import { attachmentRecord, type Criterion, codeRefRecord, FINAL, noteRecord, type Task } from './record.ts';
import { nextFor } from './show.ts';
import { needTask } from './write.ts';

/** Files that a caller may name to hear what rules them. */
const MAX_PATHS = 50;
const PARTS = ['notes', 'refs', 'attachments', 'children', 'brief', 'proofs'] as const;
/** Characters of a check's output that a list of proofs shows. */
const TAIL = 400;

export const get = defineOperation({
  name: 'task.get',
  kind: 'read',
  default: true,
  summary: 'One task whole, with rulings on its files and paths; include adds more, full gives long texts uncut',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      include: z.optional(z.array(choice(PARTS)).check(z.maxLength(PARTS.length))),
      paths: z.optional(z.array(scopePath()).check(z.maxLength(MAX_PATHS))),
      full: z.optional(z.boolean()),
    }),
  positional: 'task_id',
  resource: {
    uri: 'ledgenter://task/{task_id}',
    title: 'Task',
    input: { include: ['notes', 'refs'] },
    list: { operation: 'task.query', input: { status: ['open', 'in_progress', 'blocked', 'in_review'] } },
  },
  localRepos: true,
  examples: [
    { cli: 'ledgenter task get <task_id> --include notes,refs', says: 'the task with what was said and linked' },
    { cli: 'ledgenter task get <task_id> --paths src/time/zone.ts', says: 'and the rulings on the file you open' },
  ],
  async query(context, { task_id: id, include = [], paths, full = false }) {
    const { view, who, now } = context;
    const task = await needTask(view, id);
    const text = shortener(id, full);
    const next = await nextFor(view, id, task, who.actor, context);
    const refs = await view.all(codeRefRecord, id);
    const counts = {
      notes: (await view.ids(noteRecord, id)).length,
      refs: refs.length,
      refs_live: refs.filter(({ record }) => record.live).length,
      attachments: (await view.ids(attachmentRecord, id)).length,
      ...(task.criteria.some(({ check }) => check !== undefined)
        ? { proofs: (await view.ids(proofRecord, id)).length }
        : {}),
    };
    const parts: Record<string, unknown> = {};
    for (const part of include) {
      if (part === 'notes') parts.notes = await notes(view, id, text.cut, full);
      if (part === 'refs') parts.refs = listed(refs, full, text.left);
      if (part === 'proofs') parts.proofs = await proofs(view, id, text.left, full);
      if (part === 'attachments')
        parts.attachments = (await view.all(attachmentRecord, id)).map(withId).sort(byTime).map(placed);
      if (part === 'brief' && task.project !== undefined) parts.brief = await briefOf(context, task.project);
      if (part === 'children') {
        const { rows, total } = await (await context.use(taskIndex)).query({ parent: id }, { limit: PAGE, now });
        parts.children = rows.map(row => ({ id: row.id, title: row.title, status: row.status }));
        Object.assign(counts, { children: total });
      }
    }
    const ruled = await bearing(context, id, task, paths);
    const project = await projectContext(view, task.project, who.checkout);
    const shown = await whole(view, id, task, now, text.cut);
    const waivers = await shownWaivers(view, id, task);
    const about = await linkedTo(view, id);
    return {
      task: shown,
      counts,
      ...(waivers.length === 0 ? {} : { waivers: waivers.map(one => ({ ...one, reason: text.cut(one.reason) })) }),
      ...about,
      ...parts,
      ...ruled,
      ...(project ? { project_context: project.project_context } : {}),
      ...(text.wasCut() ? { truncated: true } : {}),
      hints: {
        ...(next ? { next } : {}),
        ...(FINAL.includes(task.status) ? {} : directed(project?.hints, next)),
        ...(task.adopted ? { original: `ledgenter task get ${id} --ledger ${task.adopted.ledger}` } : {}),
        ...(ruled.rulings ? { rulings: 'ledgenter decision get <decision_id>' } : {}),
        ...(text.wasCut() ? { whole: `ledgenter task get ${id} --full` } : {}),
      },
    };
  },
});

function shortener(_id: string, full: boolean) {
  let any = false;
  return {
    cut: (text: string): string => {
      const short = full ? undefined : cut(text);
      if (short !== undefined) any = true;
      return short ?? text;
    },
    /** Says that something was left out. */
    left: (): void => {
      any = true;
    },
    wasCut: () => any,
  };
}

async function whole(view: View, id: string, task: Task, now: number, short: (text: string) => string) {
  const { hold, depends_on, links, also_asked, description, reason, criteria, criteria_made: _made, ...rest } = task;
  const grace = await graceOf(view);
  const shown = [];
  for (const one of criteria) shown.push({ ...one, text: short(one.text), ...(await provenAt(view, id, one)) });
  const waits = (await undone(view, task)).map(({ id: other, task: found }) => ({
    id: other,
    title: found?.title,
    status: found?.status,
  }));
  return {
    id,
    ...rest,
    ...(description === undefined ? {} : { description: short(description) }),
    ...(reason === undefined ? {} : { reason: short(reason) }),
    ...(criteria.length === 0 ? {} : { criteria: shown }),
    ...(depends_on.length === 0 ? {} : { depends_on }),
    ...(waits.length === 0 ? {} : { waits_for: waits }),
    ...(links.length === 0 ? {} : { links }),
    ...(also_asked.length === 0 ? {} : { also_asked }),
    ...(hold ? { hold: { ...hold, ...(now > epochMs(hold.lease_until) + grace ? { lapsed: true } : {}) } } : {}),
  };
}

async function notes(view: View, id: string, short: (text: string) => string, full: boolean) {
  const all = (await view.all(noteRecord, id)).map(withId).sort(byTime);
  const kept = full ? all : all.slice(-PAGE);
  if (kept.length < all.length)
    short(
      all
        .map(note => note.text)
        .join('')
        .padEnd(4_000),
    );
  return kept.map(note => ({ ...note, text: short(note.text) }));
}

/** The commit that a criterion was proven at; where its proof does not count any more, why. */
async function provenAt(view: View, id: string, criterion: Criterion): Promise<Record<string, string>> {
  const found = criterion.proof === undefined ? undefined : await find(view, proofRecord, criterion.proof, id);
  if (!found) return {};
  const why = await unproven(view, id, criterion);
  return { proven_at: found.commit, ...(why === undefined ? {} : { unproven: why }) };
}

/** Newest first: the last word counts. */
async function proofs(view: View, id: string, left: () => void, full: boolean) {
  const all = (await view.all(proofRecord, id)).map(withId).sort(byTime).reverse();
  const kept = full ? all : all.slice(0, PAGE);
  if (kept.length < all.length) left();
  return kept.map(proof => {
    const end = [...(proof.output_tail ?? '')];
    if (full || end.length <= TAIL) return proof;
    left();
    return { ...proof, output_tail: `…${end.slice(-TAIL).join('')}` };
  });
}

const withId = <R extends { at: string }>({ id, record }: { id: string; record: R }) => ({ id, ...record });
const byTime = (a: { at: string; id: string }, b: { at: string; id: string }) => (a.at + a.id < b.at + b.id ? -1 : 1);

/** Where in the tree of the book the bytes are, for those that the ledger keeps. */
const placed = <A extends { sha256: string; url?: string | undefined }>(file: A) =>
  file.url === undefined ? { ...file, path: blobRecord.path(blobId(file.sha256)) } : file;
