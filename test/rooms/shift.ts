import { sha256Hex } from '../../src/kernel/ids.ts';
import type { Context, WriteOperation } from '../../src/kernel/operation.ts';
import { epochMs } from '../../src/kernel/time.ts';
import { LAWS } from '../../src/rooms/index.ts';
import { catalogue } from '../../src/rooms/orientation/ports.ts';
import { type SearchHit, searchIndex } from '../../src/rooms/searching.ts';
import { claims, type TaskFilter, type TaskRow, taskIndex } from '../../src/rooms/tasks/ports.ts';
import { checkHash } from '../../src/rooms/tasks/proofs.ts';
import { codeRefRecord, taskRecord } from '../../src/rooms/tasks/record.ts';
import { parseArgs } from '../../src/surfaces/cli/parse.ts';
import { resolveCommand } from '../../src/surfaces/cli/resolve.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { makeRegistry } from '../../src/surfaces/registry.ts';
import { hasStarted, isFree, isReady, readTask, sortKey, waitingFor } from '../../src/views/tasks/row.ts';
import { wordsOf } from '../examples/story.ts';
import { type Person, TestOffice } from './office.ts';
import { viewPorts } from './ports.ts';

const registry = makeRegistry(OPERATIONS);
const GRACE = 120_000;
/** The commit that every script knows of. */
export const SHA = 'a'.repeat(40);

// biome-ignore lint/suspicious/noExplicitAny: answers of every operation pass here
export type Answer = any;

/** What a script fills in, by the name of the placeholder: all that it knows beside what it is told. */
export const FILLED: Readonly<Record<string, string>> = {
  goal: 'Sweep every minute',
  'what must hold': 'no row is older than a minute',
  todo: 'Wire the timer into the sweeper',
  step: 'Wire the timer into the sweeper',
  title: 'Sweep the table',
  path: 'src/sweep.ts',
  command: 'node --test',
  answer: 'UTC',
  question: 'Which clock?',
  why: 'it is so',
  'why it is good': 'small steps',
  'why it still holds': 'the answer changes nothing',
  sha: SHA,
  'what was done': 'it sweeps every minute',
  'what you changed': 'the last row goes too',
  'what you will mend': 'the last row',
  'what you saw': 'ran it for an hour',
  'what shows it': 'the test of the timer passes',
  'what was looked at': 'all of it',
  'what does not hold': 'the last row stays',
  'what is in the way': 'the machine is down',
  'where you stand': 'half done',
  'pass|fail|blocked': 'pass',
  'approve|reject': 'approve',
};

/** The command with every placeholder filled in. @throws Error for one that is not in the table */
export function filled(command: string, more: Readonly<Record<string, string>> = {}): string {
  return command.replace(/<([a-z][^<>]*)>/g, (_all, name: string) => {
    const value = more[name] ?? FILLED[name];
    if (value === undefined) throw new Error(`nobody knows what <${name}> is, in: ${command}`);
    return value;
  });
}

/** A test office whose derived views are true, and which understands command lines. */
export class Shift extends TestOffice {
  /** What a search for knowledge finds. */
  pages: SearchHit[] = [];

  override context(who?: Person, ports: Record<string, unknown> = {}): Context {
    const found = super.context(who, { ...viewPorts(this), ...this.#ports(who), ...ports });
    return { ...found, use: port => found.use(port) };
  }

  /** What a command line answers. @throws LedgerError its refusal */
  async types(line: string, who: Person): Promise<Answer> {
    const [program, ...words] = wordsOf(line);
    if (program !== 'ledgenter') throw new Error(`no command of ours: ${line}`);
    const found = resolveCommand(words, registry);
    if (found.kind !== 'operation') throw new Error(`no operation: ${line}`);
    const { operation } = found;
    const { input } = parseArgs(found.args, operation);
    if (operation.name === 'task.prove') return this.#proves(input as { task_id: string; criterion: string }, who);
    if (operation.name === 'work.run') return this.does('work.command', ran(input), who);
    if (operation.kind === 'read') return this.asks(operation.name, input, who);
    if (operation.name === 'task.claim' && input.task_id === undefined) {
      for await (const id of (operation as WriteOperation<never>).candidates!(this.context(who), input as never))
        return this.does('task.claim', { task_id: id }, who);
      return { claimed: false };
    }
    const target = (input as { handoff_id?: string }).handoff_id ?? '';
    const kept = this.claims.get(target);
    const own = kept?.actor === who.actor && epochMs(kept.lease_until) >= this.now;
    if (
      operation.kind === 'write' &&
      operation.first &&
      !own &&
      (await operation.first.needed(this.view, input as never))
    )
      await this.does(operation.first.operation.name, operation.first.input(input as never), who);
    return this.does(operation.name, input, who);
  }

  async #proves({ task_id, criterion }: { task_id: string; criterion: string }, who: Person): Promise<Answer> {
    const one = (await this.task(task_id)).criteria.find(each => each.id === criterion)!;
    const facts = {
      check_sha256: checkHash(one),
      exit_code: 0,
      duration_ms: 5,
      commit: await this.#head(task_id),
      clean: true,
      output_sha256: sha256Hex('ok'),
      output_bytes: 2,
    };
    return this.does('task.proof', { task_id, criterion, ...facts }, who);
  }

  /** The commit that the checkout is at: what the task has linked last. */
  async #head(id: string): Promise<string> {
    const refs = (await this.view.all(codeRefRecord, id)).map(({ record }) => record);
    return refs.sort((a, b) => (a.at < b.at ? 1 : -1)).find(({ ref_type }) => ref_type === 'commit')?.sha ?? SHA;
  }

