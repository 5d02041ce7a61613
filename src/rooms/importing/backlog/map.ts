import { LedgerError } from '../../../kernel/errors.ts';
import { isKey } from '../../../kernel/record.ts';
import { entriesOf, knownTargets, type Untied } from '../common/entries.ts';
import { textOf } from '../common/fields.ts';
import { accountFor, type SourceFiles } from '../common/files.ts';
import { Linker } from '../common/links.ts';
import { Shelf } from '../common/pages.ts';
import { type DirectoryReport, directoryTally } from '../common/report.ts';
import type { ImportEntry } from '../entry.ts';
import { Documents } from './documents.ts';
import { readProject } from './read.ts';
import { taskOf } from './task.ts';

export interface BacklogOptions {
  /** Key of the project; the identity of a task is `backlog:<project>/<id>`. */
  project: string;
  /** Tells whether a task is in the ledger: dependencies may lead to tasks of an earlier import. */
  exists?: (taskId: string) => Promise<boolean>;
}

/**
 * The files of a Backlog.md project as inputs of `import.backlog`: tasks after those they name, then documents. What cannot
 * be mapped is in the report, by file.
 * @throws LedgerError BAD_INPUT when the project is no key
 */
export async function mapBacklog(
  given: SourceFiles,
  options: BacklogOptions,
): Promise<{ entries: ImportEntry[]; report: DirectoryReport }> {
  const project = options.project.trim().toLowerCase();
  if (!isKey(project)) throw new LedgerError('BAD_INPUT', `${JSON.stringify(project)} is no project key`);
  const tally = directoryTally();
  const found = readProject(accountFor(given, tally), project, tally);
  const milestones = new Map<string, string>();
  for (const { fields = {} } of found.milestones) {
    const [id, title] = [textOf(fields, 'id'), textOf(fields, 'title')];
    if (id !== undefined && title !== undefined) milestones.set(id.toLowerCase(), title);
  }
  const reference = (id: string) => `backlog:${project}/${id}`;
  const { ties } = new Linker(found.tasks, await knownTargets(found.tasks, reference, options.exists), tally);
  const tasks = new Map<string, Untied>();
  for (const node of found.tasks.values()) {
    const task = taskOf(node, { statuses: found.statuses, milestones, tally });
    const { notes } = ties.get(node.id)!;
    if (notes.length > 0) {
      const text = `Dependencies in Backlog.md:\n${notes.map(note => `- ${note}`).join('\n')}`;
      task.notes.push({ kind: 'note', text: text.slice(0, 60_000), by: task.created_by, at: task.updated_at });
    }
    tasks.set(node.id, task);
  }
  const shelf = new Shelf(project, tally);
  const documents = new Documents({ project, shelf, tally });
  for (const file of found.milestones) documents.milestone(file);
  for (const file of found.docs) documents.document(file);
  for (const file of found.decisions) documents.decision(file);
  const entries = entriesOf(found.tasks, { ties, tasks, tally, project, reference, from: 'Backlog.md', hashed: true });
  return { entries: [...entries, ...shelf.entries], report: tally.report };
}
