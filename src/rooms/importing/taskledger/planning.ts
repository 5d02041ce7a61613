import { MAX_PARTS } from '../../plans/record.ts';
import { type Fields, isEmpty, mapsOf, textOf, textsOf, timeOf } from '../common/fields.ts';
import { type Node, placeOf } from '../common/links.ts';
import { personOf } from '../common/people.ts';
import type { DirectoryReport, Tally } from '../common/report.ts';
import { bytes } from '../common/texts.ts';
import type { ImportedPlan, ImportedQuestion, ImportedTask } from '../entry.ts';
import type { TaskRecordFile } from './read.ts';
import { personIn } from './render.ts';

/** Room for the plans and questions of a task, in bytes of JSON; what is over stands in its notes alone. */
const MAX_PLANNING = 60_000;
const MAX_LINE = 2_000;

/** Who made a task, and when: for what does not say it itself. */
interface Made {
  by: string;
  at: string;
}

/** Plans and questions as records of their kinds: never accepted here. Each stands in a note too, with all that it says. */
export function planningOf(
  node: Node,
  records: readonly TaskRecordFile[],
  made: Made,
  tally: Tally<DirectoryReport>,
): Pick<ImportedTask, 'plans' | 'questions'> {
  const files = records.filter(({ fields }) => fields !== undefined);
  const plans = files
    .filter(({ kind }) => kind === 'plan')
    .sort((a, b) => versionOf(a.fields!) - versionOf(b.fields!))
    .map(({ fields, body }) => planOf(fields!, body, made));
  const questions = files
    .filter(({ kind }) => kind === 'question')
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ fields }) => questionOf(fields!, made));
  const whole = [...plans, ...questions].every(one => one !== undefined);
  if (!whole || bytes(JSON.stringify([plans, questions])) > MAX_PLANNING) {
    tally.tell('planning', placeOf(node));
    return {};
  }
  tally.report.mapped.plans += plans.length;
  tally.report.mapped.questions += questions.length;
  return { plans, questions } as Pick<ImportedTask, 'plans' | 'questions'>;
}

const versionOf = (fields: Fields): number =>
  Number(textOf(fields, 'plan_version') ?? textOf(fields, 'version') ?? Number.MAX_SAFE_INTEGER);

/** Undefined where it says too little, or more than fits. */
function planOf(fields: Fields, body: string, made: Made): ImportedPlan | undefined {
  const text = body.trim() === '' ? textOf(fields, 'body') : body.trim();
  const goal = textOf(fields, 'goal') ?? text?.split('\n').find(line => line.trim() !== '');
  const lists = {
    criteria: mapsOf(fields, 'criteria').flatMap(one => {
      const said = textOf(one, 'text');
      return said === undefined ? [] : [{ text: one.mandatory === false ? `${said} (optional)` : said }];
    }),
    todos: mapsOf(fields, 'todos').flatMap(one => {
      const [said, hint] = [textOf(one, 'text'), textOf(one, 'validation_hint')];
      if (said === undefined) return [];
      return [{ text: said, ...(hint ? { hint } : {}), ...(one.mandatory === false ? { optional: true } : {}) }];
    }),
    files: textsOf(fields, 'files'),
    test_commands: textsOf(fields, 'test_commands'),
    expected_outputs: textsOf(fields, 'expected_outputs'),
  };
  const lines = [...lists.files, ...lists.test_commands, ...lists.expected_outputs];
  const fits =
    Object.values(lists).every(list => list.length <= MAX_PARTS) && lines.every(line => line.length <= MAX_LINE / 2);
  if (goal === undefined || !fits) return undefined;
  const by = personOf(personIn(fields, ['created_by'])) ?? made.by;
  return { goal: goal.trim(), ...(text ? { body: text } : {}), ...lists, by, at: timeOf(fields.created_at) ?? made.at };
}

function questionOf(fields: Fields, made: Made): ImportedQuestion | undefined {
  const text = textOf(fields, 'question');
  if (text === undefined) return undefined;
  const by = personOf(personIn(fields, ['asked_by_actor'])) ?? made.by;
  const at = timeOf(fields.created_at) ?? made.at;
  const required = fields.required_for_plan === true ? { required: true } : {};
  const answer = textOf(fields, 'answer');
  const dismissed = fields.status === 'dismissed';
  if (!dismissed && (fields.status !== 'answered' || isEmpty(answer)))
    return { text, ...required, status: 'open', by, at };
  return {
    text,
    ...required,
    status: dismissed ? 'dismissed' : 'answered',
    answer: answer ?? 'dismissed in taskledger',
    answered_by: personOf(personIn(fields, ['answered_by_actor', 'answered_by'])) ?? by,
    answered_at: timeOf(fields.answered_at) ?? at,
    by,
    at,
  };
}
