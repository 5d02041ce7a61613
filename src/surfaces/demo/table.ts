import { runProcess } from './hands.ts';
import { git, type Stage } from './stage.ts';

/** One agent's row, counted from the commits of the book. */
export interface AgentRow {
  agent: string;
  claims: number;
  /** Races that others won, from the clone's own count; unknown for who was killed. */
  races_lost: number;
  takeovers: number;
  notes: number;
  commits_linked: number;
  done: number;
}

export interface DemoTable {
  agents: AgentRow[];
  entries: number;
  /** Accepted pushes that moved the book, from the remote's own log of the ref. */
  pushes: number;
  /** Tips of the book in all clones and at the remote: one value when they agree. */
  tips: string[];
  /** Tasks with more than one claim at a time, by the book: none, or something is wrong. */
  double_claims: string[];
  taken_over: { task: string; from: string; by: string }[];
  look: string[];
}

interface Intent {
  op: string;
  actor: string;
  input: { task_id?: string; status?: string; ref_type?: string };
  prev?: { actor: string };
  claim?: { root: string };
}

const BOOK = 'refs/ledgenter/main/book';

/** Counts what happened from `git log` of the remote's book, not from what the agents said. */
export async function tableOf(stage: Stage): Promise<DemoTable> {
  const log = await git(stage.hub, 'log', '--reverse', '--format=%B%x00', BOOK);
  const rows = new Map<string, AgentRow>();
  const table: DemoTable = { agents: [], entries: 0, pushes: 0, tips: [], double_claims: [], taken_over: [], look: [] };
  const held = new Map<string, string>();
  for (const message of log.split('\0')) {
    const body = message.trim().split('\n').at(-1) ?? '';
    if (!body.startsWith('{')) continue;
    const { intent } = JSON.parse(body) as { intent: Intent };
    table.entries++;
    const row = rows.get(intent.actor) ?? {
      agent: intent.actor,
      claims: 0,
      races_lost: 0,
      takeovers: 0,
      notes: 0,
      commits_linked: 0,
      done: 0,
    };
    rows.set(intent.actor, row);
    count(row, intent, held, table);
  }
  for (const [name, lost] of await lostRaces(stage)) {
    const row = rows.get(name);
    if (row) row.races_lost = lost;
  }
  table.agents = [...rows.values()].sort((a, b) => (a.agent < b.agent ? -1 : 1));
  table.pushes = await bookPushes(stage.hub);
  const tips = [await git(stage.hub, 'rev-parse', BOOK)];
  for (const clone of [stage.office, ...stage.clones]) tips.push(await git(clone, 'rev-parse', BOOK));
  table.tips = [...new Set(tips)];
  table.look = [
    `git -C ${stage.office} log --oneline ${BOOK}`,
    `git -C ${stage.office} ls-tree -r --name-only ${BOOK}`,
    `git -C ${stage.hub} for-each-ref`,
    `ledgenter log -C ${stage.office}`,
  ];
  return table;
}

function count(row: AgentRow, intent: Intent, held: Map<string, string>, table: DemoTable): void {
  const task = intent.input.task_id;
  if (intent.op === 'task.claim' && task !== undefined) {
    row.claims++;
    const before = held.get(task);
    if (intent.prev && intent.prev.actor !== intent.actor) {
      row.takeovers++;
      table.taken_over.push({ task, from: intent.prev.actor, by: intent.actor });
    } else if (before !== undefined && before !== intent.actor) table.double_claims.push(task);
    held.set(task, intent.actor);
  }
  if (intent.op === 'task.note') row.notes++;
  if (intent.op === 'task.code_ref' && intent.input.ref_type === 'commit') row.commits_linked++;
  if (intent.op === 'task.update' && intent.input.status === 'done' && task !== undefined) {
    row.done++;
    held.delete(task);
  }
  if (intent.op === 'task.release' && task !== undefined) held.delete(task);
}

/** What each clone counted, read through its status. */
async function lostRaces(stage: Stage): Promise<Map<string, number>> {
  const out = new Map<string, number>();
  for (const [index, clone] of stage.clones.entries()) {
    const { stdout } = await runProcess(
      process.execPath,
      [process.argv[1]!, 'ledger-status', '--json'],
      clone,
      process.env,
    );
    out.set(`agent-${index + 1}`, (JSON.parse(stdout) as { claims_lost?: number }).claims_lost ?? 0);
  }
  return out;
}

/** Lines that receive-pack wrote when it moved the book. */
async function bookPushes(hub: string): Promise<number> {
  try {
    return (await git(hub, 'reflog', 'show', '--format=%H', BOOK)).split('\n').filter(line => line !== '').length;
  } catch {
    return 0; // the remote keeps no log of this ref
  }
}
