import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { taskRecord } from '../tasks/record.ts';
import { type CodeCommit, codeHistory } from './commits.ts';
import { trailersOf } from './trailers.ts';

interface CheckInput {
  range: string;
  require?: boolean;
}

/** What is wrong with a commit's word about its task. */
interface CodeFinding {
  commit: string;
  subject: string;
  task?: string;
  problem: string;
}

const MAX_SUBJECT = 100;

export const check = defineOperation<CheckInput>({
  name: 'code.check',
  toolset: 'code',
  kind: 'read',
  summary: 'Check that commits name tasks which exist and are not cancelled, for a pull request in CI',
  input: () =>
    z.strictObject({
      range: mark(z.string().check(z.maxLength(402), z.regex(/^[^\s.-][^\s]*\.\.[^\s.-][^\s]*$/)), { machine: true }),
      require: z.optional(z.boolean()),
    }),
  positional: 'range',
  examples: [
    { cli: 'ledgenter code check HEAD..HEAD', says: 'a range without commits: nothing to find' },
    { cli: 'ledgenter code check HEAD..HEAD --require', says: 'each commit but a merge must name a task' },
  ],
  exit: answer => ((answer.findings as unknown[]).length > 0 ? EXIT.data : EXIT.ok),
  table: {
    rows: 'findings',
    columns: ['commit', 'problem', 'task', 'subject'],
    none: 'every commit names what exists',
  },
  async query(context, { range, require }) {
    const history = await context.use(codeHistory);
    const commits = await history.between(range);
    const findings: CodeFinding[] = [];
    const tasks = new Set<string>();
    const known = new Map<string, string>();
    for (const commit of commits) {
      const said = trailersOf(commit.message, history.trailer);
      const named = [...new Set([...said.tasks, ...said.closes])];
      for (const name of named) {
        const found = known.get(name) ?? (await judge(context.view, name));
        known.set(name, found);
        if (found.startsWith('t-')) tasks.add(found);
        else findings.push({ ...head(commit), task: name, problem: found });
      }
      if (named.length === 0 && require && commit.parents < 2)
        findings.push({ ...head(commit), problem: `no ${history.trailer}: line names a task` });
    }
    return { checked: findings.length === 0, commits: commits.length, tasks: [...tasks].sort(), findings };
  },
});

/** The whole id of the task that a commit names, or what is wrong with the name. */
async function judge(view: View, name: string): Promise<string> {
  const found = await view.matching(taskRecord, name.slice(2));
  if (found.length === 0) return 'no such task';
  if (found.length > 1) return `the beginning of ${found.length} tasks`;
  const id = found[0]!;
  return (await view.get(taskRecord, id))?.status === 'cancelled' ? 'the task is cancelled' : id;
}

function head({ oid, message }: CodeCommit): { commit: string; subject: string } {
  const subject = message.split('\n', 1)[0]!;
  return { commit: oid, subject: [...subject].slice(0, MAX_SUBJECT).join('') };
}
