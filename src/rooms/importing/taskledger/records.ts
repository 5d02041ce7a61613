import type { Draft } from '../common/draft.ts';
import { type Fields, mapsOf, textOf, timeOf } from '../common/fields.ts';
import { placeOf } from '../common/links.ts';
import { personOf } from '../common/people.ts';
import type { DirectoryReport, Tally } from '../common/report.ts';
import type { ImportedNote } from '../entry.ts';
import { type Kind, stemOf, type TaskRecordFile } from './read.ts';
import { compact, personIn, rendered } from './render.ts';

/** What each kind of record becomes: a note of a kind, under a heading; what it is called in the report. */
const FORMS: Readonly<
  Record<Exclude<Kind, 'requirement'>, { note: ImportedNote['kind']; what: string; head: string }>
> = {
  plan: { note: 'note', what: 'plans', head: 'Plan' },
  question: { note: 'comment', what: 'questions', head: 'Question' },
  todo: { note: 'progress', what: 'todos', head: 'Todo' },
  link: { note: 'note', what: 'links', head: 'Linked file' },
  run: { note: 'progress', what: 'runs', head: 'Run' },
  change: { note: 'progress', what: 'changes', head: 'Change' },
  check: { note: 'progress', what: 'checks', head: 'Check' },
  review: { note: 'comment', what: 'reviews', head: 'Code review' },
  handoff: { note: 'note', what: 'handoffs', head: 'Handoff' },
  artifact: { note: 'note', what: 'artifacts', head: 'Artifact' },
  transcript: { note: 'note', what: 'transcripts', head: 'Transcript' },
  lock: { note: 'comment', what: 'locks', head: 'Lock' },
  'active task': { note: 'comment', what: 'active task', head: 'Active task' },
};

const BY = [
  'created_by',
  'actor',
  'holder',
  'reviewer',
  'asked_by_actor',
  'completed_by',
  'skipped_by',
  'activated_by',
];
const AT = ['created_at', 'started_at', 'timestamp', 'reviewed_at', 'activated_at', 'updated_at'];

/** Keeps one record of a task as text, under its own author and time where it says them. */
export function keepRecord(draft: Draft, record: TaskRecordFile, tally: Tally<DirectoryReport>): void {
  const { kind, fields, body, path } = record;
  if (kind === 'requirement') {
    keepRequirement(draft, record);
    return;
  }
  const { note, what, head } = FORMS[kind];
  const author = personOf(personIn(fields ?? {}, BY));
  const at = AT.map(name => timeOf(fields?.[name])).find(Boolean);
  if (!fields) {
    draft.keep(note, what, `${head} (taskledger, \`${path}\`)\n\n${body}`);
    return;
  }
  const id = textOf(fields, 'id') ?? textOf(fields, `${kind}_id`) ?? stemOf(record);
  const state =
    kind === 'lock' || kind === 'active task' ? undefined : (textOf(fields, 'result') ?? textOf(fields, 'status'));
  const heading = `${head} ${id} in taskledger${state === undefined ? '' : `: ${state}`}${said(kind, fields)}`;
  const text = rendered(heading, fields, body, ['task_id']);
  draft.keep(note, what, text, author, at);
  tellWord(draft, kind, fields, path, tally);
}

/** What a reader has to know before the fields. */
function said(kind: Kind, fields: Fields): string {
  if (kind === 'lock') return '\nIt held the task there. Here it holds nothing: whoever goes on claims the task.';
  if (kind === 'active task') return '\nThis was the active task of the workspace.';
  if (kind === 'plan' && textOf(fields, 'status') === 'accepted')
    return '\nIts acceptance is the word of taskledger: nobody approved it here.';
  if (kind === 'run' && textOf(fields, 'run_type') === 'validation')
    return '\nIts verdict is the word of taskledger: nobody validated it here.';
  return '';
}

/** An approval, a verdict or a lock of there is none here: the report says where each was. */
function tellWord(draft: Draft, kind: Kind, fields: Fields, path: string, tally: Tally<DirectoryReport>): void {
  const where = { ...placeOf(draft.node), file: path, line: 1 };
  if (kind === 'lock') tally.tell('lock', { ...where, detail: String(compact(fields.holder ?? '')).slice(0, 200) });
  if (kind === 'plan' && textOf(fields, 'status') === 'accepted')
    tally.tell('word', { ...where, detail: 'plan accepted' });
  if (kind === 'review') tally.tell('word', { ...where, detail: `review ${textOf(fields, 'result') ?? ''}` });
  if (kind === 'run' && textOf(fields, 'run_type') === 'validation') {
    tally.tell('word', {
      ...where,
      detail: `validation ${textOf(fields, 'result') ?? textOf(fields, 'status') ?? ''}`,
    });
    for (const check of mapsOf(fields, 'checks')) {
      if (check.waiver) tally.tell('word', { ...where, detail: `waiver of ${textOf(check, 'criterion_id') ?? '?'}` });
    }
  }
}

/** A requirement is a dependency; only what that cannot say is kept. */
function keepRequirement(draft: Draft, { fields, body, path }: TaskRecordFile): void {
  if (!fields) draft.keep('note', 'requirements', `Requirement (taskledger, \`${path}\`)\n\n${body}`);
  else if (fields.waiver || (textOf(fields, 'required_status') ?? 'done') !== 'done') {
    draft.keep('note', 'requirements', rendered('Requirement in taskledger', fields, body, ['task_id']));
  }
}
