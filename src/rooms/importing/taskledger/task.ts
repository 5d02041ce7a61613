import { Draft } from '../common/draft.ts';
import type { Untied } from '../common/entries.ts';
import { type Fields, isEmpty, mapsOf, textOf, textsOf, timeOf } from '../common/fields.ts';
import { type Dependency, type Node, placeOf } from '../common/links.ts';
import { NOBODY, personOf } from '../common/people.ts';
import { type DirectoryReport, Tally } from '../common/report.ts';
import type { ImportedTask } from '../entry.ts';
import { planningOf } from './planning.ts';
import { type Bundle, inner, type TaskRecordFile } from './read.ts';
import { keepRecord } from './records.ts';
import { personIn } from './render.ts';
import { PRIORITIES, standingOf } from './status.ts';

const EPOCH = '1970-01-01T00:00:00.000Z';

/** Fields that have a place of their own. */
const MAPPED = new Set(
  `id title status_stage created_at updated_at closed_at priority labels owner requirements parent_task_id parent_relation
  notes closure_note task_type archived_at`.split(/\s+/),
);
/** Fields that say the same again, or only name records that are kept themselves. */
const REPEATED = new Set(
  `schema_version object_type file_version status body todos file_links latest_plan latest_plan_version accepted_plan
  accepted_plan_version latest_planning_run latest_implementation_run latest_validation_run
  code_change_log_refs`.split(/\s+/),
);
const KNOWN = new Set([...MAPPED, ...REPEATED]);

/** A task of a workspace, with all that belongs to it. */
export interface TaskNode extends Node {
  file: string;
  bundle: Bundle;
}

/** The task and what it hangs on; its id is `<ledger>/<task>`. */
export function nodeOf(bundle: Bundle, project: string): TaskNode {
  const { ledger, task, file, records } = bundle;
  const fields = file?.fields ?? {};
  const dependencies: Dependency[] = [];
  const waived = new Set<string>();
  const required = new Set(textsOf(fields, 'requirements'));
  for (const { kind, fields: said } of records) {
    if (kind !== 'requirement' || !said) continue;
    const target = textOf(said, 'required_task_id') ?? textOf(said, 'task_id');
    if (target === undefined || target === task) continue;
    required.add(target);
    if (!isEmpty(said.waiver)) waived.add(target);
  }
  for (const target of required)
    dependencies.push({ type: waived.has(target) ? 'related' : 'blocks', target: `${ledger}/${target}` });
  const parent = textOf(fields, 'parent_task_id');
  if (parent !== undefined) {
    const follows = /follow/.test(textOf(fields, 'parent_relation') ?? '');
    dependencies.push({ type: follows ? 'discovered-from' : 'parent-child', target: `${ledger}/${parent}` });
  }
  const id = `${ledger}/${task}`;
  return {
    bundle,
    id,
    ref: `taskledger:${project}/${id}`,
    file: file!.path,
    line: 1,
    dependencies,
    ...(file!.lines ? { lines: file!.lines } : {}),
  };
}

interface Shared {
  tally: Tally<DirectoryReport>;
  /** The ledger of the branch that is checked out: tasks of others have its name in a label. */
  current: string;
  /** Who made the task, as far as its events say. */
  maker: string | undefined;
}

