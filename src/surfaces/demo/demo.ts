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
const LEASE = '25s';
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
): Promise<DemoTable & { folder: string; verified: boolean; passed: boolean }> {
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
  const imported = await office('import', 'beads', data, '--project', 'demo');
  say(`imported ${String(imported.entries)} entries from ${data}`);
  await office('sync');
  for (const clone of stage.clones) await officeOf(bin, clone)('init');
  say(`the ledger is at the remote; ${agents} agents clock in`);
  await race(bin, stage, input.tasks ?? 40, say, signal);
  await office('sync');
  // Twice: what one clone still carries in the first pass reaches the others in the second.
  for (let pass = 0; pass < 2; pass++) {
    for (const clone of [...stage.clones, stage.office]) await officeOf(bin, clone)('sync');
  }
  const verified = await office('verify');
  const table = await tableOf(stage);
  const clean = verified.ok && (verified.findings as unknown[]).length === 0;
  return {
    passed: clean && table.tips.length === 1 && table.double_claims.length === 0 && table.taken_over.length > 0,
    ...table,
    verified: clean,
    folder: stage.folder,
  };
}

function officeOf(bin: string, cwd: string) {
  const env = {
    ...process.env,
    LEDGENTER_ACTOR: 'demo-lead',
    LEDGENTER_KIND: 'human',
    LEDGENTER_AUTOSYNC: 'false',
    LEDGENTER_SIGN: 'false',
  };
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

/** Starts the agents, kills one while it holds a task, waits for the others, and has one of them take that task over. */
async function race(bin: string, stage: Stage, tasks: number, say: Say, signal?: AbortSignal): Promise<void> {
  const most = Math.ceil(tasks / Math.max(1, stage.clones.length - 1));
  let orphan: string | undefined;
  const orders = stage.clones.map(
    (clone, index): AgentOrder => ({
      name: `agent-${index + 1}`,
      surface: index % 2 === 0 ? 'mcp' : 'cli',
      bin,
      clone,
      lease: LEASE,
      doomed: index === stage.clones.length - 1,
      most,
    }),
  );
  const run = (order: AgentOrder): Promise<void> =>
    runAgent(order, signal, (news, child) => {
      if (news.did === 'waits') {
        orphan = news.task;
        say(`${news.agent} holds ${news.task} and is killed with SIGKILL now`);
        child.kill('SIGKILL');
      } else if (news.did !== 'lost') say(`${news.agent} ${news.did} ${news.title ?? news.says ?? ''}`.trimEnd());
    });
  await Promise.all(orders.map(run));
  if (orphan === undefined || signal?.aborted) return;
  say(`${orders[0]!.name} waits for the lease on ${orphan} to run out, then takes it over`);
  await run({ ...orders[0]!, most: 1, task: orphan });
}

function runAgent(
  order: AgentOrder,
  signal: AbortSignal | undefined,
  heard: (news: AgentNews, child: ChildProcess) => void,
): Promise<void> {
  const script = join(dirname(dirname(order.bin)), 'dist', 'demo-agent.cjs');
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    windowsHide: true,
  });
  const stop = (): void => void child.kill('SIGTERM');
  signal?.addEventListener('abort', stop, { once: true });
  createInterface({ input: child.stdout! }).on('line', line => heard(JSON.parse(line) as AgentNews, child));
  return new Promise(resolve => {
    child.once('close', () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
  });
}
