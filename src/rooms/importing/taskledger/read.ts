import { type Fields, mapsOf, textOf } from '../common/fields.ts';
import { countKind, leaveOut, nameOf, type SourceFile } from '../common/files.ts';
import type { DirectoryReport, Tally } from '../common/report.ts';

/** What a record of a task is, by the folder it lies in. */
export const KINDS = {
  plans: 'plan',
  questions: 'question',
  todos: 'todo',
  links: 'link',
  requirements: 'requirement',
  runs: 'run',
  changes: 'change',
  checks: 'check',
  reviews: 'review',
  handoffs: 'handoff',
  artifacts: 'artifact',
  audit: 'transcript',
} as const;
export type Kind = (typeof KINDS)[keyof typeof KINDS] | 'lock' | 'active task';

export interface TaskRecordFile extends SourceFile {
  kind: Kind;
}

/** A task with all that belongs to it. */
export interface Bundle {
  ledger: string;
  task: string;
  /** Its own file; absent where only records name it. */
  file?: SourceFile;
  records: TaskRecordFile[];
}

export interface Workspace {
  /** By `<ledger>/<task>`. */
  bundles: Map<string, Bundle>;
  intros: (SourceFile & { ledger: string })[];
  releases: (SourceFile & { ledger: string })[];
  events: (SourceFile & { ledger: string })[];
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

/** Sorts the files of a workspace; those that nobody knows are told. */
export function readWorkspace(files: readonly SourceFile[], tally: Tally<DirectoryReport>): Workspace {
  const out: Workspace = { bundles: new Map(), intros: [], releases: [], events: [] };
  const branched = files.some(({ path }) => path.startsWith('ledgers/'));
  for (const file of files) {
    const [, ledger, below] = /^ledgers\/([^/]+)\/(.+)$/.exec(file.path) ?? [];
    if (ledger !== undefined && NAME.test(ledger)) sort(out, file, ledger, below!, tally);
    else if (/^(?:storage|actor|harness)\.yaml$/.test(file.path)) leaveOut(tally, 'settings', file);
    else if (!branched) sort(out, file, 'main', file.path, tally);
    else leaveOut(tally, 'no_place', file);
  }
  return out;
}

function sort(out: Workspace, file: SourceFile, ledger: string, path: string, tally: Tally<DirectoryReport>): void {
  const [top = '', ...below] = path.split('/');
  const [task = '', folder = ''] = below;
  const bundle = (id: string): Bundle => {
    const key = `${ledger}/${id}`;
    const there = out.bundles.get(key) ?? { ledger, task: id, records: [] };
    out.bundles.set(key, there);
    return there;
  };
  const add = (id: string, kind: Kind): void => {
    countKind(tally, kind);
    bundle(id).records.push({ ...file, kind });
  };
  const named = textOf(file.fields ?? {}, 'task_id') ?? '';
  const kind = (name: string): Kind | undefined =>
    Object.hasOwn(KINDS, name) ? KINDS[name as keyof typeof KINDS] : undefined;
  if (top === 'indexes') leaveOut(tally, 'derived_file', file);
  else if (top === 'intros' || top === 'releases' || (top === 'events' && file.path.endsWith('.ndjson'))) {
    countKind(tally, top === 'events' ? 'event log' : top.slice(0, -1));
    out[top as 'intros' | 'releases' | 'events'].push({ ...file, ledger });
  } else if (path === 'active-task.yaml' && NAME.test(named)) add(named, 'active task');
  else if (top === 'tasks' && NAME.test(task)) {
    if (below.length === 2 && folder === 'task.md') {
      countKind(tally, 'task');
      bundle(task).file = file;
    } else if (below.length === 2 && folder === 'lock.yaml') add(task, 'lock');
    else if (below.length === 2 && /^(?:todos|links|requirements)\.yaml$/.test(folder)) {
      for (const part of listed(file, folder.slice(0, -5))) {
        countKind(tally, part.kind);
        bundle(task).records.push(part);
      }
    } else if (below.length > 2 && kind(folder) !== undefined) add(task, kind(folder)!);
    else leaveOut(tally, 'no_place', file);
  } else if (kind(top) !== undefined && NAME.test(named)) add(named, kind(top)!);
  else leaveOut(tally, 'no_place', file);
}

/** The records of a file that lists them, as older layouts do; the file itself where it lists none. */
function listed(file: SourceFile, name: string): TaskRecordFile[] {
  const kind = KINDS[name as keyof typeof KINDS];
  const items = mapsOf(file.fields ?? {}, name);
  return items.length === 0 ? [{ ...file, kind }] : items.map(fields => ({ ...file, kind, fields, body: '' }));
}

/** The records that stand in a task's own file, as older layouts have them. */
export function inner({ file }: Bundle): TaskRecordFile[] {
  const fields: Fields = file?.fields ?? {};
  const of = (name: string, kind: Kind) =>
    mapsOf(fields, name).map(item => ({ path: file!.path, line: 1, body: '', kind, fields: item }));
  return [...of('todos', 'todo'), ...of('file_links', 'link')];
}

export const stemOf = ({ path }: SourceFile): string => nameOf(path).replace(/\.[a-z]+$/, '');
