import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cliHands, type Envelope, type Hands, mcpHands, runProcess } from './hands.ts';

/** How the demo starts one agent: as JSON in its first argument. */
export interface AgentOrder {
  name: string;
  surface: 'cli' | 'mcp';
  bin: string;
  /** The agent's own clone. */
  clone: string;
  /** A duration: what it asks its lease to be. */
  lease: string;
  /** It waits for its end while it holds a task, so that the demo can kill it there. */
  doomed: boolean;
  /** Finished tasks after which it goes home. */
  most: number;
  /** It wants this task and no other: the one that a killed agent left. */
  task?: string;
}

/** What an agent tells the demo as it goes, a JSON line each; the table at the end does not rest on it. */
export interface AgentNews {
  agent: string;
  did: 'claimed' | 'finished' | 'lost' | 'waits' | 'home' | 'failed';
  task?: string;
  title?: string;
  says?: string;
}

interface Task {
  id: string;
  title: string;
  criteria?: { id: string }[];
}

/** Looks at an empty pool before an agent goes home, and the pause between them in ms: tasks open as others finish. */
const EMPTY_LOOKS = 12;
const PAUSE_MS = 900;

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

async function main(order: AgentOrder): Promise<void> {
  const env = {
    ...process.env,
    LEDGENTER_ACTOR: order.name,
    LEDGENTER_KIND: 'agent',
    LEDGENTER_MODE: 'loop',
    LEDGENTER_SIGN: 'false',
  };
  const tell = (news: Omit<AgentNews, 'agent'>) =>
    process.stdout.write(`${JSON.stringify({ agent: order.name, ...news })}\n`);
  const hands =
    order.surface === 'mcp' ? await mcpHands(order.bin, order.clone, env) : cliHands(order.bin, order.clone, env);
  let finished = 0;
  for (let empty = 0; empty < EMPTY_LOOKS && finished < order.most; ) {
    const claim = await hands.call('task_claim', {
      lease: order.lease,
      ...(order.task === undefined ? {} : { task_id: order.task }),
    });
    if (!claim.ok) {
      tell({ did: 'lost', says: claim.error?.message ?? '' });
      if (!claim.error?.retryable) empty++;
      await pause(order.task === undefined ? PAUSE_MS / 3 : PAUSE_MS * 2);
      continue;
    }
    if (!claim.claimed) {
      empty++;
      await pause(PAUSE_MS);
      continue;
    }
    empty = 0;
    const { id } = claim.task as { id: string };
    const { task } = (await hands.call('task_get', { task_id: id })) as unknown as { task: Task };
    tell({ did: 'claimed', task: task.id, title: task.title });
    if (order.doomed) {
      tell({ did: 'waits', task: task.id });
      await pause(600_000);
    }
    const problem = await work(order, hands, task, env);
    if (problem) {
      tell({ did: 'failed', task: task.id, says: `${problem.error?.code}: ${problem.error?.message}` });
      await hands.call('task_release', { task_id: task.id });
      empty++;
    } else {
      finished++;
      tell({ did: 'finished', task: task.id, title: task.title });
    }
  }
  await hands.close();
  tell({ did: 'home' });
}

/** The task itself: a commit that changes a file, linked, criteria met, done. The first refusal ends it. */
async function work(
  order: AgentOrder,
  hands: Hands,
  task: Task,
  env: NodeJS.ProcessEnv,
): Promise<Envelope | undefined> {
  const sha = await commit(order, task, env);
  const steps: [string, Record<string, unknown>][] = [
    ['task_code_ref', { task_id: task.id, ref_type: 'commit', sha }],
    ...(task.criteria ?? []).map(({ id }): [string, Record<string, unknown>] => [
      'task_check',
      { task_id: task.id, criterion: id, met: true },
    ]),
    ['task_note', { task_id: task.id, text: `Done in ${sha.slice(0, 10)}, on branch ${order.name}.` }],
    ['task_update', { task_id: task.id, status: 'done' }],
  ];
  for (const [tool, input] of steps) {
    const answer = await hands.call(tool, input);
    if (!answer.ok) return answer;
  }
  return undefined;
}

async function commit(order: AgentOrder, task: { id: string; title: string }, env: NodeJS.ProcessEnv): Promise<string> {
  const folder = join(order.clone, 'demo-work');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${task.id}.md`), `# ${task.title}\n\nWritten by ${order.name}.\n`);
  await appendFile(join(folder, 'LOG.md'), `- ${task.id} by ${order.name}\n`);
  const git = (...args: string[]) =>
    runProcess(
      'git',
      ['-c', `user.name=${order.name}`, '-c', `user.email=${order.name}@ledgenter.invalid`, ...args],
      order.clone,
      env,
    );
  await git('add', 'demo-work');
  await git('commit', '--quiet', '-m', `${task.title}\n\nTask: ${task.id}`);
  const { stdout } = await git('rev-parse', 'HEAD');
  return stdout.trim();
}

const [, , order] = process.argv;
if (order?.startsWith('{')) {
  main(JSON.parse(order) as AgentOrder).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
}
