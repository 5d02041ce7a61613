import { canonicalReference } from '../../../kernel/intake.ts';
import { isDate, parseInstant } from '../../../kernel/time.ts';
import { once } from '../../tasks/fields.ts';
import { MAX_LIST } from '../../tasks/record.ts';
import { criteriaOf } from '../common/criteria.ts';
import type { Untied } from '../common/entries.ts';
import { personOf } from '../common/people.ts';
import { type ImportReport, type Occurrence, Tally } from '../common/report.ts';
import { mend, parts, titleOf } from '../common/texts.ts';
import type { ImportedNote, ImportedTask } from '../entry.ts';
import { type Issue, textField } from './read.ts';

/** Fields that have a place in a task, a note or a label; all others are kept in one note. */
const KNOWN = new Set(
  `id title description status priority issue_type original_type assignee labels dependencies comments created_at
  created_by updated_at closed_at close_reason deleted_at delete_reason deleted_by external_ref design
  acceptance_criteria notes estimated_minutes due_at defer_until`.split(/\s+/),
);
const NOBODY = 'unknown';
const EPOCH = '1970-01-01T00:00:00.000Z';
/** Longest value of a field without an equal that is told in full, in characters. */
const MAX_VALUE = 4_000;

/** What each status becomes; others become open and keep their name in a label. */
const STATUS: Readonly<Record<string, ImportedTask['status']>> = {
  open: 'open',
  closed: 'done',
  blocked: 'blocked',
  tombstone: 'cancelled',
};

/** One issue as a task: all it says has a place in it, in its labels or in its notes. */
export class IssueMapper {
  readonly #github: string | undefined;
  readonly #tally: Tally<ImportReport>;
  readonly #asked = new Set<string>();

  constructor(github: string | undefined, tally: Tally<ImportReport>) {
    this.#github = github;
    this.#tally = tally;
  }

  map(issue: Issue): Untied {
    const where: Occurrence = { line: issue.line, issue: issue.id };
    const times = this.#times(issue, where);
    const author = this.#person(issue, 'created_by') ?? NOBODY;
    if (author === NOBODY) this.#tally.tell('person', where);
    const { title, whole } = titleOf(textField(issue, 'title') ?? '', this.#tally, where);
    const status = this.#status(issue, where);
    const notes: ImportedNote[] = [];
    const keep = (kind: ImportedNote['kind'], text: string, by = author, at = times.updated_at) => {
      const all = parts(text);
      if (all.length > 1) this.#tally.tell('split', { ...where, detail: `${all.length} parts` });
      notes.push(...all.map(part => ({ kind, text: part, by, at })));
    };
    const design = textField(issue, 'design');
    const sections = [whole && `Title: ${whole}`, textField(issue, 'description'), design && `## Design\n\n${design}`];
    const [description, ...further] = parts(sections.filter(Boolean).join('\n\n'));
    for (const part of further) keep('note', `(description, continued)\n\n${part}`);
    if (further.length > 0) this.#tally.tell('split', { ...where, detail: 'description' });
    const { criteria, rest } = criteriaOf(textField(issue, 'acceptance_criteria') ?? '', author, times.updated_at);
    if (rest !== '') {
      this.#tally.tell('list', { ...where, detail: 'acceptance_criteria' });
      keep('note', `(acceptance criteria)\n\n${rest}`);
    }
    const ownNotes = textField(issue, 'notes');
    if (ownNotes) keep('note', ownNotes);
    const end = textField(issue, 'close_reason');
    if (end) keep('resolution', end, this.#person(issue, 'closed_by') ?? author, times.finished_at ?? times.updated_at);
    this.#comments(issue, keep, author, times.created_at);
    const asked = this.#reference(issue, where);
    const others = this.#others(issue, asked === undefined);
    if (others !== '') keep('note', `Further fields in beads:\n${others}`);
    const labels = this.#labels(issue, where, keep);
    const reason = this.#reason(issue, status);
    const assignee = this.#person(issue, 'assignee');
    Tally.count(this.#tally.report.mapped.statuses, String(issue.fields.status));
    Tally.count(this.#tally.report.mapped.types, typeOf(issue));
    this.#tally.report.mapped.tasks++;
    return {
      ref: issue.ref,
      title,
      ...(description === undefined ? {} : { description }),
      status,
      ...(reason === undefined ? {} : { reason }),
      ...(assignee === undefined ? {} : { assignee }),
      priority: this.#priority(issue, where),
      labels,
      ...estimateOf(issue),
      ...(criteria.length === 0 ? {} : { criteria }),
      ...dayOf(issue, 'due_at', 'due_on'),
      ...dayOf(issue, 'defer_until', 'start_on'),
      ...(asked === undefined ? {} : { also_asked: [asked] }),
      created_by: author,
      ...times,
      ...(status === 'done' || status === 'cancelled' ? {} : { finished_at: undefined }),
      notes,
    };
  }

  #times(issue: Issue, where: Occurrence): Pick<ImportedTask, 'created_at' | 'updated_at' | 'finished_at'> {
    const read = (name: string) => parseInstant(textField(issue, name) ?? '');
    const found = ['created_at', 'updated_at', 'closed_at', 'deleted_at'].map(read);
    const any = found.find(time => time !== undefined);
    if (!found[0] || !found[1]) this.#tally.tell('time', where);
    const [created, updated, closed, deleted] = found;
    const created_at = created ?? any ?? EPOCH;
    const updated_at = updated ?? created_at;
    const end = issue.fields.status === 'tombstone' ? (deleted ?? closed) : (closed ?? deleted);
    return { created_at, updated_at, finished_at: end ?? updated_at };
  }

  /** A name as it stands there, in lower case where it can be an actor's. */
  #person(issue: Issue, field: string): string | undefined {
    return personOf(textField(issue, field));
  }

  #status(issue: Issue, where: Occurrence): ImportedTask['status'] {
    const given = String(issue.fields.status);
    const status = Object.hasOwn(STATUS, given) ? STATUS[given] : undefined;
    if (status === undefined) this.#tally.tell('status', { ...where, detail: given.slice(0, 64) });
    return status ?? 'open';
  }

  #reason(issue: Issue, status: ImportedTask['status']): string | undefined {
    const by = this.#person(issue, 'deleted_by');
    if (status === 'cancelled') {
      const said = parts(textField(issue, 'delete_reason') ?? 'deleted')[0] ?? 'deleted';
      return by === undefined ? said : `${said} (by ${by})`;
    }
    return status === 'blocked' ? 'blocked in beads' : undefined;
  }

