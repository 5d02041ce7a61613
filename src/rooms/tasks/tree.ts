import * as z from 'zod/mini';
import { key, limit } from '../../kernel/fields.ts';
import { type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { taskId } from './fields.ts';
import { type TaskFilter, type TaskIndex, type TaskRow, taskIndex } from './ports.ts';

/** Rows asked of the index at once: the whole tree is one look, however many parents there are. */
const PAGE = 5_000;
/** Tasks answered when the caller names no limit, and levels shown at most. */
const SHOWN = 100;
const MAX_DEPTH = 20;

interface Node {
  row: TaskRow;
  depth: number;
}

export const tree = defineOperation({
  name: 'task.tree',
  kind: 'read',
  summary: 'A task with all below it, or every tree of parents and children; says how much of each is done',
  input: () =>
    z.strictObject({
      task_id: z.optional(taskId()),
      project: z.optional(key()),
      depth: z.optional(z.int().check(z.minimum(1), z.maximum(MAX_DEPTH))),
      open: z.optional(z.boolean()),
      limit: limit(),
    }),
  positional: 'task_id',
  examples: [
    { cli: 'ledgenter task tree <task_id>', says: 'what a big task is made of, and how far it is' },
    { cli: 'ledgenter task tree --open', says: 'every tree, without what is finished' },
  ],
  table: {
    rows: 'tasks',
    columns: ['id', 'status', 'assignee', 'done', 'title'],
    none: 'no task has a parent',
    indent: 'depth',
  },
  async query(context, { task_id, project, depth = MAX_DEPTH, open = false, limit: most = SHOWN }) {
    const index = await context.use(taskIndex);
    const { roots, children } =
      task_id === undefined ? await forest(index, context, project) : await treeOf(index, context, task_id);
    const nodes: Node[] = [];
    let more = 0;
    for (const root of roots) {
      for (const node of walk(root, children, depth)) {
        if (open && FINISHED.has(node.row.status)) continue;
        if (nodes.length < most) nodes.push(node);
        else more += 1;
      }
    }
    const total = nodes.length + more;
    return {
      tasks: nodes.map(({ row, depth: level }) => shown(row, level, children)),
      total,
      ...(more > 0 ? { truncated: true, hints: { whole: wholeHint(task_id, total) } } : {}),
    };
  },
});

const FINISHED: ReadonlySet<string> = new Set(['done', 'cancelled']);

function wholeHint(task_id: string | undefined, total: number): string {
  if (total <= 200) return `ledgenter task tree${task_id === undefined ? '' : ` ${task_id}`} --limit ${total}`;
  return task_id === undefined ? 'ledgenter task tree <task_id>' : `ledgenter task tree ${task_id} --depth 1`;
}

interface Forest {
  roots: TaskRow[];
  /** Tasks that have a parent, by that parent, in claim order. */
  children: ReadonlyMap<string, TaskRow[]>;
}

async function treeOf(index: TaskIndex, { now }: Context, id: string): Promise<Forest> {
  const root = await index.row(id);
  if (!root) refuse('NOT_FOUND', `there is no task ${id}`, { hint: 'ledgenter task query' });
  const rows: TaskRow[] = [];
  for await (const row of rowsOf(index, { child: true }, now)) rows.push(row);
  return { roots: [root], children: byParent(rows) };
}

/** All trees, each by its topmost task; a project's are those whose topmost task is in it. */
async function forest(index: TaskIndex, { now }: Context, project: string | undefined): Promise<Forest> {
  const rows: TaskRow[] = [];
  for await (const row of rowsOf(index, {}, now)) rows.push(row);
  const children = byParent(rows);
  const top = rows.filter(row => row.parent === undefined && children.has(row.id));
  return { roots: project === undefined ? top : top.filter(row => row.project === project), children };
}

function byParent(rows: readonly TaskRow[]): Map<string, TaskRow[]> {
  const out = new Map<string, TaskRow[]>();
  for (const row of rows) {
    if (row.parent === undefined) continue;
    const siblings = out.get(row.parent);
    if (siblings) siblings.push(row);
    else out.set(row.parent, [row]);
  }
  return out;
}

async function* rowsOf(index: TaskIndex, filter: TaskFilter, now: number): AsyncGenerator<TaskRow> {
  let cursor: string | undefined;
  do {
    const page = await index.query(filter, { limit: PAGE, now, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.rows;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Depth first. What the laws keep out of a book (a circle of parents) is met once and passed over. */
function* walk(root: TaskRow, children: ReadonlyMap<string, TaskRow[]>, most: number): Generator<Node> {
  const seen = new Set<string>();
  const open: Node[] = [{ row: root, depth: 0 }];
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node.row.id)) continue;
    seen.add(node.row.id);
    yield node;
    if (node.depth >= most) continue;
    const below = children.get(node.row.id) ?? [];
    for (let at = below.length - 1; at >= 0; at--) open.push({ row: below[at]!, depth: node.depth + 1 });
  }
}

function shown(row: TaskRow, depth: number, children: ReadonlyMap<string, TaskRow[]>): Record<string, unknown> {
  const below = children.get(row.id) ?? [];
  const done = below.filter(child => child.status === 'done').length;
  return {
    id: row.id,
    title: row.title,
    status: row.status,
    depth,
    ...(row.assignee === undefined ? {} : { assignee: row.assignee }),
    ...(row.waits_for.length === 0 ? {} : { waits_for: row.waits_for }),
    ...(below.length === 0 ? {} : { done: `${done}/${below.length}` }),
  };
}
