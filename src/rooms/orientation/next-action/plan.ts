import { lintPlan, type PlanFinding } from '../../plans/findings.ts';
import { planGap } from '../../plans/gate.ts';
import { type Asked, isRequired } from '../../plans/look.ts';
import { mayAccept } from '../../plans/rules.ts';
import { allows, type Gap } from '../../tasks/gates.ts';
import type { Proposed, Situation } from './situation.ts';
import { act, alternative, type Command, inspect, type Step, shown } from './step.ts';
import { needs, waits } from './wait.ts';

/** What the plan of a task still asks for; undefined when it holds, or none is asked for. */
export async function planning(situation: Situation): Promise<Step | undefined> {
  const { view, id, task } = situation;
  const { plan_required } = await situation.asked();
  const gap = await planGap(view, id, task, plan_required);
  if (!gap) return undefined;
  const questions = await situation.questions();
  const open = questions.find(isRequired);
  if (open) return answering(situation, open);
  const proposed = await situation.proposed();
  const stale =
    proposed !== undefined && proposed.version === task.plan?.version && proposed.verdict?.decision === 'accept';
  const sound = !stale || proposed.sha256 === task.plan?.sha256;
  if (!proposed || proposed.verdict?.decision === 'reject') return proposing(situation, proposed, questions);
  if (!sound || (proposed.verdict && !stale)) return broken(situation, gap);
  const fault = lintPlan(id, proposed.plan, task, questions).find(({ severity }) => severity === 'error');
  if (fault) return mended(situation, proposed, fault);
  // Another plan changes the task's own record, which is its holder's while it is held; the same one again does not.
  return task.hold && !stale ? released(situation, proposed) : deciding(situation, proposed, stale);
}

/** For whoever may accept it: the same plan again, while another holds its task. */
export async function accepting(situation: Situation): Promise<Step | undefined> {
  const step = situation.task.plan ? await planning(situation) : undefined;
  return step?.action === 'plan-accept' ? step : undefined;
}

function answering({ id, actor, kind }: Situation, { id: key, record }: Asked): Step {
  const answer = `ledgenter question answer ${id} --answers '${key}: <answer>'`;
  const dismiss = `ledgenter question dismiss ${id} --question-id ${key} --reason '<why>'`;
  return {
    action: 'question-answer',
    says: `${id} cannot be planned before ${key} is answered: ${shown(record.text, 200)}`,
    primary: act('Answer it', answer),
    item: { kind: 'question', id: key, text: shown(record.text), done: answer },
    others: [
      ...(record.by === actor || kind === 'human' ? [alternative('It needs no answer', dismiss)] : []),
      inspect('All questions', `ledgenter question query ${id}`),
    ],
  };
}

/** A plan to be filled in; the first of its kind, or after one that was rejected. */
function proposing(situation: Situation, rejected: Proposed | undefined, questions: readonly Asked[]): Step {
  const { id } = situation;
  const why = rejected?.verdict;
  return {
    action: 'plan-propose',
    says: why
      ? `plan v${rejected.version} of ${id} was rejected by ${why.by}: ${shown(why.note, 200)}`
      : `${id} needs a plan before it is claimed`,
    primary: act('Propose a plan', proposal(situation, questions.length > 0)),
    ...(rejected ? { item: { kind: 'plan', id: `v${rejected.version}`, text: shown(rejected.plan.goal) } } : {}),
    others: [
      inspect('Write it in a file instead', `ledgenter plan template ${id} --from-answers`),
      alternative('Ask before you plan', `ledgenter question ask ${id} --questions '<question>' --required`),
      ...(rejected ? [inspect('What was rejected', `ledgenter plan review ${id} --version ${rejected.version}`)] : []),
    ],
  };
}

/** A whole plan; the task's own criteria are its criteria, too. */
function proposal({ id, task }: Situation, answers: boolean): string {
  const criteria = task.criteria.length === 0 ? " --acceptance-criteria '<what must hold>'" : '';
  const from = answers ? ' --from-answers' : '';
  return `ledgenter plan propose ${id}${from} --goal '<goal>'${criteria} --todos '<todo>' --files '<path>' --test-commands '<command>'`;
}

