import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { LedgerError } from '../../kernel/errors.ts';
import type { AgentNews, AgentOrder } from './agent.ts';
import { type Envelope, runProcess } from './hands.ts';
import { type Stage, setStage } from './stage.ts';
import { type DemoTable, tableOf } from './table.ts';

export interface DemoInput {
  repo?: string;
  data?: string;
  agents?: number;
  tasks?: number;
}

/** Lease that the demo's agents ask for, and the grace it sets for its ledger: one machine, one clock. */
const LEASE = '20s';
const GRACE = '5s';

/** Everything the demo shows on its way. */
export type Say = (line: string) => void;

/**
 * The main job of Ledgenter on real repositories: agents in clones of their own share one ledger over one bare remote.
 * The result is computed from the book; `ok` is false when something did not come out as promised.
 */
export async function runDemo(
  bin: string,
  input: DemoInput,
  say: Say,
  signal?: AbortSignal,
): Promise<DemoTable & { folder: string; verified: boolean }> {
  const agents = input.agents ?? 6;
  const root = dirname(dirname(bin));
  const stage = await setStage(input.repo, root, agents);
  say(`cloned ${stage.source} ${agents + 1} times beside a bare remote, in ${stage.folder}`);
  const office = officeOf(bin, stage.office);
  await office('init', '--publish');
  await office('ledger', 'policy', '--claim-grace', GRACE);
  const data = input.data ?? join(root, 'fixtures', 'beads', 'sample.jsonl');
  if (!existsSync(data))
    throw new LedgerError('NOT_FOUND', `no data at ${data}`, { hint: 'ledgenter demo --data <file.jsonl>' });
  const imported = await office('import', 'beads', data);
  say(`imported ${String(imported.created ?? '')} tasks from ${data}`);
  await office('sync');
  for (const clone of stage.clones) await officeOf(bin, clone)('init');
  const counts = await office('whoami');
  say(
    `the ledger is at the remote; ${agents} agents clock in (${JSON.stringify((counts as { pool?: unknown }).pool ?? '')} in the pool)`,
  );
  await race(bin, stage, input.tasks ?? 40, say, signal);
  await office('sync');
  const verified = await office('verify');
  for (const clone of stage.clones) await officeOf(bin, clone)('sync');
  const table = await tableOf(stage);
  return { ...table, folder: stage.folder, verified: verified.ok && (verified.findings as unknown[]).length === 0 };
}

function officeOf(bin: string, cwd: string) {
  const env = { ...process.env, LEDGENTER_ACTOR: 'demo-lead', LEDGENTER_KIND: 'human', LEDGENTER_AUTOSYNC: 'false' };
  return async (...args: string[]): Promise<Envelope> => {
    const { stdout, stderr } = await runProcess(process.execPath, [bin, ...args, '--json'], cwd, env);
    let envelope: Envelope;
    try {
      envelope = JSON.parse(stdout) as Envelope;
    } catch {
      throw new LedgerError('INTERNAL', `ledgenter ${args.join(' ')} gave no answer: ${stderr.slice(0, 300)}`);
    }
    if (!envelope.ok) throw new LedgerError('INTERNAL', `ledgenter ${args.join(' ')}: ${envelope.error?.message}`);
    return envelope;
  };
}

/** Starts the agents, kills one while it holds a task, waits for the others. */
async function race(bin: string, stage: Stage, tasks: number, say: Say, signal?: AbortSignal): Promise<void> {
  const script = join(dirname(dirname(bin)), 'dist', 'demo-agent.cjs');
  const most = Math.ceil(tasks / Math.max(1, stage.clones.length - 1));
  const children: ChildProcess[] = [];
  const ends = stage.clones.map((clone, index) => {
    const doomed = index === stage.clones.length - 1 && stage.clones.length > 1;
    const order: AgentOrder = {
      name: `agent-${index + 1}`,
      surface: index % 2 === 0 ? 'mcp' : 'cli',
      bin,
      clone,
      lease: LEASE,
      doomed,
      most,
    };
    const child = spawn(process.execPath, [script, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      windowsHide: true,
    });
    children.push(child);
    createInterface({ input: child.stdout! }).on('line', line => {
      const news = JSON.parse(line) as AgentNews;
      if (news.did === 'waits') {
        say(`${news.agent} holds ${news.task} and is killed with SIGKILL now`);
        child.kill('SIGKILL');
      } else if (news.did !== 'lost') say(`${news.agent} ${news.did} ${news.title ?? news.says ?? ''}`.trimEnd());
    });
    return new Promise<void>(resolve => child.once('close', () => resolve()));
  });
  const stop = () => {
    for (const child of children) child.kill('SIGTERM');
  };
  signal?.addEventListener('abort', stop, { once: true });
  await Promise.all(ends);
  signal?.removeEventListener('abort', stop);
}