/** One task with its records, without its ties. */
export function taskOf(node: TaskNode, { tally, current, maker }: Shared): Untied {
  const { bundle } = node;
  const { fields = {}, body } = bundle.file!;
  const { mapped } = tally.report;
  const where = placeOf(node);
  const records = [...bundle.records, ...inner(bundle)];
  const created_at = timeOf(fields.created_at) ?? timeOf(fields.updated_at);
  if (created_at === undefined) tally.tell('time', where);
  const times = { created_at: created_at ?? EPOCH, updated_at: timeOf(fields.updated_at) ?? created_at ?? EPOCH };
  const author = personOf(personIn(fields, ['created_by', 'recorded_by'])) ?? personOf(maker) ?? NOBODY;
  if (author === NOBODY) tally.tell('person', where);
  const draft = new Draft(node, author, times, tally);

  const stage = textOf(fields, 'status_stage') ?? textOf(fields, 'status') ?? 'draft';
  const known = standingOf(stage);
  if (!known) tally.tell('status', { ...placeOf(node, 'status_stage'), detail: stage.slice(0, 64) });
  const standing = known ?? { status: 'open' as const, label: `stage:${stage}` };
  if (standing.started) tally.tell('started', { ...placeOf(node, 'status_stage'), detail: stage });
  Tally.count(mapped.statuses, stage);
  const kind = textOf(fields, 'task_type') ?? 'managed';
  Tally.count(mapped.types, kind);
  const archived = timeOf(fields.archived_at) !== undefined;
  const dropped = archived && standing.status === 'open';
  if (dropped) tally.tell('archived', where);
  const status = dropped ? 'cancelled' : standing.status;
  const closure = textOf(fields, 'closure_note');
  const reason = dropped
    ? (textOf(fields, 'archive_reason') ?? 'archived in taskledger')
    : (closure ?? 'cancelled in taskledger');

  const priority = textOf(fields, 'priority')?.trim().toLowerCase();
  const ranked = priority === undefined || Object.hasOwn(PRIORITIES, priority);
  if (!ranked) tally.tell('priority', { ...placeOf(node, 'priority'), detail: priority });
  const labels = [
    ...textsOf(fields, 'labels'),
    ...(standing.label === undefined ? [] : [standing.label]),
    ...(kind === 'managed' ? [] : [`type:${kind}`]),
    ...(archived ? ['archived'] : []),
    ...(ranked ? [] : [`priority:${priority}`]),
    ...(bundle.ledger === current ? [] : [`ledger:${bundle.ledger}`]),
  ];
  for (const name of Object.keys(fields))
    if (MAPPED.has(name) && !isEmpty(fields[name])) Tally.count(mapped.fields, name);
  for (const text of textsOf(fields, 'notes')) draft.keep('note', 'notes', text);
  if (closure !== undefined && status === 'done') draft.keep('resolution', 'closure notes', closure);
  const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const summary = plain(textOf(fields, 'description_summary') ?? '');
  const { description_summary: _said, ...others } = fields;
  const repeated = plain(body).startsWith(summary.replace(/(?:…|\.\.\.)$/, ''));
  draft.keepOthers(repeated ? others : fields, KNOWN, 'Further fields in taskledger:');
  for (const record of inOrder(records)) keepRecord(draft, record, tally);

  const assignee = personOf(textOf(fields, 'owner'));
  const finished = timeOf(fields.closed_at);
  const task = draft.finish(
    {
      title: textOf(fields, 'title') ?? bundle.task,
      status,
      ...(status === 'cancelled' ? { reason } : {}),
      ...(assignee === undefined ? {} : { assignee }),
      priority: ranked && priority !== undefined ? PRIORITIES[priority]! : 2,
      labels,
      criteria: criteriaOf(fields, records, author),
      ...(finished === undefined ? {} : { finished_at: finished }),
    },
    [body.trim() === '' ? textOf(fields, 'body') : body.trim()],
  );
  return { ...task, ...planningOf(node, records, { by: author, at: times.created_at }, tally) };
}

/** Records by when they were made, so that a task's notes tell its story. */
function inOrder(records: readonly TaskRecordFile[]): TaskRecordFile[] {
  const time = ({ fields = {} }: TaskRecordFile): string =>
    timeOf(fields.created_at) ??
    timeOf(fields.started_at) ??
    timeOf(fields.timestamp) ??
    timeOf(fields.reviewed_at) ??
    '';
  return records
    .map(record => ({ record, key: `${time(record)} ${record.path}` }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ record }) => record);
}

/** The criteria of the accepted plan; one is met where the last check of it passed, in the name of who checked. */
function criteriaOf(
  task: Fields,
  records: readonly TaskRecordFile[],
  author: string,
): NonNullable<ImportedTask['criteria']> {
  const version = (fields: Fields): number => Number(textOf(fields, 'plan_version') ?? textOf(fields, 'version') ?? 0);
  const accepted = Number(textOf(task, 'accepted_plan_version') ?? Number.NaN);
  const plans = records
    .filter(({ kind, fields }) => kind === 'plan' && fields !== undefined)
    .map(({ fields }) => fields!)
    .filter(fields => version(fields) === accepted || (Number.isNaN(accepted) && fields.status === 'accepted'))
    .sort((a, b) => version(a) - version(b));
  const plan = plans.at(-1);
  if (!plan) return [];
  const verdicts = new Map<string, { met_by: string; met_at: string } | undefined>();
  for (const { kind, fields } of inOrder(records)) {
    if (kind !== 'run' || !fields || fields.run_type !== 'validation') continue;
    const met_by = personOf(personIn(fields, ['actor'])) ?? author;
    const met_at = timeOf(fields.finished_at) ?? timeOf(fields.started_at) ?? EPOCH;
    for (const check of mapsOf(fields, 'checks')) {
      const id = textOf(check, 'criterion_id');
      if (id !== undefined)
        verdicts.set(id, check.status === 'pass' && isEmpty(check.waiver) ? { met_by, met_at } : undefined);
    }
  }
  return mapsOf(plan, 'criteria').flatMap(criterion => {
    const text = textOf(criterion, 'text');
    if (text === undefined) return [];
    const optional = criterion.mandatory === false ? ' (optional)' : '';
    return [{ text: `${text.trim()}${optional}`, ...verdicts.get(textOf(criterion, 'id') ?? '') }];
  });
}
