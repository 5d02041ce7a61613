import { serveHttp } from '../e2e/http.ts';
import { type Answer, LAUNCHER, type RunOptions, type Stage } from '../e2e/stage.ts';
import type { Outcome } from './race.ts';

interface Killing {
  stage: Stage;
  cwd: string;
  /** ms that an undisturbed command takes about; moments of death are spread over it. */
  span: number;
  random: () => number;
  killed: number;
}

/** Processes die by SIGKILL at any moment of writing: what was acknowledged is there, and the next command works. */
export async function killedWriting(
  stage: Stage,
  { writes, seed = 1 }: { writes: number; seed?: number },
): Promise<Outcome> {
  const faults: string[] = [];
  const cwd = await stage.repository('alone');
  await stage.ok(cwd, ['init']);
  const task = await stage.task(cwd, 'under test');
  const killing = await begin(stage, cwd, ['task', 'note', task, '--text', 'how long does it take'], seed);
  const created: string[] = [];
  let notes = 1;
  for (let write = 0; write < writes; write++) {
    const made = await kill(killing, ['task', 'create', `task ${write}`]);
    if (made?.ok) created.push(made.task.id);
    const next = await stage.run(cwd, ['task', 'note', task, '--text', `after ${write}`]);
    if (next.code === 0) notes++;
    else faults.push(`the command after a kill ended with ${next.code}: ${next.out}${next.err}`);
  }
  const { tasks } = await stage.ok(cwd, ['task', 'query', '--limit', '200']);
  const listed = new Set(tasks.map((one: { id: string }) => one.id));
  for (const id of created) if (!listed.has(id)) faults.push(`${id} was acknowledged and is not there`);
  const kept = (await stage.ok(cwd, ['task', 'get', task])).counts.notes;
  if (kept !== notes) faults.push(`${kept} notes of ${notes}`);
  faults.push(...(await stage.faults(cwd)));
  return { figures: { writes, killed: killing.killed, acknowledged: created.length, notes }, faults };
}

/** Claims, releases and syncs die so: both clones and the remote stay whole, and the same agent goes on. */
export async function killedExchanging(
  stage: Stage,
  { rounds, seed = 2 }: { rounds: number; seed?: number },
): Promise<Outcome> {
  const faults: string[] = [];
  const remote = await stage.remote();
  const host = await serveHttp(stage);
  try {
    const url = host.url('shared.git');
    const [cwd, other] = (await stage.team(['one', 'two'], url)).clones as [string, string];
    const task = await stage.task(cwd, 'under test', '--sync');
    const killing = await begin(stage, cwd, ['sync'], seed);
    killing.span *= 2.5;
    const must = async (args: string[]): Promise<Answer> => {
      const ran = await stage.run(cwd, args);
      if (ran.code !== 0) faults.push(`${args.join(' ')} after a kill ended with ${ran.code}: ${ran.out}${ran.err}`);
      return ran.answer;
    };
    for (let round = 0; round < rounds; round++) {
      await kill(killing, ['task', 'claim', task]);
      await must(['task', 'claim', task]);
      await kill(killing, ['task', 'note', task, '--text', `round ${round}`, '--sync']);
      await must(['task', 'note', task, '--text', `whole ${round}`]);
      await kill(killing, ['sync']);
      const released = await kill(killing, ['task', 'release', task, '--sync']);
      if (!released?.ok) {
        await must(['sync']);
        if ((await must(['task', 'get', task]))?.task?.status === 'in_progress') await must(['task', 'release', task]);
      }
      await must(['sync']);
    }
    await stage.ok(other, ['sync']);
    const taken = await stage.run(other, ['task', 'claim', task], { as: 'bert' });
    if (taken.code !== 0) faults.push(`nobody else can claim it afterwards: ${taken.out}${taken.err}`);
    await stage.ok(cwd, ['sync']);
    await stage.sameBook(remote, cwd, other);
    for (let round = 0; round < rounds; round++)
      if (
        !JSON.stringify(await stage.git(cwd, 'log', '--format=%B', 'refs/ledgenter/main/book')).includes(
          `whole ${round}`,
        )
      )
        faults.push(`the acknowledged note of round ${round} is not in the book`);
    const said = await stage.fsck(remote);
    if (said !== '') faults.push(`fsck of the remote: ${said}`);
    faults.push(...(await stage.faults(cwd)), ...(await stage.faults(other)));
    return { figures: { commands: rounds * 4, killed: killing.killed }, faults };
  } finally {
    await host.close();
  }
}

async function begin(stage: Stage, cwd: string, args: string[], seed: number): Promise<Killing> {
  const start = Date.now();
  await stage.ok(cwd, args);
  let state = seed;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return { stage, cwd, span: (Date.now() - start) * 1.1, random, killed: 0 };
}

/** Starts a command and kills it with all it started, at a moment of its life; its answer when it was quicker. */
async function kill(killing: Killing, args: string[], options: RunOptions = {}): Promise<Answer> {
  const { stage, cwd } = killing;
  const { child, ended } = stage.start(process.execPath, [LAUNCHER, ...args, '--json'], cwd, {
    ...options,
    group: true,
  });
  const timer = setTimeout(() => endGroup(child.pid!), killing.random() * killing.span);
  const ran = await ended;
  clearTimeout(timer);
  if (ran.signal !== null) killing.killed++;
  return ran.code === 0 ? ran.answer : undefined;
}

function endGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // it ended by itself at this very moment
  }
}
