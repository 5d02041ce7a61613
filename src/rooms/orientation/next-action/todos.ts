import { evidenceFinding } from '../../work/evidence.ts';
import type { Evidence, Todo } from '../../work/record.ts';
import { asksFor } from '../../work/todos.ts';
import type { Named, Situation } from './situation.ts';
import { act, alternative, type Command, inspect, type Step, shown } from './step.ts';
import { linkCommit } from './work.ts';

/** The next todo: the first that is open, else the first that is blocked. */
export async function todoStep(situation: Situation): Promise<Step | undefined> {
  const due = (await situation.todos()).filter(({ record }) => !record.optional);
  const open = due.find(({ record }) => record.status === 'open');
  if (open) return doing(situation, open);
  const blocked = due.find(({ record }) => record.status === 'blocked');
  return blocked && unblocking(situation, blocked);
}

async function doing(situation: Situation, todo: Named<Todo>): Promise<Step> {
  const { id } = situation;
  const { id: key, record } = todo;
  const done = await evidenceFor(situation, key);
  const base = `ledgenter todo done ${id} --todo-id ${key}`;
  const link = done === undefined;
  const command = done ?? `${base} --commit <sha>`;
  return {
    action: link ? 'evidence-link' : 'todo-work',
    says: link
      ? `${key} of ${id} is done with a commit as its evidence, and none is linked: do it, commit, link the commit`
      : `${key} of ${id} is next: ${shown(record.text, 200)}`,
    primary: link
      ? act('Link the commit that does it', linkCommit(id))
      : act('Do it, then say what shows that it is done', command),
    item: {
      kind: 'todo',
      id: key,
      text: shown(record.text),
      ...(record.hint === undefined ? {} : { hint: shown(record.hint) }),
      done: command,
    },
    others: [
      ...(link ? [] : [alternative('Its commit is another: link that first', linkCommit(id))]),
      inspect('Read it whole', `ledgenter todo get ${id} --todo-id ${key}`),
      alternative('Run a command as its evidence', runFor(id, key)),
      ...(await skipping(situation, todo)),
      alternative('It is blocked', `ledgenter todo block ${id} --todo-id ${key} --reason '<why>'`),
    ],
  };
}

/** What an accepted plan asks for is called off by a person alone. */
async function skipping({ id, kind, view }: Situation, { id: key, record }: Named<Todo>): Promise<Command[]> {
  if (kind !== 'human' && (await asksFor(view, id, record))) return [];
  return [alternative('It is not needed', `ledgenter todo skip ${id} --todo-id ${key} --reason '<why>'`)];
}

/** The command that marks a todo done with what can show it; undefined where a commit is to be linked first. */
async function evidenceFor(situation: Situation, key: string): Promise<string | undefined> {
  const { id, view, task } = situation;
  const holds = async (evidence: Evidence): Promise<boolean> =>
    (await evidenceFinding(view, id, task, key, evidence)) === undefined;
  const done = (flag: string): string => `ledgenter todo done ${id} --todo-id ${key} ${flag}`;
  const own = (await situation.log()).filter(({ record }) => record.todo_id === key).reverse();
  for (const { id: log_id } of own.slice(0, LOOKED)) if (await holds({ log_id })) return done(`--log-id ${log_id}`);
  const [last] = own.filter(({ record }) => record.kind === 'command');
  // While the last command that was run for it fails, nothing else shows that it is done.
  if (last && last.record.exit_code !== 0) return runFor(id, key);
  const commit = (await situation.commits()).at(-1);
  if (commit) return done(`--commit ${commit.sha}`);
  return (await holds({ text: 'words' })) ? done("--text '<what shows it>'") : undefined;
}

/** Entries of the work log that are looked at for a todo. */
const LOOKED = 5;

const runFor = (id: string, key: string): string => `ledgenter work run ${id} --command '<command>' --todo-id ${key}`;

async function unblocking(situation: Situation, todo: Named<Todo>): Promise<Step> {
  const { id } = situation;
  const { id: key, record } = todo;
  const open = `ledgenter todo open ${id} --todo-id ${key}`;
  const why = shown(record.reason ?? 'no reason is told', 200);
  return {
    action: 'todo-unblock',
    says: `${key} of ${id} is blocked: ${why}`,
    primary: act('Open it again', open),
    item: { kind: 'todo', id: key, text: shown(record.text), done: open },
    others: [
      ...(await skipping(situation, todo)),
      alternative('The task waits for it', `ledgenter task update ${id} --status blocked --reason '<why>'`),
    ],
    blocking: [{ what: `${key} is blocked: ${why}`, remedy: open }],
  };
}
