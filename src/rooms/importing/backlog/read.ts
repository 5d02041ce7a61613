import { type Fields, textOf, textsOf } from '../common/fields.ts';
import { countKind, fileId, leaveOut, nameOf, type SourceFile } from '../common/files.ts';
import { type Dependency, type Node, placeOf } from '../common/links.ts';
import type { DirectoryReport, Tally } from '../common/report.ts';
import type { Place } from './status.ts';

/** A file that becomes a task. */
export interface TaskFile extends Node {
  file: string;
  place: Place;
  fields: Fields;
  body: string;
}

/** The files of a project by what they are. */
export interface Project {
  tasks: Map<string, TaskFile>;
  milestones: SourceFile[];
  decisions: SourceFile[];
  docs: SourceFile[];
  /** In their order. */
  statuses: string[];
}

const TASKS = /^(archive\/)?(tasks|completed|drafts)\/[^/]+\.md$/;
const PAGES = /^(?:archive\/)?(milestones|decisions|docs)\/.+$/;
const CONFIG = /^(?:config|backlog\.config)\.ya?ml$/;

/** Sorts the files of a project; those that nobody knows are told. */
export function readProject(files: readonly SourceFile[], project: string, tally: Tally<DirectoryReport>): Project {
  const out: Project = { tasks: new Map(), milestones: [], decisions: [], docs: [], statuses: [] };
  const tasks: { file: SourceFile; place: Place }[] = [];
  for (const file of files) {
    const [, archived, folder] = TASKS.exec(file.path) ?? [];
    const [, page] = PAGES.exec(file.path) ?? [];
    if (folder !== undefined) {
      const place = archived && folder !== 'completed' ? 'archive' : (folder as Place);
      countKind(tally, place === 'tasks' ? 'task' : place === 'drafts' ? 'draft' : `${place} task`);
      tasks.push({ file, place });
    } else if (page !== undefined) {
      countKind(tally, page === 'docs' ? 'document' : page.slice(0, -1));
      out[page as 'docs' | 'milestones' | 'decisions'].push(file);
    } else if (CONFIG.test(file.path)) {
      countKind(tally, 'settings');
      out.statuses = textsOf(file.fields ?? {}, 'statuses');
      leaveOut(tally, 'settings', file, 'its statuses and its name were read');
    } else leaveOut(tally, 'no_place', file);
  }
  const order: Place[] = ['tasks', 'completed', 'drafts', 'archive'];
  tasks.sort((a, b) => order.indexOf(a.place) - order.indexOf(b.place) || (a.file.path < b.file.path ? -1 : 1));
  for (const { file, place } of tasks) {
    const node = nodeOf(file, place, out.tasks, project, tally);
    out.tasks.set(node.id, node);
  }
  for (const node of out.tasks.values()) tieTo(node, out.tasks, tally);
  return out;
}

function nodeOf(
  { path, fields = {}, lines, body }: SourceFile,
  place: Place,
  there: ReadonlyMap<string, TaskFile>,
  project: string,
  tally: Tally<DirectoryReport>,
): TaskFile {
  const said = plainId(textOf(fields, 'id') ?? '');
  const named = plainId(/^([a-z]+-\d+(?:\.\d+)*) - /i.exec(nameOf(path))?.[1] ?? '');
  let id = said ?? named ?? fileId(path);
  if (said === undefined) tally.tell('bad_file_id', { file: path, issue: id });
  if (there.has(id)) {
    // Ids are given anew once their task lies in another folder: both are there, under one id.
    tally.tell('repeated_file_id', { file: path, issue: id, detail: `also ${there.get(id)!.file}` });
    id = `${path.slice(0, path.lastIndexOf('/'))}/${id}`;
    if (there.has(id)) id = fileId(path);
  }
  return {
    file: path,
    line: 1,
    ...(lines ? { lines } : {}),
    id,
    ref: `backlog:${project}/${id}`,
    place,
    fields,
    body,
    dependencies: [],
  };
}

/** An id as it is compared: in lower case, its numbers without the zeros that a project may pad them with. */
function plainId(given: string): string | undefined {
  const id = given.trim().toLowerCase();
  return /^[a-z0-9][a-z0-9._-]{0,127}$/.test(id) ? id.replace(/(?<![a-z0-9])0+(?=\d)/g, '') : undefined;
}

function tieTo(node: TaskFile, tasks: ReadonlyMap<string, TaskFile>, tally: Tally<DirectoryReport>): void {
  const prefix = /^(.*-)\d/.exec(node.id)?.[1] ?? 'task-';
  const resolve = (given: string): string | undefined => {
    const id = plainId(given);
    return id !== undefined && !tasks.has(id) && tasks.has(prefix + id) ? prefix + id : id;
  };
  const add = (type: Dependency['type'], given: string, field: string) => {
    const target = resolve(given);
    if (target !== undefined) node.dependencies.push({ type, target });
    else {
      tally.skip(type);
      tally.tell('bad_dependency', { ...placeOf(node, field), detail: `${type} ${given.slice(0, 80)}` });
    }
  };
  const parent = textOf(node.fields, 'parent_task_id') ?? textOf(node.fields, 'parent');
  const above = /^(.*)\.\d+$/.exec(node.id)?.[1];
  if (parent !== undefined) add('parent-child', parent, 'parent_task_id');
  else if (above !== undefined && tasks.has(above)) add('parent-child', above, 'id');
  for (const target of textsOf(node.fields, 'dependencies')) add('blocks', target, 'dependencies');
}
