import { sha256Hex } from '../../../kernel/ids.ts';
import { type Gap, gapsOf } from '../../tasks/gates.ts';
import type { Criterion } from '../../tasks/record.ts';
import type { LogKind } from '../../work/record.ts';
import { afterOthers, dependencies } from './claim.ts';
import type { Situation } from './situation.ts';
import { act, alternative, inspect, type Step, shown } from './step.ts';
import { todoStep } from './todos.ts';

/** What the holder of a task does next, in the order of its gates; the last step ends the claim. */
export async function working(situation: Situation): Promise<Step> {
  const { view, id, task } = situation;
  const mend = await mending(situation);
  if (mend) return mend;
  const { validation_required } = await situation.asked();
  const staged = validation_required || task.plan !== undefined || task.todos_made !== undefined;
  // What others close, and what handing it in closes, keeps nobody from handing it in.
  const later: readonly string[] = ['reviewer', 'validation', 'requirements', ...(staged ? ['resolution'] : [])];
  const left: Gap[] = [];
  for await (const gap of gapsOf(view, id, task)) {
    if (later.includes(gap.gate)) left.push(gap);
    else {
      const step = await closing(situation, gap, validation_required);
      if (step) return step;
    }
  }
  return finishing(situation, staged, left);
}

/** After a failed validation something is done before it is finished again. */
async function mending(situation: Situation): Promise<Step | undefined> {
  const { id, task } = situation;
  if (!(await situation.asked()).validation_required && !task.plan) return undefined;
  const last = (await situation.rounds()).at(-1);
  if (last?.result !== 'failed') return undefined;
  const since = (one: { at: string }): boolean => one.at > last.at;
  const done =
    (await situation.commits()).some(since) ||
    (await situation.log()).some(({ record }) => MENDS.includes(record.kind) && since(record));
  if (done) return undefined;
  return {
    action: 'work-mend',
    says: `the validation of ${id} failed: ${shown(last.summary, 200)}`,
    primary: act(
      'Mend it, and say what you changed',
      `ledgenter work log ${id} --kind change --text '<what you changed>' --path '<path>'`,
    ),
    others: [
      inspect('What failed', `ledgenter validate status ${id}`),
      alternative('Link the commit', linkCommit(id)),
      alternative('Add a todo for it', `ledgenter todo add ${id} --text '<todo>'`),
    ],
  };
}

/** What a work log says of work, rather than of taking it up. */
const MENDS: readonly LogKind[] = ['change', 'artifact', 'deviation', 'command'];

export const linkCommit = (id: string): string => `ledgenter task code-ref ${id} --ref-type commit --sha <sha>`;

/** The step that closes a gap of the work; undefined for one that is the validator's to close. */
export async function closing(situation: Situation, gap: Gap, validated: boolean): Promise<Step | undefined> {
  const { id, task } = situation;
  if (gap.gate === 'todos') return todoStep(situation);
  const criterion = task.criteria.find(one => one.id === gap.item);
  if (criterion)
    return validated && criterion.check === undefined ? undefined : criterionStep(situation, criterion, gap);
  const ACTIONS = { criteria: 'criterion-add', evidence: 'evidence-link', resolution: 'resolution-note' } as const;
  return {
    action: ACTIONS[gap.gate as keyof typeof ACTIONS] ?? 'gate-close',
    says: gap.message,
    primary: act(LABELS[gap.gate] ?? 'Close it', gap.hint),
    others: [inspect('Look at it', `ledgenter task get ${id}`)],
  };
}

const LABELS: Readonly<Record<string, string>> = {
  criteria: 'Say what must hold',
  evidence: 'Link the commit',
  resolution: 'Say what was done',
};

async function criterionStep(situation: Situation, criterion: Criterion, gap: Gap): Promise<Step> {
  const { id } = situation;
  const { id: name, text, check } = criterion;
  const item = {
    kind: 'criterion',
    id: name,
    text: shown(text),
    ...(check === undefined ? {} : { hint: shown(check) }),
  };
  if (check === undefined)
    return {
      action: 'criterion-check',
      says: gap.message,
      primary: act('Say that it holds', gap.hint),
      item: { ...item, done: gap.hint },
      others: [inspect('All criteria', `ledgenter task get ${id}`)],
    };
  // A proof is of a commit of the task: without one it would be refused.
  if ((await situation.commits()).length === 0)
    return {
      action: 'evidence-link',
      says: `${name} of ${id} is proven at a commit of the task, and none is linked`,
      primary: act('Link the commit', linkCommit(id)),
      item: { ...item, done: gap.hint },
    };
  return {
    action: 'criterion-prove',
    says: gap.message,
    primary: act('Run its check', gap.hint),
    item: { ...item, done: gap.hint },
    others: [
      alternative('Link the commit that you are at', linkCommit(id)),
      // Only of a command that the item shows whole: who confirms it has read it.
      ...(shown(check) === check
        ? [
            alternative(
              'You read its command, and trust it here',
              `${gap.hint} --trust ${sha256Hex(check).slice(0, 16)}`,
            ),
          ]
        : []),
      inspect('What its last run printed', `ledgenter task get ${id} --include proofs`),
    ],
  };
}

/** Nothing is left to do but to let others judge it, or to say that it is done. */
async function finishing(situation: Situation, staged: boolean, left: readonly Gap[]): Promise<Step> {
  const { id, task } = situation;
  const review = left.find(({ gate }) => gate === 'reviewer');
  const { validation_required } = await situation.asked();
  const back = alternative('Give it back', `ledgenter task release ${id}`);
  const waiting = await dependencies(situation);
  if (waiting.length > 0 && !validation_required && task.reviewer === undefined)
    return afterOthers(id, waiting, [
      alternative('Say that it waits', `ledgenter task update ${id} --status blocked`),
      back,
    ]);
  if (!staged && !review)
    return {
      action: 'task-done',
      says: `nothing is missing from ${id}`,
      primary: act('Finish it', `ledgenter task update ${id} --status done`),
      others: [back],
    };
  return {
    action: 'work-finish',
    says: `the work on ${id} is complete: hand it in`,
    primary: act('Hand it in', staged ? `ledgenter work finish ${id} --summary '<what was done>'` : review!.hint),
    others: [back],
  };
}