/** The newest plan lacks what no plan is accepted without. */
function mended({ id }: Situation, { version }: Proposed, { message, next }: PlanFinding): Step {
  return {
    action: 'plan-propose',
    says: `v${version} of ${id} cannot be accepted: ${message}`,
    primary: act('Mend it', next),
    item: { kind: 'plan', id: `v${version}` },
    others: [
      inspect('All that it lacks', `ledgenter plan lint ${id} --version ${version}`),
      inspect('Write it in a file instead', `ledgenter plan template ${id} --from-answers`),
    ],
  };
}

/** A verdict on the newest plan: by a person, or by another agent where the policy lets it. */
async function deciding(situation: Situation, proposed: Proposed, stale: boolean): Promise<Step> {
  const { id, actor, kind, view, task } = situation;
  const { version, sha256, plan } = proposed;
  const accept = `ledgenter plan accept ${id} --version ${version} --sha256 ${sha256} --note '<why it is good>'`;
  const why = stale ? 'is from before an answer' : `by ${plan.by} waits for a verdict`;
  const review = inspect('Read it first', `ledgenter plan review ${id} --version ${version}`);
  const item = { kind: 'plan', id: `v${version}`, text: shown(plan.goal), done: accept };
  if (kind === 'human' || (await mayAccept(view, id, version, actor)))
    return {
      action: 'plan-accept',
      says: `plan v${version} of ${id} ${why}: accept it, or say why not`,
      primary: act('Accept it', accept),
      item,
      others: [
        review,
        // What is accepted is not rejected: a better one takes its place.
        ...(stale
          ? amends(situation)
          : [alternative('Reject it', `ledgenter plan reject ${id} --version ${version} --reason '<why>'`)]),
      ],
    };
  const mayAgents = await allows(view, task, 'agents_accept_plans');
  const who = mayAgents ? `another than ${plan.by}` : 'a person';
  return needs(situation, {
    says: `plan v${version} of ${id} ${why}: ${who} accepts it`,
    item,
    blocker: { what: `plan v${version} is accepted by ${who}`, remedy: accept },
    ask: {
      kind: 'approval',
      to: mayAgents ? 'member' : 'maintainer',
      title: `Accept plan v${version} of ${id}${stale ? ' again' : ''}`,
    },
    others: [review, ...(stale ? amends(situation) : [])],
  });
}

/** While somebody holds a task, only they propose. */
const amends = (situation: Situation): Command[] =>
  situation.task.hold && situation.task.hold.actor !== situation.actor ? [] : [amended(situation)];

const amended = ({ id }: Situation): Command =>
  alternative('Amend it: the answers stand in the next version', `ledgenter plan propose ${id} --from-answers`);

async function released(situation: Situation, { version }: Proposed): Promise<Step> {
  const { id, task } = situation;
  if ((await situation.holding()) !== 'mine')
    return waits(id, `plan v${version} of ${id} is accepted when ${task.hold!.actor} lets go of it`, [
      { what: `${task.hold!.actor} holds ${id}`, remedy: `ledgenter task release ${id}` },
    ]);
  return {
    action: 'plan-release',
    says: `plan v${version} of ${id} waits for a verdict, and a verdict waits for its release`,
    primary: act('Release it', `ledgenter task release ${id} --note '<where you stand>'`),
    item: { kind: 'plan', id: `v${version}` },
    others: [inspect('Read the plan', `ledgenter plan review ${id} --version ${version}`)],
    blocking: [
      { what: `plan v${version} is accepted while nobody holds ${id}`, remedy: `ledgenter task release ${id}` },
    ],
  };
}

/** The plan is not what was accepted: nothing that a step of the work mends. */
function broken(situation: Situation, { message, hint }: Gap): Step {
  const amend = amended(situation);
  return {
    action: 'gate-close',
    says: message,
    primary: inspect('Look at it', hint),
    others: [inspect('Who did it', 'ledgenter verify'), amend],
    blocking: [{ what: message, remedy: amend.command }],
  };
}
