import type { Finding } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { sameCommit } from '../code/refs.ts';
import { find } from '../lookup.ts';
import { allows } from '../tasks/gates.ts';
import { attachmentRecord, type CodeRef, codeRefRecord, type Task } from '../tasks/record.ts';
import { type Evidence, logRecord, type WorkLog } from './record.ts';

/** Live commits among the code refs of a task, newest first. */
async function liveCommits(view: View, id: string): Promise<CodeRef[]> {
  const refs = (await view.all(codeRefRecord, id)).map(({ record }) => record);
  const live = refs.filter(ref => ref.ref_type === 'commit' && ref.live && ref.sha !== undefined);
  return live.sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** A live commit of the task by its id, or by the beginning of it; undefined when it has no such. */
export async function liveCommit(view: View, id: string, commit: string): Promise<string | undefined> {
  return (await liveCommits(view, id)).find(ref => sameCommit(ref.sha!, commit))?.sha;
}

/** Commands that were recorded for a todo, newest first. */
async function commandsFor(view: View, id: string, todo: string): Promise<{ id: string; record: WorkLog }[]> {
  const all = await view.all(logRecord, id);
  const own = all.filter(({ record }) => record.kind === 'command' && record.todo_id === todo);
  return own.sort((a, b) => (a.record.at + a.id < b.record.at + b.id ? 1 : -1));
}

/** Why an entry of the work log shows nothing that is done; undefined when it does. */
async function logFinding(view: View, id: string, todo: string, name: string): Promise<Finding | undefined> {
  const log = await find(view, logRecord, name, id);
  const run = { hint: runCommand(id, todo) };
  if (!log) return { message: `${id} has no entry ${name} in its work log`, hint: `ledgenter work query ${id}` };
  if (log.kind === 'command')
    return log.exit_code === 0
      ? undefined
      : { code: 'GATE', message: `${todo}: ${name} failed: ${ended(log)}`, ...run };
  if (log.kind !== 'change' && log.kind !== 'artifact')
    return {
      code: 'GATE',
      message: `${todo}: ${name} is of kind ${log.kind}, which shows nothing that is done`,
      ...run,
    };
  // What names nothing but a commit is worth what the commit is.
  if (log.paths || log.url || log.commit === undefined) return undefined;
  return commitFinding(view, id, log.commit);
}

async function commitFinding(view: View, id: string, commit: string): Promise<Finding | undefined> {
  if (await liveCommit(view, id, commit)) return undefined;
  return {
    code: 'GATE',
    message: `${commit.slice(0, 12)} is no live commit of ${id}`,
    hint: `ledgenter task code-ref ${id} --ref-type commit --sha ${commit}`,
  };
}

/**
 * Why a todo is not shown to be done: what its evidence names is not there or failed, it is words alone where the policy
 * takes none, or the command that was recorded last for it failed.
 */
export async function evidenceFinding(
  view: View,
  id: string,
  task: Task,
  todo: string,
  { commit, log_id, attachment_id }: Evidence,
): Promise<Finding | undefined> {
  const named =
    (commit === undefined ? undefined : await commitFinding(view, id, commit)) ??
    (log_id === undefined ? undefined : await logFinding(view, id, todo, log_id));
  if (named) return named;
  if (attachment_id !== undefined && !(await find(view, attachmentRecord, attachment_id, id)))
    return {
      message: `${id} has no attachment ${attachment_id}`,
      hint: `ledgenter task get ${id} --include attachments`,
    };
  const words = (commit ?? log_id ?? attachment_id) === undefined;
  if (words && !(await allows(view, task, 'text_evidence')))
    return {
      code: 'GATE',
      message: `${todo} of ${id} is shown to be done by a commit, a recorded command, an attachment or an entry of the work log, not by words`,
      hint: await shownBy(view, id, todo),
    };
  const last = (await commandsFor(view, id, todo))[0];
  if (!last || last.record.exit_code === 0) return undefined;
  return {
    code: 'GATE',
    message: `${todo} of ${id}: the command recorded last for it (${last.id}) failed: ${ended(last.record)}`,
    hint: runCommand(id, todo),
  };
}

const ended = ({ exit_code }: WorkLog): string => (exit_code === null ? 'it was ended' : `exit code ${exit_code}`);

const runCommand = (id: string, todo: string): string =>
  `ledgenter work run ${id} --todo-id ${todo} --command '<command>'`;

/** The command that says that a todo is done, with what is there to show it; where nothing is, the one that makes it. */
export async function shownBy(view: View, id: string, todo: string): Promise<string> {
  const done = `ledgenter todo done ${id} --todo-id ${todo}`;
  const last = (await commandsFor(view, id, todo))[0];
  if (last) return last.record.exit_code === 0 ? `${done} --log-id ${last.id}` : runCommand(id, todo);
  const commit = (await liveCommits(view, id))[0];
  return commit ? `${done} --commit ${commit.sha}` : runCommand(id, todo);
}
