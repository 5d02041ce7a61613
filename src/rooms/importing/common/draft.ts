import { once } from '../../tasks/fields.ts';
import { MAX_LIST } from '../../tasks/record.ts';
import type { ImportedNote, ImportedTask } from '../entry.ts';
import type { Untied } from './entries.ts';
import { type Fields, isEmpty, told } from './fields.ts';
import { type Node, placeOf } from './links.ts';
import { type DirectoryReport, Tally } from './report.ts';
import { bytes, parts, titleOf } from './texts.ts';

type Kind = ImportedNote['kind'];
type Criteria = NonNullable<ImportedTask['criteria']>;

/** Room for the criteria of a task, in bytes; more stands in a note. */
const MAX_CRITERIA = 32_000;
/** Longest label, in characters. */
const MAX_LABEL = 60;

/** What a mapper knows of a task once it has read it. */
export interface Facts {
  title: string;
  status: ImportedTask['status'];
  reason?: string;
  assignee?: string;
  priority: number;
  labels: string[];
  criteria: Criteria;
  due_on?: string;
  /** When it ended, where that is said. */
  finished_at?: string;
}

/** A task that is being put together: all that is said of it has a place in it, in its labels or in its notes. */
export class Draft {
  readonly node: Node;
  readonly author: string;
  readonly times: { created_at: string; updated_at: string };
  readonly #tally: Tally<DirectoryReport>;
  readonly #notes: ImportedNote[] = [];

  constructor(node: Node, author: string, times: Draft['times'], tally: Tally<DirectoryReport>) {
    this.node = node;
    this.author = author;
    this.times = times;
    this.#tally = tally;
  }

  /** Keeps a text as a note; `what` it is, for the report. */
  keep(kind: Kind, what: string, text: string, by = this.author, at = this.times.updated_at): void {
    if (text.trim() === '') return;
    const all = parts(text);
    if (all.length > 1) this.#tally.tell('split', { ...placeOf(this.node), detail: `${what}: ${all.length} parts` });
    this.#notes.push(...all.map(part => ({ kind, text: part, by, at })));
    Tally.count(this.#tally.report.kept_as_text, what);
  }

  /** Keeps those fields that have no place elsewhere. */
  keepOthers(fields: Fields, known: ReadonlySet<string>, heading: string): void {
    const lines: string[] = [];
    for (const [name, value] of Object.entries(fields)) {
      if (known.has(name) || isEmpty(value)) continue;
      lines.push(...told(name, value));
      this.#tally.tell('fields', { ...placeOf(this.node, name), detail: name });
    }
    this.keep('note', 'other fields', lines.length === 0 ? '' : `${heading}\n${lines.join('\n')}`);
  }

  /** The task; `sections` are its description. */
  finish(facts: Facts, sections: (string | undefined)[]): Untied {
    const { mapped } = this.#tally.report;
    const where = placeOf(this.node);
    const { title, whole } = titleOf(facts.title, this.#tally, where);
    const description = [whole && `Title: ${whole}`, ...sections].filter(text => text?.trim()).join('\n\n');
    const [first, ...further] = parts(description);
    for (const part of further) this.keep('note', 'description, continued', `(description, continued)\n\n${part}`);
    const labels = this.#labels(facts.labels);
    const criteria = this.#criteria(facts.criteria);
    const { reason, assignee, due_on, status, priority } = facts;
    const final = status === 'done' || status === 'cancelled';
    mapped.tasks++;
    mapped.criteria += criteria.length;
    mapped.notes += this.#notes.length;
    mapped.comments += this.#notes.filter(note => note.kind === 'comment').length;
    const task = {
      ref: this.node.ref,
      title,
      description: first,
      status,
      reason,
      assignee,
      priority,
      labels,
      criteria,
      due_on,
      created_by: this.author,
      ...this.times,
      finished_at: final ? (facts.finished_at ?? this.times.updated_at) : undefined,
      notes: this.#notes,
    };
    return Object.fromEntries(Object.entries(task).filter(([, value]) => value !== undefined)) as unknown as Untied;
  }

  #labels(given: readonly string[]): string[] {
    const fit = (label: string): string => {
      const chars = [...label.trim().replace(/\s+/g, ' ')];
      return chars.length > MAX_LABEL ? `${chars.slice(0, MAX_LABEL - 1).join('')}…` : chars.join('');
    };
    const all = once(given.map(fit).filter(Boolean));
    if (all.length > MAX_LIST || given.some(label => fit(label) !== label.trim())) {
      this.#tally.tell('list', { ...placeOf(this.node, 'labels'), detail: 'labels' });
      this.keep('note', 'labels', `Labels in whole: ${given.join(', ')}`);
    }
    return all.slice(0, MAX_LIST);
  }

  #criteria(given: Criteria): Criteria {
    let room = MAX_CRITERIA;
    const kept: Criteria = [];
    const over: string[] = [];
    for (const criterion of given) {
      room -= bytes(criterion.text);
      if (room >= 0 && kept.length < MAX_LIST) kept.push(criterion);
      else over.push(`- [${criterion.met_by === undefined ? ' ' : 'x'}] ${criterion.text}`);
    }
    if (over.length > 0) {
      this.#tally.tell('list', { ...placeOf(this.node), detail: 'criteria' });
      this.keep('note', 'criteria', `(acceptance criteria, continued)\n\n${over.join('\n')}`);
    }
    return kept;
  }
}