  #ports(who?: Person): Record<string, unknown> {
    const rows = async (): Promise<TaskRow[]> => {
      const found = new Map<string, ReturnType<typeof readTask>>();
      for (const id of await this.tasks())
        found.set(id, readTask(id, (await this.state.read(taskRecord.path(id))) ?? ''));
      const waits = (id: string): boolean => found.get(id)?.status !== 'done';
      const all = [...found.values()].filter(row => row !== undefined).map(row => waitingFor(row, waits));
      return all.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    };
    const fits = (row: TaskRow, { status, assignee }: TaskFilter): boolean =>
      (status === undefined || status.includes(row.status)) && (assignee === undefined || row.assignee === assignee);
    return {
      [taskIndex.name]: {
        counts: async (now: number) => ({
          ready: (await rows()).filter(row => hasStarted(row, now) && isReady(row as never, now, GRACE)).length,
        }),
        query: async (filter: TaskFilter) => {
          const found = (await rows()).filter(row => fits(row, filter));
          return { rows: found, total: found.length };
        },
        claimable: async function* (this: void, { actor }: { actor: string }, now: number) {
          const ready = (await rows()).filter(row => hasStarted(row, now) && isReady(row as never, now, GRACE));
          yield* ready.filter(row => row.assignee === actor && row.status === 'open');
          yield* ready.filter(row => isFree(row));
        },
      },
      [claims.name]: {
        held: async () =>
          [...this.claims]
            .filter(([id, { actor, run }]) => id.startsWith('t-') && actor === who?.actor && who.run.includes(run))
            .map(([id, { lease_until }]) => ({ id, lease_until })),
        renew: async () => ({ lease_until: '' }),
      },
      [catalogue.name]: { operations: OPERATIONS, laws: LAWS },
      [searchIndex.name]: {
        kinds: ['knowledge'],
        search: async () => ({ hits: this.pages, total: this.pages.length }),
      },
    };
  }
}

const ran = ({ command, ...rest }: Record<string, unknown>): object => ({
  ...rest,
  command,
  text: String(command),
  exit_code: 0,
  duration_ms: 5,
  clean: true,
  output_sha256: sha256Hex('ok'),
});

/** One who knows nothing but `ledgenter next`, and what it fills in. */
export interface Hand {
  who: Person;
  /** Placeholders that this one fills in otherwise, the n-th time that it does. */
  fills?: (name: string, time: number) => string | undefined;
}

/** A step that was told and taken. */
export interface Taken {
  actor: string;
  action: string;
  command: string;
}

const IDLE = ['wait', 'none'];

/**
 * Lets hands do what they are told, one after the other, until the task is done.
 * @throws Error with all that was done, when it comes to no end or nobody has anything to do
 */
export async function shift(
  office: Shift,
  task: string,
  hands: readonly Hand[],
  { most = 60, each }: { most?: number; each?: (taken: Taken, count: number) => Promise<void> } = {},
): Promise<Taken[]> {
  const done: Taken[] = [];
  const times = new Map<string, number>();
  const told = (): string => done.map(({ actor, action, command }) => `${actor} ${action}: ${command}`).join('\n');
  for (let idle = 0; idle < hands.length; ) {
    for (const { who, fills } of hands) {
      if ((await office.task(task)).status === 'done') return done;
      const { action, command, blocking } = await office.types('ledgenter next', who);
      if (IDLE.includes(action)) {
        if (action === 'wait' && blocking.length === 0) throw new Error(`${who.actor} waits for nothing:\n${told()}`);
        idle++;
        continue;
      }
      idle = 0;
      const taken = { actor: who.actor, action, command };
      const more = own(fills, times, who.actor, command);
      try {
        await office.types(filled(command, more), who);
      } catch (error) {
        throw new Error(`${who.actor} was told ${action}: ${command}\n${(error as Error).message}\nafter\n${told()}`);
      }
      done.push(taken);
      if (done.length > most) throw new Error(`no end after ${most} steps:\n${told()}`);
      await each?.(taken, done.length);
    }
  }
  throw new Error(`nobody has anything to do, and ${task} is ${(await office.task(task)).status}:\n${told()}`);
}

function own(fills: Hand['fills'], times: Map<string, number>, actor: string, command: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name] of command.matchAll(/<([a-z][^<>]*)>/g)) {
    const key = `${actor} ${name}`;
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    const value = fills?.(name!, time);
    if (value !== undefined) found[name!] = value;
  }
  return found;
}
