import { ERRORS, EXIT } from '../../kernel/errors.ts';
import { GRACE_MS, HUMAN_LEASE_MS, LEASE_MS, MAX_LEASE_MS } from '../../kernel/hold.ts';
import { cliWords, toolName } from '../../kernel/operation.ts';
import { formatDuration } from '../../kernel/time.ts';
import { STATUSES } from '../tasks/record.ts';
import { type Need, TABLE } from '../tasks/table.ts';
import type { Catalogue } from './ports.ts';
import { lawLines, ROOM_TOPICS, toolLine } from './rooms.ts';

export const TOPICS = [
  'start',
  'loop',
  'session',
  'tasks',
  'gates',
  'plans',
  'decisions',
  'knowledge',
  'handoffs',
  'skills',
  'git-and-repos',
  'sync',
  'time',
  'errors',
  'tools',
] as const;
export type Topic = (typeof TOPICS)[number];

const NEED: Record<Need, string> = {
  claim: 'by a claim only',
  plan: 'an accepted plan, where one is asked for',
  gates: 'when its gates are closed',
  todos: 'when no needed todo is left',
  reason: 'with a reason',
  reason_or_blocker: 'with a reason or an open dependency',
  human: 'by a person',
  human_or_reviewer: 'by a person or the reviewer',
  assignee_or_reviewer: 'by its assignee, the reviewer, or who validated it',
  review_ends:
    'where a review or a validation was asked for: by its worker, a person, or the rejection of who reviews or validates it',
};

function statusLines(): string[] {
  return STATUSES.map(from => {
    const ways = STATUSES.filter(to => to !== from && TABLE[from][to] !== 'never').map(to => {
      const needs = (TABLE[from][to] as readonly Need[]).map(need => NEED[need]);
      return needs.length === 0 ? to : `${to} (${needs.join(', ')})`;
    });
    return `- ${from} → ${ways.join('; ')}`;
  });
}

const ORDER = ['start', 'loop', 'session'] as const;

function start({ operations }: Catalogue): string[] {
  const first = operations.filter(operation => operation.default).map(toolName);
  return [
    'Ledgenter keeps a team’s tasks in git: one entry for everything somebody did, one winner for every task.',
    '1. `ledgenter whoami` says who you are, what you hold and what to do next.',
    '2. `ledgenter task claim` takes the best ready task for you alone; `ledgenter task claim <task_id>` takes that one.',
    '3. Work. `task note` tells what you found, `task code-ref` links the commit, `task check` meets a criterion.',
    '4. `ledgenter task update <task_id> --status done` finishes it. A refusal names what is missing and the command for it.',
    'At any time `ledgenter next` names the one next command, with what blocks it; fill in its <placeholders> and run it.',
    'Every command is a tool of the same name with _ between its words, and every answer ends in a next command.',
    `Tools to begin with: ${first.join(', ')}.`,
    `Topics: ${TOPICS.filter(topic => !(ORDER as readonly string[]).includes(topic)).join(', ')}; for a way of working: loop, session.`,
  ];
}

const leases = (): string =>
  `A claim lasts ${formatDuration(LEASE_MS)} (a person’s ${formatDuration(HUMAN_LEASE_MS)}), at most ${formatDuration(MAX_LEASE_MS)} with --lease; ` +
  `any write of yours past half-time renews it, so does \`task renew\`. ${formatDuration(GRACE_MS)} after it lapsed anyone may take the task over.`;

