import { LedgerError } from '../../../kernel/errors.ts';
import { isKey } from '../../../kernel/record.ts';
import { entriesOf, knownTargets, type Untied } from '../common/entries.ts';
import { textOf, textsOf } from '../common/fields.ts';
import { accountFor, fileId, type SourceFile, type SourceFiles } from '../common/files.ts';
import { Linker } from '../common/links.ts';
import { Shelf } from '../common/pages.ts';
import { type DirectoryReport, directoryTally, Tally } from '../common/report.ts';
import { parts } from '../common/texts.ts';
import type { ImportEntry } from '../entry.ts';
import { Events } from './events.ts';
import { readWorkspace, stemOf, type Workspace } from './read.ts';
import { rendered } from './render.ts';
import { nodeOf, type TaskNode, taskOf } from './task.ts';

export interface TaskledgerOptions {
  /** Key of the project; the identity of a task is `taskledger:<project>/<ledger>/<id>`. */
  project: string;
  /** The ledger that is checked out; tasks of others have its name in a label. Default `main`. */
  current?: string;
  /** Tells whether a task is in the ledger: dependencies may lead to tasks of an earlier import. */
  exists?: (taskId: string) => Promise<boolean>;
}

/**
 * The files of a taskledger workspace as inputs of `import.taskledger`: tasks after those they name, with their plans,
 * questions, todos, runs and the like as text, then introductions and releases. What cannot be mapped is in the report.
 * @throws LedgerError BAD_INPUT when the project is no key
 */
export async function mapTaskledger(
  given: SourceFiles,
  options: TaskledgerOptions,
): Promise<{ entries: ImportEntry[]; report: DirectoryReport }> {
  const project = options.project.trim().toLowerCase();
  if (!isKey(project)) throw new LedgerError('BAD_INPUT', `${JSON.stringify(project)} is no project key`);
  const tally = directoryTally();
  const workspace = readWorkspace(accountFor(given, tally), tally);
  const events = new Events(workspace, tally);
  const nodes = new Map<string, TaskNode>();
  for (const [id, bundle] of workspace.bundles) if (bundle.file) nodes.set(id, nodeOf(bundle, project));
  const reference = (id: string) => `taskledger:${project}/${id}`;
  const { ties } = new Linker(nodes, await knownTargets(nodes, reference, options.exists), tally);
  const current = options.current ?? 'main';
  const tasks = new Map<string, Untied>();
  for (const node of nodes.values()) {
    const task = taskOf(node, { tally, current, maker: events.maker(node.id) });
    for (const note of events.notes(node.id)) {
      task.notes.push(...parts(note.text).map(text => ({ ...note, text })));
      Tally.count(tally.report.kept_as_text, 'event logs');
      tally.report.mapped.notes++;
    }
    const { notes } = ties.get(node.id)!;
    if (notes.length > 0) {
      const text = `Dependencies in taskledger:\n${notes.map(note => `- ${note}`).join('\n')}`;
      task.notes.push({ kind: 'note', text: text.slice(0, 60_000), by: task.created_by, at: task.updated_at });
    }
    for (const { fields } of node.bundle.records) {
      if (fields?.waiver) tally.tell('waived', { file: node.file, issue: node.id });
    }
    tasks.set(node.id, task);
  }
  const shelf = new Shelf(project, tally);
  shelve(shelf, workspace, project, tally, events, nodes);
  const entries = entriesOf(nodes, { ties, tasks, tally, project, reference, from: 'taskledger', hashed: true });
  return { entries: [...entries, ...shelf.entries], report: tally.report };
}

/** Introductions, releases and what belongs to no task, as pages. */
function shelve(
  shelf: Shelf,
  workspace: Workspace,
  project: string,
  tally: Tally<DirectoryReport>,
  events: Events,
  nodes: ReadonlyMap<string, TaskNode>,
): void {
  const put = (file: SourceFile, title: string, tags: string[], body: string, key = fileId(file.path)) =>
    shelf.page({
      ref: `taskledger:${project}/${key}`,
      file: file.path,
      title,
      body,
      kind: 'reference',
      tags: ['taskledger', ...tags],
      origin: `Imported from taskledger, \`${file.path}\`.`,
    });
  const refs = new Set<string>();
  const keyOf = (file: SourceFile, ledger: string): string => {
    const stem = `${ledger}/${stemOf(file).toLowerCase()}`;
    const key = /^[a-z0-9._/-]+$/i.test(stem) && !refs.has(stem) ? stem : fileId(file.path);
    refs.add(key);
    return key;
  };
  for (const file of workspace.intros) {
    const { fields = {}, body, ledger } = file;
    const others = rendered('What else it says:', fields, '', ['title', 'labels', 'body']);
    const text = body.trim() === '' ? (textOf(fields, 'body') ?? '') : body.trim();
    const title = textOf(fields, 'title') ?? stemOf(file);
    put(file, title, ['intro', ...textsOf(fields, 'labels')], `${text}\n\n${others}`, keyOf(file, ledger));
  }
  for (const file of workspace.releases) {
    const { fields = {}, body, ledger } = file;
    const title = `Release ${textOf(fields, 'version') ?? stemOf(file)}`;
    put(
      file,
      title,
      ['release'],
      rendered(`${title} in taskledger`, fields, body),
      `${keyOf(file, `${ledger}/release`)}`,
    );
  }
  for (const [id, { file, records }] of workspace.bundles) {
    if (file) continue;
    for (const record of records) {
      tally.tell('orphan', { file: record.path, issue: id });
      put(
        record,
        `${record.kind} of ${id}`,
        ['orphan'],
        rendered(`${record.kind} of ${id}`, record.fields ?? {}, record.body),
      );
    }
  }
  for (const { id, text } of events.others(other => nodes.has(other))) {
    const file = { path: `events of ${id}`, body: text, line: 1 };
    tally.tell('orphan', { file: 'events', issue: id });
    put(file, `Events of ${id === '' ? 'no task' : id}`, ['events'], text);
  }
}
