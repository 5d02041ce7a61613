import * as z from 'zod/mini';
import type { Answer, CallOptions, Office } from '../../src/exchange/office.ts';
import { LedgerError } from '../../src/kernel/errors.ts';
import { actor, choice, date, duration, idOf, key, limit, text, title, word } from '../../src/kernel/fields.ts';
import { defineOperation, type Operation } from '../../src/kernel/operation.ts';
import { main } from '../../src/surfaces/cli/main.ts';
import type { World } from '../../src/surfaces/cli/world.ts';
import type { OfficeOptions } from '../../src/surfaces/compose.ts';
import { makeRegistry } from '../../src/surfaces/registry.ts';

const never = async () => {
  throw new Error('the sample office decides');
};

/** One operation of each sort, so that a surface meets every kind of field without the real rooms. */
export const SAMPLE: Operation[] = [
  defineOperation({
    name: 'task.create',
    kind: 'write',
    default: true,
    summary: 'Create a task',
    input: () =>
      z.strictObject({
        title: title(),
        description: z.optional(text()),
        priority: z.optional(z.int().check(z.minimum(0), z.maximum(4))),
        labels: z.optional(z.array(word())),
        estimate: z.optional(duration()),
        due_on: z.optional(z.nullable(date())),
        project: z.optional(key()),
        assignee: z.optional(actor()),
        depends_on: z.optional(z.array(idOf('task'))),
        requires_evidence: z.optional(z.boolean()),
        acceptance_criteria: z.optional(z.array(z.strictObject({ text: text(), check: z.optional(z.string()) }))),
      }),
    positional: 'title',
    examples: [{ cli: 'ledgenter task create "First" --priority 1', says: 'a task' }],
    subject: () => 'created',
    decide: never,
  }) as Operation,
  defineOperation({
    name: 'task.query',
    kind: 'read',
    default: true,
    summary: 'List tasks',
    input: () =>
      z.strictObject({
        ready: z.optional(z.boolean()),
        status: z.optional(z.array(choice(['open', 'done']))),
        limit: limit(),
      }),
    aliases: [{ name: 'ready', args: ['--ready'] }],
    examples: [{ cli: 'ledgenter task query --ready', says: 'what can be claimed' }],
    query: never,
  }) as Operation,
  defineOperation({
    name: 'task.note',
    kind: 'write',
    summary: 'Note something on a task',
    input: () => z.strictObject({ task_id: idOf('task'), text: text() }),
    positional: 'task_id',
    examples: [{ cli: 'ledgenter task note t-7k3q --text "seen"', says: 'a note' }],
    subject: () => 'noted',
    decide: never,
  }) as Operation,
  defineOperation({
    name: 'policy.set',
    kind: 'write',
    humanOnly: true,
    destructive: true,
    summary: 'Set a policy',
    input: () => z.strictObject({}),
    examples: [{ cli: 'ledgenter policy set', says: 'a policy' }],
    subject: () => 'set',
    decide: never,
  }) as Operation,
  defineOperation({
    name: 'whoami',
    kind: 'read',
    default: true,
    summary: 'Who acts',
    input: () => z.strictObject({}),
    examples: [{ cli: 'ledgenter whoami', says: 'you' }],
    query: never,
  }) as Operation,
  defineOperation({
    name: 'verify',
    kind: 'act',
    cliOnly: true,
    summary: 'Replay the history',
    input: () => z.strictObject({}),
    examples: [{ cli: 'ledgenter verify', says: 'all of it' }],
    exit: answer => (answer.findings === 0 ? 0 : 65),
    act: never,
  }) as Operation,
];

/** What an office was asked to do. */
export interface Asked {
  operation: string;
  input: unknown;
  options: CallOptions;
}

/** Answers or throws instead of the real office. */
export type Decide = (
  asked: Asked,
  options: OfficeOptions,
) => Promise<Record<string, unknown>> | Record<string, unknown>;

/** An office that parses as the real one does and then asks `decide`. */
export function sampleOffice(decide: Decide, log: Asked[] = []): (options: OfficeOptions) => Promise<Office> {
  return async options => ({
    who: options.who,
    async perform(operation, input, callOptions = {}): Promise<Answer> {
      const parsed = z.safeParse(operation.input() as z.ZodMiniType, input);
      if (!parsed.success) throw new LedgerError('BAD_INPUT', `${parsed.error.issues[0]?.path.join('.')} is wrong`);
      const asked = { operation: operation.name, input: parsed.data, options: callOptions };
      log.push(asked);
      return { ok: true, ...(await decide(asked, options)) };
    },
    async renewHeld() {},
    async close() {},
  });
}

/** One command line in a made-up world. */
export interface Played {
  code: number;
  out: string;
  err: string;
  asked: Asked[];
}

/** Runs the CLI on the sample operations, outside any process. */
export async function play(
  argv: string[],
  {
    decide = () => ({}),
    stdin = '',
    terminal = false,
    env = {},
    cwd = process.cwd(),
    ...rest
  }: {
    decide?: Decide;
    stdin?: string;
    terminal?: boolean;
    env?: Record<string, string>;
    cwd?: string;
  } & Partial<Omit<World, 'stdin' | 'env' | 'cwd'>> = {},
): Promise<Played> {
  const out: string[] = [];
  const err: string[] = [];
  const asked: Asked[] = [];
  const sink = (parts: string[]) => ({ isTTY: terminal, columns: 80, write: (part: string) => parts.push(part) });
  const code = await main({
    argv,
    env: { PATH: process.env.PATH ?? '', LEDGENTER_ACTOR: 'anna', NO_COLOR: '1', ...isolated, ...env },
    cwd,
    stdin: { isTTY: terminal, read: async () => stdin },
    stdout: sink(out),
    stderr: sink(err),
    registry: makeRegistry(SAMPLE),
    openOffice: sampleOffice(decide, asked),
    ask: async (_question, choices) => choices[0]!,
    ...rest,
  });
  return { code, out: out.join(''), err: err.join(''), asked };
}

/** No configuration of the machine's or the user's counts. */
export const isolated: Record<string, string> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
};