/** What each topic says. Rules come from the status table, the laws, the error table and the operations themselves. */
export const TEXTS: Record<Topic, (from: Catalogue) => string[]> = {
  start,
  ...ROOM_TOPICS,
  loop: from => [
    'In a loop nobody looks on: a launcher starts a run for each tick, `ledgenter poll` tells it by its exit code whether to.',
    '1. `whoami`, then follow hints.next: first the inbox, then one task, then the end of the run.',
    '2. `task_claim` without task_id. `claimed: false` means nothing is ready for you: end the run.',
    '3. Do the task; note what the next one needs to know; link the commit; meet the criteria.',
    '4. `task_update {status: "done"}`. Stuck? `{status: "blocked", reason}` or `{status: "open"}`: never sit on a claim, never wait for an answer; ask with `handoff_create`.',
    '5. `run_end {counts: {"tasks_completed": 1}}`: the next whoami counts from here what others did.',
    '6. Lost the lease (LEASE_LAPSED, CLAIM_LOST, NOT_HOLDER)? Stop working on it and go to 1: somebody else has it.',
    'LEDGENTER_RUN_GROUP names the series and switches to loop mode, so does --mode loop; LEDGENTER_RUN makes several processes one run.',
    ...lawLines(from, 'run.'),
  ],
  session: () => [
    'In a session a person leads: claim what they ask for, not what happens to be ready.',
    'Look with `task_query` and `task_get`; make tasks of what comes up with `task_create`, linked by discovered_from.',
    'Claim before you change anything on a task; release what you do not finish: `task_update {status: "open"}`.',
    'Inbox and pool are told by `whoami`, to be passed on; what is asked of you there you answer when the person agrees.',
    'The host ends the run; `run_end` with a summary tells the next one where you stopped.',
  ],
  tasks: from => [
    'Status, and what a change asks for:',
    ...statusLines(),
    'Ready = open, or in progress with a lapsed lease; every dependency done; start_on reached.',
    'An ask that came from outside is one task, whoever hears of it: `ledgenter task ask --origin-ask-ref github:acme/app#42 --title Crash`; `ledgenter ask --from github issue.json` reads what a channel prints.',
    ...lawLines(from, 'hold.', 'task.assignee', 'task.one_owner', 'task.acyclic'),
  ],
  gates: from => [
    'A task is done when every criterion is met, and what it, its project or the ledger asks for is there:',
    '- a criterion with a check: a proof, by `task prove` on a clean tree at a linked commit; `--check c1=<command>` gives one its check',
    '- requires_evidence: a live code ref or an attachment (`task code-ref`, `attach add`)',
    '- resolution_required: a note of kind resolution (a note given with status done is one)',
    '- requires_criteria (project or ledger): at least one criterion',
    '- depends_on: all of it done, or waived by a person (`require waive`)',
    '- validation_required: a round that passed, of another than its worker (`work finish`, then `validate status`)',
    'All that is missing at once: `ledgenter can done <task_id>`; it exits with 1 while anything is, and names for each what mends it. `can` knows claim, plan, accept, implement, todo, finish, validate, waive, review, cancel, reopen and release, too.',
    ...lawLines(from, 'task.criteria', 'task.proof', 'task.goalposts', 'task.frozen'),
  ],
  sync: () => [
    'A claim is decided at the one authority remote before it is answered; without the remote nothing is claimed (or only provisionally, with --offline).',
    'Other writes are in the local book when the command ends and are carried to the remote in the background; `landed: false` says that they wait. `--sync` waits, `ledgenter sync` sends now.',
    'Entries of others are never rewritten; yours are decided again on the new tip. What a law refuses there is parked, named, and kept: `ledgenter parked list`.',
  ],
  time: from => [
    'Times are RFC 3339: any offset is read, UTC is kept. Days are 2026-01-31, durations 90s, 15m, 1h, 2d.',
    leases(),
    'Hours add themselves up: from your claim to its end you are at work on that task, and nobody types a time. `session pause` stops the clock and keeps the task, `session resume` goes on; `timesheet` sums up. What came out wrong a person corrects.',
    ...lawLines(from, 'session.'),
  ],
  errors: () => [
    'An error is {code, message, hint, retryable}; the hint is the next command. Codes by exit code of the CLI:',
    ...Object.entries(EXIT).flatMap(([name, exit]) => {
      const codes = Object.entries(ERRORS).filter(([, row]) => row.exit === exit);
      if (codes.length === 0) return [];
      return [
        `- ${exit} ${name}: ${codes.map(([code, row]) => (row.retryable ? `${code} (retry)` : code)).join(', ')}`,
      ];
    }),
  ],
  tools: ({ operations }) => [
    'Every operation is a command, a tool, and `ledgenter call <tool> <json>`:',
    ...operations.filter(operation => !operation.cliOnly).map(toolLine),
    `On the command line only: ${operations
      .filter(one => one.cliOnly)
      .map(one => cliWords(one).join(' '))
      .join(', ')}.`,
  ],
};
