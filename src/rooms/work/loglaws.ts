import { defineRecordLaw, type Finding, type Law } from '../../kernel/law.ts';
import { believed } from '../actors/standing.ts';
import { find } from '../lookup.ts';
import { taskRecord } from '../tasks/record.ts';
import { comesWith } from '../tasks/rules/rule.ts';
import { handFinding } from './hand.ts';
import { unnamed } from './log.ts';
import { logRecord, todoRecord, type WorkLog } from './record.ts';

const enforcedBy = 'rooms/work-laws.test.ts';

/** The operation that alone writes a kind which is measured. */
const MEASURED: Partial<Record<WorkLog['kind'], string>> = { command: 'work.command', scan: 'work.scanned' };

const rooted = (path: string): boolean => path.startsWith('/') || path.split('/').includes('..');

function formProblem(log: WorkLog): string | undefined {
  const { command, exit_code, duration_ms, clean, output_sha256, output_tail, paths } = log;
  const measured = [command, exit_code, duration_ms, clean, output_sha256];
  if (log.kind === 'command' ? measured.includes(undefined) : [...measured, output_tail].some(one => one !== undefined))
    return log.kind === 'command' ? 'it does not say how its command ended' : `a ${log.kind} has no command`;
  if (paths?.some(({ path }) => rooted(path))) return 'a path leads out of the repository';
  return unnamed(log);
}

export const logLaws: Law[] = [
  defineRecordLaw({
    id: 'work.author',
    says: 'An entry of the work log is by the actor and of the time of the entry that adds it; only an import brings those of others.',
    enforcedBy,
    on: logRecord,
    async check({ id, before, after, parent }, { entry: { intent }, before: was, after: view }) {
      if (before || !after) return undefined; // append-only and record.kept name it
      if (after.by === intent.actor && after.at === intent.at) return undefined;
      if (await comesWith(intent, was, view, parent!)) return undefined;
      return { message: `${id} is by ${after.by}, its entry by ${intent.actor}` };
    },
  }),
  defineRecordLaw({
    id: 'work.form',
    says: 'A change names a path or a commit, an artifact a path, an address or a commit; a command says how it ended and comes from work run, a scan from work scan; a todo that is named is one of the task.',
    enforcedBy,
    on: logRecord,
    async check({ id, before, after, parent }, { entry: { intent }, after: view }) {
      if (before || !after) return undefined;
      const wrong = (what: string): Finding => ({ message: `${id}: ${what}` });
      const own = MEASURED[after.kind];
      if (own !== undefined && intent.op !== own) return wrong(`a ${after.kind} is measured, not told`);
      const problem = formProblem(after);
      if (problem !== undefined) return wrong(problem);
      const { todo_id } = after;
      return todo_id === undefined || (await find(view, todoRecord, todo_id, parent))
        ? undefined
        : wrong(`${parent} has no ${todo_id}`);
    },
  }),
  defineRecordLaw({
    id: 'work.holder',
    says: 'The work log of a task is written by its holder, while nobody holds it by a person, and not once it is done or cancelled.',
    enforcedBy,
    on: logRecord,
    async check({ before, after, parent }, transition) {
      const { before: was, after: view } = transition;
      if (before || !after || parent === undefined) return undefined;
      const intent = await believed(transition);
      if (await comesWith(intent, was, view, parent)) return undefined;
      const now = await find(view, taskRecord, parent);
      const task = await find(was, taskRecord, parent);
      return task ? handFinding(parent, task, now, intent) : { message: `${parent} is not there yet` };
    },
  }),
];
