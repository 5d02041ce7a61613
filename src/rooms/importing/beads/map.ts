import { LedgerError } from '../../../kernel/errors.ts';
import { isKey } from '../../../kernel/record.ts';
import { entriesOf, knownTargets, type Untied } from '../common/entries.ts';
import { Linker } from '../common/links.ts';
import { fileTally, type ImportReport } from '../common/report.ts';
import type { ImportEntry } from '../entry.ts';
import { readIssues } from './read.ts';
import { IssueMapper } from './task.ts';

export interface BeadsOptions {
  /** Key of the project; the identity of an issue is `beads:<project>/<id>`. */
  project: string;
  /** `owner/repo` that `gh-N` stands for. */
  github?: string;
  /** Tells whether a task is in the ledger: dependencies may lead to issues of an earlier import. */
  exists?: (taskId: string) => Promise<boolean>;
}

/**
 * The issues of a beads export (one JSON object a line) as inputs of `import.beads`, one entry a task; tasks come after
 * those they name, and those of a circle in one entry. What cannot be mapped is in the report.
 * @throws LedgerError BAD_INPUT when the project is no key
 */
export async function mapBeads(
  lines: AsyncIterable<string> | Iterable<string>,
  options: BeadsOptions,
): Promise<{ entries: ImportEntry[]; report: ImportReport }> {
  const project = options.project.trim().toLowerCase();
  if (!isKey(project)) throw new LedgerError('BAD_INPUT', `${JSON.stringify(project)} is no project key`);
  const tally = fileTally();
  const issues = await readIssues(lines, project, tally);
  const reference = (id: string) => `beads:${project}/${id}`;
  const known = await knownTargets(issues, reference, options.exists);
  const { ties } = new Linker(issues, known, tally);
  const mapper = new IssueMapper(options.github, tally);
  const tasks = new Map<string, Untied>();
  for (const issue of issues.values()) {
    const task = mapper.map(issue);
    const { notes } = ties.get(issue.id)!;
    if (notes.length > 0) {
      const text = `Dependencies in beads:\n${notes.map(note => `- ${note}`).join('\n')}`;
      task.notes.push({ kind: 'note', text: text.slice(0, 60_000), by: task.created_by, at: task.updated_at });
    }
    tasks.set(issue.id, task);
  }
  const entries = entriesOf(issues, { ties, tasks, tally, project, reference, from: 'beads' });
  return { entries, report: tally.report };
}
