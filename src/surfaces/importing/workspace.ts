import { clonePort } from '../../exchange/site.ts';
import type { Context } from '../../kernel/operation.ts';
import { mapBacklog } from '../../rooms/importing/backlog/map.ts';
import type { DirectoryReport } from '../../rooms/importing/common/report.ts';
import type { ImportEntry } from '../../rooms/importing/index.ts';
import { mapTaskledger } from '../../rooms/importing/taskledger/map.ts';
import { taskRecord } from '../../rooms/tasks/record.ts';
import { readDirectory } from './directory.ts';
import { backlogRoot, projectKey, taskledgerRoot } from './roots.ts';
import { writeEntries } from './write.ts';

interface ImportInput {
  dir: string;
  project?: string | undefined;
  dry_run?: boolean | undefined;
}

type Answer = { [key: string]: unknown };

/** Reads, maps, redacts and writes a Backlog.md project; the report says what became of every file. */
export async function importBacklog(context: Context, input: ImportInput): Promise<Answer> {
  const root = await backlogRoot(input.dir);
  const project = projectKey(input.project, root, 'ledgenter import backlog');
  const files = await readDirectory(root.folder, context);
  return finish(
    context,
    input,
    project,
    'import.backlog',
    await mapBacklog(files, { project, exists: isTask(context) }),
  );
}

/** Reads, maps, redacts and writes a taskledger workspace; the report says what became of every file. */
export async function importTaskledger(context: Context, input: ImportInput): Promise<Answer> {
  const root = await taskledgerRoot(input.dir);
  const project = projectKey(input.project, root, 'ledgenter import taskledger');
  const files = await readDirectory(root.folder, context);
  const options = {
    project,
    exists: isTask(context),
    ...(root.current === undefined ? {} : { current: root.current }),
  };
  return finish(context, input, project, 'import.taskledger', await mapTaskledger(files, options));
}

const isTask =
  (context: Context) =>
  async (id: string): Promise<boolean> =>
    (await context.view.get(taskRecord, id)) !== undefined;

async function finish(
  context: Context,
  input: ImportInput,
  project: string,
  operation: string,
  { entries, report }: { entries: ImportEntry[]; report: DirectoryReport },
): Promise<Answer> {
  if (input.dry_run) return { dry_run: true, project, entries: entries.length, report };
  const clone = await context.use(clonePort);
  return {
    project,
    ...(await writeEntries(context, clone, { operation, project, entries })),
    report,
    landed: clone.self,
    hints: { next: clone.self ? 'ledgenter task query --ready' : 'ledgenter sync' },
  };
}
