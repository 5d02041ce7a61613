import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import type { Gap } from '../tasks/gates.ts';
import type { Task } from '../tasks/record.ts';
import { planHash, planKey, planRecord, questionRecord, questionsHash, type Verdict, verdictRecord } from './record.ts';

/** The verdict that a task's plan was accepted with, the newest; undefined when there is none for its hash. */
export async function acceptanceOf(view: View, id: string, { plan }: Task): Promise<Verdict | undefined> {
  if (!plan) return undefined;
  const verdicts = (await view.all(verdictRecord, id)).map(({ record }) => record);
  return verdicts
    .filter(one => one.decision === 'accept' && one.version === plan.version && one.plan_sha256 === plan.sha256)
    .sort((a, b) => (a.at < b.at ? 1 : -1))[0];
}

/** The command that proposes a plan that can be accepted. */
export const proposeCommand = (id: string): string =>
  `ledgenter plan propose ${id} --goal '<goal>' --acceptance-criteria '<what must hold>' --todos '<step>'`;

/** Why the plan of a task does not hold as it stands; undefined when it does. Asked only where a plan is asked for, or there. */
export async function planGap(view: View, id: string, task: Task, required: boolean): Promise<Gap | undefined> {
  const gap = (message: string, hint: string): Gap => ({ gate: 'plan', message: `${id} ${message}`, hint });
  if (!task.plan) {
    if (!required) return undefined;
    const proposed = (await view.ids(planRecord, id)).length > 0;
    return proposed
      ? gap('needs an accepted plan: one is proposed', `ledgenter plan review ${id}`)
      : gap('needs an accepted plan', proposeCommand(id));
  }
  const { version, sha256 } = task.plan;
  const plan = await find(view, planRecord, planKey(version), id);
  if (!plan || planHash(plan) !== sha256)
    return gap(`has a plan v${version} that is not what was accepted`, `ledgenter plan get ${id}`);
  const accepted = await acceptanceOf(view, id, task);
  if (!accepted) return gap(`has a plan v${version} that nobody accepted`, `ledgenter plan get ${id}`);
  if (accepted.questions_sha256 !== questionsHash(await view.all(questionRecord, id)))
    return gap(
      `has a plan v${version} from before an answer: accept it again, or amend it`,
      `ledgenter plan accept ${id} --version ${version} --note '<why it still holds>'`,
    );
  return undefined;
}