  #priority(issue: Issue, where: Occurrence): number {
    const { priority } = issue.fields;
    if (typeof priority === 'number' && Number.isInteger(priority) && priority >= 0 && priority <= 4) return priority;
    if (priority !== undefined)
      this.#tally.tell('priority', { ...where, detail: JSON.stringify(priority)?.slice(0, 40) ?? '' });
    return typeof priority === 'number' && priority > 4 ? 4 : typeof priority === 'number' && priority < 0 ? 0 : 2;
  }

  #labels(issue: Issue, where: Occurrence, keep: (kind: 'note', text: string) => void): string[] {
    const given = Array.isArray(issue.fields.labels)
      ? issue.fields.labels.filter(label => typeof label === 'string')
      : [];
    const { status } = issue.fields;
    const own = [`type:${typeOf(issue)}`];
    if (status === 'tombstone') own.push('tombstone');
    if (!Object.hasOwn(STATUS, String(status))) own.push(`status:${String(status)}`);
    const all = once([...own, ...given].map(label => shortened(label.replace(/[\r\n]+/g, ' '))).filter(Boolean));
    const long = given.filter(label => shortened(label) !== label.trim());
    const kept = all.slice(0, MAX_LIST);
    if (long.length > 0 || all.length > MAX_LIST) {
      this.#tally.tell('list', { ...where, detail: 'labels' });
      keep('note', `Labels in beads: ${given.join(', ')}`);
    }
    return kept;
  }

  #comments(
    issue: Issue,
    keep: (kind: 'comment', text: string, by: string, at: string) => void,
    author: string,
    at: string,
  ) {
    const list = Array.isArray(issue.fields.comments) ? issue.fields.comments : [];
    for (const item of list) {
      const comment = { ...issue, fields: (item ?? {}) as Record<string, unknown> };
      const text = textField(comment, 'text');
      if (text === undefined) continue;
      const time = parseInstant(textField(comment, 'created_at') ?? '') ?? at;
      keep('comment', text, this.#person(comment, 'author') ?? author, time);
      this.#tally.report.mapped.comments++;
    }
  }

  /** The canonical form of the external reference, undefined where it has none or another issue has it. */
  #reference(issue: Issue, where: Occurrence): string | undefined {
    const given = textField(issue, 'external_ref')?.trim();
    if (given === undefined) return undefined;
    const number = /^gh-(\d{1,15})$/i.exec(given)?.[1];
    const told = number !== undefined && this.#github !== undefined ? `github:${this.#github}#${number}` : given;
    const found = canonicalReference(told);
    if (!('ref' in found) || found.ref.length > 512) {
      this.#tally.tell('external_ref', { ...where, detail: given.slice(0, 200) });
      return undefined;
    }
    if (this.#asked.has(found.ref)) {
      this.#tally.tell('taken_ref', { ...where, detail: found.ref });
      return undefined;
    }
    this.#asked.add(found.ref);
    this.#tally.report.mapped.references++;
    return found.ref;
  }

  #others(issue: Issue, withReference: boolean): string {
    const lines: string[] = [];
    for (const [name, value] of Object.entries(issue.fields)) {
      const empty = value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0);
      if (empty || (KNOWN.has(name) && !(withReference && name === 'external_ref'))) continue;
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      lines.push(
        `- ${name.slice(0, 100)}: ${text.length > MAX_VALUE ? `${mend(text.slice(0, MAX_VALUE))}… (cut)` : text}`,
      );
      if (name !== 'external_ref') this.#tally.tell('fields', { line: issue.line, issue: issue.id, detail: name });
    }
    return lines.join('\n');
  }
}

/** A deleted issue's type is the one it had before. */
function typeOf({ fields }: Issue): string {
  const type = fields.original_type || fields.issue_type;
  return typeof type === 'string' && type.trim() !== '' ? type.trim() : 'task';
}

const shortened = (label: string): string => {
  const chars = [...label.trim()];
  return chars.length > 60 ? `${chars.slice(0, 59).join('')}…` : label.trim();
};

function estimateOf({ fields }: Issue): { estimate?: string } {
  const minutes = Math.ceil(Number(fields.estimated_minutes));
  return minutes > 0 && minutes < 1e8 ? { estimate: `${minutes}m` } : {};
}

function dayOf<K extends string>(issue: Issue, field: string, name: K): { [key in K]?: string } {
  const text = textField(issue, field)?.trim() ?? '';
  const day = isDate(text) ? text : parseInstant(text)?.slice(0, 10);
  return day === undefined ? {} : ({ [name]: day } as { [key in K]?: string });
}
