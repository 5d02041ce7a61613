import { canonicalJson } from '../../kernel/canonical.ts';
import type { By } from '../../kernel/operation.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { decisionRecord } from '../decisions/record.ts';
import { knowledgeRecord } from '../knowledge/record.ts';
import { find } from '../lookup.ts';
import { planKey, planRecord, questionRecord } from '../plans/record.ts';
import { any } from '../room.ts';
import { askedTaskId, askId, askRecord } from '../tasks/asks.ts';
import { noteRecord, type Task, taskRecord } from '../tasks/record.ts';
import type { Edit } from '../tasks/write.ts';
import type { ImportedNote, ImportedTask } from './entry.ts';
import { type Source, sourceId, sourceRecord } from './record.ts';

/** One import entry at work: what it adds, on the state it was decided on. */
export class Intake {
  readonly view: View;
  readonly by: By;
  readonly edits: Edit[] = [];
  readonly files: FileChange[] = [];
  /** References that another task has already. */
  readonly taken: string[] = [];
  #notes = 0;
  #pages = 0;
  #decisions = 0;

  constructor(view: View, by: By) {
    this.view = view;
    this.by = by;
  }

  /** The task that a reference asks for: one of this entry, one that exists, or the id it would have. */
  async idOf(ref: string): Promise<string> {
    const id = askedTaskId(ref);
    if (this.edits.some(edit => edit.id === id) || (await find(this.view, taskRecord, id))) return id;
    return (await find(this.view, askRecord, askId(ref)))?.task_id ?? id;
  }

  newPage(): string {
    return this.by.newId(any(knowledgeRecord), this.#pages++);
  }

  newDecision(): string {
    return this.by.newId(any(decisionRecord), this.#decisions++);
  }

  addNote(task: string, { kind, text, by, at }: ImportedNote): void {
    const id = this.by.newId(any(noteRecord), this.#notes++);
    this.files.push(noteRecord.put(id, { kind, text, by, at }, task));
  }

  /** Plans and questions of a new task, numbered in their order. An acceptance of elsewhere is none here. */
  addPlanning(task: string, { plans = [], questions = [] }: ImportedTask): void {
    for (const [index, plan] of plans.entries()) {
      const version = index + 1;
      const amends = index === 0 ? {} : { amends: index };
      // A clock ahead over there must not make a version younger than its import: which came with the task is told by it.
      const [at] = [plan.at, this.by.at].sort() as [string, string];
      this.files.push(planRecord.put(planKey(version), { ...plan, ...amends, version, at }, task));
    }
    for (const [index, question] of questions.entries())
      this.files.push(questionRecord.put(`q${index + 1}`, question, task));
  }

  /**
   * Adds those notes that a task does not have. `undated`: a note that stands there under another time is the same one,
   * for a time that the source does not say is that of its last change.
   */
  async addMissing(id: string, task: Task, notes: readonly ImportedNote[], undated = false): Promise<void> {
    const key = ({ text, by, at }: Pick<ImportedNote, 'text' | 'by' | 'at'>): string =>
      canonicalJson(undated ? [text, by] : [text, by, at]);
    const there = new Map<string, number>();
    for (const { record } of await this.view.all(noteRecord, id))
      there.set(key(record), (there.get(key(record)) ?? 0) + 1);
    for (const note of notes) {
      const left = there.get(key(note)) ?? 0;
      if (left > 0) there.set(key(note), left - 1);
      // Only comments may be added beside a hold.
      else this.addNote(id, task.hold ? { ...note, kind: 'comment' } : note);
    }
  }

  source(ref: string): Promise<Source | undefined> {
    return find(this.view, sourceRecord, sourceId(ref));
  }

  keepSource(ref: string, record_id: string, sha256: string): void {
    const { actor: by, at } = this.by;
    this.files.push(sourceRecord.put(sourceId(ref), { ref, record_id, sha256, by, at }));
  }

  /** Claims further references for a task; those that another has are left to it. */
  async claimRefs(task: string, refs: readonly string[]): Promise<string[]> {
    const own: string[] = [];
    for (const ref of new Set(refs)) {
      const file = askRecord.put(askId(ref), { task_id: task });
      const given = this.files.some(({ path }) => path === file.path);
      const owner =
        (await find(this.view, askRecord, askId(ref))) ?? (await find(this.view, taskRecord, askedTaskId(ref)));
      if (given || owner) {
        this.taken.push(ref);
        continue;
      }
      this.files.push(file);
      own.push(ref);
    }
    return own;
  }
}
