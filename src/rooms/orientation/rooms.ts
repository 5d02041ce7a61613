import { cliWords, type Operation, toolName } from '../../kernel/operation.ts';
import type { RepoMatch } from '../projects/context.ts';
import type { Catalogue } from './ports.ts';

/** Laws as the book enforces them, those whose id begins with one of `heads`. */
export function lawLines({ laws }: Catalogue, ...heads: string[]): string[] {
  return laws.filter(({ id }) => heads.some(head => id.startsWith(head))).map(({ id, says }) => `- ${says} (${id})`);
}

export const toolLine = (operation: Operation): string => `- ${toolName(operation)}: ${operation.summary}`;

/** The operations of rooms, as tools and as what only the command line has. */
function toolLines({ operations }: Catalogue, ...rooms: string[]): string[] {
  return operations
    .filter(({ name }) => rooms.some(room => name.startsWith(`${room}.`)))
    .map(one => (one.cliOnly ? `- \`ledgenter ${cliWords(one).join(' ')}\`: ${one.summary}` : toolLine(one)));
}

/** The four verdicts, and what to do about each: a new one does not compile until it is told. */
const VERDICTS: Record<RepoMatch, string> = {
  match: 'you stand in a checkout of one of the project’s repositories. Go on.',
  mismatch:
    'you stand in another repository. `hints.repo` names the right one: go to a checkout of it, so that its own instructions load, or give the task back with `task_release`.',
  unknown:
    'you stand in no repository. Go to a checkout of the one that `hints.repo` names; where you can have none, work that needs no files.',
  none: 'the project has no repositories: the question does not arise.',
};

/** What the rooms beside the tasks are for; their rules and commands come from the laws and the operations. */
export const ROOM_TOPICS = {
  plans: (from: Catalogue) => [
    'Where a plan is asked for (`plan_required` of the task, its project or the ledger) nobody claims the task before one is accepted; elsewhere its description, criteria and dependencies are the plan.',
    'Plan without a claim: ask with `question_ask`, propose with `plan_propose`, look at it as its reader will with `plan_lint` and `plan_review`. A person accepts, or where agents_accept_plans is set an agent that did not write it.',
    'Accepted, its criteria and todos are the task’s. A better plan is the next version, an answer afterwards asks for another acceptance.',
    'From question to done, `ledgenter next <task_id>` (`next_action`) tells each who looks what is theirs to do: propose, accept, claim, a todo, hand in, validate; or whom they wait for.',
    'Split work with `task_create_many` (one entry, all or nothing), order it with `task_link` of kind blocks, look at it with `task_tree`.',
    ...toolLines(from, 'plan', 'question'),
    ...lawLines(from, 'plan.', 'question.'),
  ],
  decisions: (from: Catalogue) => [
    'A decision says what was chosen and why, with the options weighed; it is never edited: a new one supersedes it.',
    'One with paths is served with every task whose files it touches. Lists show what holds, not what was replaced.',
    ...toolLines(from, 'decision'),
    ...lawLines(from, 'decision.'),
  ],
  knowledge: (from: Catalogue) => [
    'Write down once what others would have to find out again; look there before you research.',
    'A page has revisions, and all of them stay; lists and searches show titles and snippets, `knowledge_get` the body.',
    ...toolLines(from, 'knowledge'),
    ...lawLines(from, 'knowledge.'),
  ],
  handoffs: (from: Catalogue) => [
    'A handoff asks actors or roles for an answer, a review, an approval, or hands them work. One recipient claims it, exactly once.',
    'Drain your inbox first: `ledgenter inbox`, then `handoff_claim`, `handoff_respond`; who asked acknowledges with `handoff_ack`.',
    'A task with a reviewer opens its review by itself when it goes to in_review. Work handed over moves the claim on its task with it.',
    'Somebody new reads one document: `ledgenter context <task_id> --for implementer` (planner, validator, spec-reviewer, code-reviewer, full; `--todo-id` for one todo). `handoff_create {context_for}` sends it as it is now, with its hash.',
    ...toolLines(from, 'handoff'),
    ...lawLines(from, 'handoff.', 'task.review'),
  ],
  skills: (from: Catalogue) => [
    'A skill is a procedure that the team shares, in versions that are kept. Read one with `skill_get` before you do what it describes.',
    'A repository’s own instructions stay in the repository: nothing of them is read into the ledger.',
    ...toolLines(from, 'skill'),
    ...lawLines(from, 'skill.'),
  ],
  'git-and-repos': (from: Catalogue) => [
    'A repository is registered once by its address (`repo_register`) and linked to projects (`repo_link`); https, ssh and short forms of one address are one repository.',
    '`task_claim` and `task_get` answer `project_context` with one word, `repo_match`. It is advice and blocks nothing:',
    ...Object.entries(VERDICTS).map(([verdict, says]) => `- ${verdict}: ${says}`),
    'Link what delivers a task with `task_code_ref`: a commit, branch, tag, pull request or file; `repo` names another repository than the one you stand in.',
    'A commit names its task in its message, on a line `Task: <task_id>`; `Closes: <task_id>` asks for done once it is on the default branch. With `ledgenter hooks install` git adds the line of the task you hold, and code refs follow amend, rebase and merge.',
    'Before you change code, ask why it is there: `ledgenter task for <commit|file|file:line>` (`task_for`) names the tasks and rulings behind it.',
    'A ref is live while its commit is reached; a pull request is open, draft, merged, closed or unknown, as `code_ref_update` was last told: by hand, or in CI with the JSON of gh, glab or the event.',
    'The repo map, `~/.ledgenter/repos.json`, says where this machine has checkouts. It fills itself; `ledgenter repo map` does it now, LEDGENTER_REPO_MAP=0 switches it off. Answers then carry `local_path`, which no record has a place for.',
    '`ledgenter task claim --mapped-only` takes only what this machine can check out, `repository_ids` only what you name; an empty answer says how much is ready outside (`pool_outside_filter`).',
    'What one alone should change for a while is reserved: `ledgenter reserve claim --paths src/parser`; `ledgenter reserve check --staged` asks before a commit whether another keeps some of it.',
    'Before an edit `ledgenter guard` answers by its exit code whether you hold a task, and whether another keeps the files: 0 go on, 1 do not. One at a time, whatever it is: `ledgenter reserve claim --slot deploy`.',
    ...toolLines(from, 'repo', 'code', 'reserve'),
    ...lawLines(from, 'repo.', 'project.repos', 'code_ref.'),
  ],
} as const satisfies Record<string, (from: Catalogue) => string[]>;
