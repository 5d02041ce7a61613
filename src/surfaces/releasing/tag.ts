import { writePort } from '../../exchange/writing.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { redactText } from '../../kernel/redact/text.ts';
import { codeIndex, codeSite } from '../../rooms/code/ports.ts';
import { find } from '../../rooms/lookup.ts';
import { chain } from '../../rooms/releases/chain.ts';
import { Order } from '../../rooms/releases/order.ts';
import { type Release, releaseRecord } from '../../rooms/releases/record.ts';
import { tag as tagEntry } from '../../rooms/releases/tag.ts';
import { present, unreached } from '../commits/git.ts';
import { NOBODY } from '../who.ts';
import { dropTag, type GitTag, makeTag } from './gittag.ts';
import { releasingPort } from './port.ts';

export interface TagInput {
  version: string;
  at_task?: string | undefined;
  at_commit?: string | undefined;
  note?: string | undefined;
  git_tag?: boolean | undefined;
}

/**
 * Finds where the release ends and writes it; the git tag is made before the entry and taken away again when the entry is
 * refused, so that both are there or neither.
 * @throws LedgerError REFUSED, NOT_FOUND, BAD_INPUT, NO_REPOSITORY; what the laws say of the entry
 */
export async function tagRelease(context: Context, input: TagInput): Promise<{ [key: string]: unknown }> {
  const { version } = input;
  const { view, who } = context;
  if (who.actor === NOBODY) throw new LedgerError('NO_ACTOR', 'nobody is named, and a release is tagged by somebody');
  const there = await find(view, releaseRecord, version);
  // What was not said of a release that is there is as it was.
  const git_tag = input.git_tag ?? there?.git_tag;
  // The note goes into a git tag too, where no redactor of the ledger passes.
  const note = input.note === undefined ? there?.note : redactText(input.note).text;
  const at_commit = await commitOf(context, input, there);
  const newest = (await chain(view))[0]?.version;
  const { task: at_task, outside } = await taskOf(context, input, there, at_commit, newest);
  const entry = {
    version,
    ...(at_task === undefined ? {} : { at_task }),
    ...(at_commit === undefined ? {} : { at_commit }),
    ...(note === undefined ? {} : { note }),
    ...(git_tag ? { git_tag: true } : {}),
    // A release that is there is compared, not followed.
    ...(there || newest === undefined ? {} : { after: newest }),
  };
  const write = await context.use(writePort);
  const made = input.git_tag && at_commit !== undefined ? await beside(context, version, at_commit, note) : undefined;
  try {
    const { ok: _ok, ...answer } = await write(tagEntry, entry);
    return {
      ...answer,
      ...(made ? { git_tag: { name: version, oid: made.oid, ...(made.was ? { unchanged: true } : {}) } } : {}),
      ...(outside.length > 0 ? { not_in_commit: outside } : {}),
    };
  } catch (error) {
    if (made && !made.was) await dropTag((await context.use(releasingPort)).cwd, version, made.oid);
    throw error;
  }
}

async function beside(context: Context, version: string, commit: string, note?: string): Promise<GitTag> {
  return makeTag((await context.use(releasingPort)).cwd, version, commit, note);
}

/** The commit that is released, whole. @throws LedgerError NOT_FOUND */
async function commitOf({ use }: Context, input: TagInput, there: Release | undefined): Promise<string | undefined> {
  const { at_commit, git_tag } = input;
  if (at_commit === undefined && there) return there.at_commit;
  const name = at_commit ?? (git_tag ? 'HEAD' : undefined);
  if (name === undefined) return undefined;
  const found = await (await use(codeSite)).commit(name);
  if (found !== undefined) return found;
  throw new LedgerError('NOT_FOUND', `${JSON.stringify(name)} names no commit here`, { hint: 'git log --oneline' });
}

interface Boundary {
  task: string | undefined;
  /** Tasks of the release whose code is elsewhere, as far as is known: at most {@link SHOWN}. */
  outside: string[];
}

/** Tasks that are named as not in the commit. */
const SHOWN = 20;

/** The finished task at which the release ends. */
async function taskOf(
  context: Context,
  input: TagInput,
  there: Release | undefined,
  commit: string | undefined,
  newest: string | undefined,
): Promise<Boundary> {
  if (there) return { task: input.at_task ?? there.at_task, outside: [] };
  const order = await Order.of(context);
  const from = newest === undefined ? -1 : (await order.release(newest)).ends;
  if (input.at_task !== undefined) {
    const ends = await order.end(input.at_task);
    if (ends > from) return { task: input.at_task, outside: [] };
    throw new LedgerError(
      'REFUSED',
      `${input.at_task} was finished before ${newest} ended: a release goes on from there`,
      {
        hint: `ledgenter release get ${newest}`,
      },
    );
  }
  const finished = await order.between(context, from, order.rows.length - 1);
  const elsewhere = commit === undefined ? new Set<string>() : await notIn(context, finished, commit);
  // The commit is the boundary: what was finished behind the last task that is in it comes with the next release.
  const last = finished.findLast(({ id }) => !elsewhere.has(id));
  if (last) {
    const outside = finished.filter(({ id, place }) => elsewhere.has(id) && place <= last.place).map(({ id }) => id);
    return { task: last.id, outside: outside.slice(0, SHOWN) };
  }
  if (commit !== undefined && finished.length === 0) return { task: undefined, outside: [] };
  const since = newest === undefined ? '' : ` since ${newest}`;
  throw commit === undefined
    ? new LedgerError('REFUSED', `no task was finished${since}`, { hint: 'ledgenter task query --status in_progress' })
    : new LedgerError('REFUSED', `no task that was finished${since} is in ${commit.slice(0, 12)}`, {
        hint: `ledgenter release tag ${input.version} --at-task <task_id>`,
      });
}

/** Tasks that have live commits, none of which is in the history of `commit`. What is not known here is not said to be elsewhere. */
async function notIn(context: Context, finished: readonly { id: string }[], commit: string): Promise<Set<string>> {
  const { cwd } = await context.use(releasingPort);
  const rows = await (await context.use(codeIndex)).rows({ ref_type: 'commit', live: true });
  const wanted = new Set(finished.map(({ id }) => id));
  const commits = new Map<string, string[]>();
  for (const { task_id, sha } of rows)
    if (sha !== undefined && wanted.has(task_id)) commits.set(task_id, [...(commits.get(task_id) ?? []), sha]);
  const here = await present(cwd, [...new Set([...commits.values()].flat())]);
  const away = await unreached(cwd, [...new Set(here.values())], [commit]);
  const isAway = (sha: string): boolean => {
    const whole = here.get(sha);
    return whole !== undefined && away.has(whole);
  };
  return new Set([...commits].filter(([, shas]) => shas.every(isAway)).map(([id]) => id));
}
