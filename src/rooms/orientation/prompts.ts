import type { Catalogue } from './ports.ts';
import { TEXTS, type Topic } from './topics.ts';

/** A request that a person picks from the host's menu instead of typing it; what it says follows from guide and operations. */
export interface Prompt {
  name: string;
  title: string;
  description: string;
  arguments: readonly {
    name: string;
    description: string;
    required?: boolean;
    kind?: string;
    choices?: readonly string[];
  }[];
  /** The request, a line each. */
  lines(given: { [name: string]: string | undefined }, from: Catalogue): string[];
  /** What the ledger says now, put behind the request. */
  shows?(given: {
    [name: string]: string | undefined;
  }): { operation: string; input: { [key: string]: unknown } } | undefined;
}

const TASK = { name: 'task_id', description: 'Id of the task, or its first characters', kind: 'task' };
const TO = { name: 'to', description: 'Actor who goes on with it; nobody: whoever is free', kind: 'actor' };
const MODES = ['session', 'loop'] as const;

/** `can('handoff.create')`: a request never sends anybody to what this build has not. */
const has = ({ operations }: Catalogue, name: string): boolean => operations.some(one => one.name === name);

/** A topic of the guide, as far as there is one. */
const topic = (name: string, from: Catalogue): string[] =>
  (TEXTS[name as Topic] as typeof TEXTS.start | undefined)?.(from) ?? [];

const start: Prompt = {
  name: 'start_my_shift',
  title: 'Start my shift',
  description: 'Find out where things stand here and take up work',
  arguments: [{ name: 'mode', description: 'session: a person leads; loop: task after task', choices: MODES }],
  lines: ({ mode }, from) => [
    'Start your shift on the work ledger of this repository.',
    'Read where you stand below, finish or give back what you still hold, then follow its hints.next.',
    ...topic(mode === 'loop' ? 'loop' : 'session', from),
  ],
  shows: () => ({ operation: 'whoami', input: {} }),
};

const handOver: Prompt = {
  name: 'hand_this_over',
  title: 'Hand this over',
  description: 'Leave a task so that somebody else can go on with it at once',
  arguments: [TASK, TO],
  lines: ({ task_id, to }, from) => {
    const id = task_id ?? '<task_id>';
    const addressed = to !== undefined && has(from, 'handoff.create');
    return [
      `Hand over ${task_id === undefined ? 'the task you hold (whoami names it)' : `task ${id}`}${to === undefined ? '' : ` to ${to}`}.`,
      '1. Commit and push what is done; link it with `task_code_ref`.',
      `2. \`task_note {task_id: "${id}", text}\`: what is done, what is left, what you tried, what you would do next.`,
      addressed
        ? `3. \`handoff_create {kind: "work", to: ["${to}"], task_id: "${id}", title, body}\`: your claim goes to whoever takes it, and is yours until then.`
        : `3. \`task_update {task_id: "${id}", status: "open"${to === undefined ? '' : `, assignee: "${to}"`}}\` gives it back.`,
    ];
  },
  shows: ({ task_id }) => (task_id === undefined ? { operation: 'whoami', input: {} } : task(task_id)),
};

const review: Prompt = {
  name: 'review_this',
  title: 'Review this',
  description: 'Judge a task in review against its criteria and its evidence',
  arguments: [{ ...TASK, required: true }],
  lines: ({ task_id = '<task_id>' }, from) => [
    `Review task ${task_id}. You are its reviewer, not its worker: change nothing in the work itself.`,
    '1. Read the task below, then the commits and files that its code refs name.',
    '2. Hold the work against every criterion; run what can be run. What is not shown is not met.',
    ...(has(from, 'handoff.respond')
      ? [
          '3. Answer the review handoff in your inbox: `handoff_respond {handoff_id, verdict: "approve" | "reject", answer}`.',
          'A rejection says what is missing, criterion by criterion: the task goes back to its worker with it.',
        ]
      : [`3. \`task_update {task_id: "${task_id}", status: "done"}\`, or status "open" with the reason.`]),
  ],
  shows: ({ task_id = '' }) => task(task_id),
};

const task = (task_id: string) => ({
  operation: 'task.get',
  input: { task_id, include: ['notes', 'refs', 'attachments'] },
});

export const PROMPTS: readonly Prompt[] = [start, handOver, review];
