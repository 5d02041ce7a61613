import type { ActorKind } from '../../../kernel/entry.ts';
import type { Context } from '../../../kernel/operation.ts';
import { epochMs } from '../../../kernel/time.ts';
import type { View } from '../../../kernel/view.ts';
import { graceOf } from '../../ledger/grace.ts';
import { type Plan, planHash, planRecord, questionRecord, type Verdict, verdictRecord } from '../../plans/record.ts';
import { type Asked, askedOf } from '../../tasks/gates.ts';
import { claims } from '../../tasks/ports.ts';
import { type CodeRef, codeRefRecord, type Task } from '../../tasks/record.ts';
import { roundsOf, workedOn } from '../../validation/gate.ts';
import { checkRecord, type Validation, type ValidationCheck } from '../../validation/record.ts';
import { numberOf } from '../../work/gate.ts';
import { logRecord, type Todo, todoRecord, type WorkLog } from '../../work/record.ts';

export type Named<R> = { id: string; record: R };

/** The newest plan of a task, and what was last said of it. */
export interface Proposed {
  version: number;
  plan: Plan;
  sha256: string;
  verdict?: Verdict;
}

/** How a task is held, seen by one actor in one run. */
export type Holding = 'free' | 'mine' | 'lapsed' | 'own-run' | 'other' | 'takeable';

const later = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

/**
 * A task as one actor meets it, each part read once and only when a stage asks for it: a note's answer is no slower for
 * what it does not ask.
 */
export class Situation {
  readonly view: View;
  readonly id: string;
  readonly task: Task;
  readonly actor: string;
  readonly kind: ActorKind;
  readonly run: readonly string[];
  /** ms since the epoch; undefined: no lease is judged. */
  readonly now: number | undefined;
  readonly context: Context | undefined;

  constructor(view: View, id: string, task: Task, actor: string, context?: Context) {
    this.view = view;
    this.id = id;
    this.task = task;
    this.actor = actor;
    this.kind = context?.who.kind ?? 'agent';
    this.run = context?.who.run ?? [];
    this.now = context?.now;
    this.context = context;
  }

  get worked(): boolean {
    return workedOn(this.task, this.actor);
  }

  readonly asked = later((): Promise<Asked> => askedOf(this.view, this.task));

  readonly questions = later(async () =>
    (await this.view.all(questionRecord, this.id)).sort((a, b) => keyNumber(a.id) - keyNumber(b.id)),
  );

  readonly proposed = later(async (): Promise<Proposed | undefined> => {
    const versions = (await this.view.ids(planRecord, this.id)).map(keyNumber).sort((a, b) => b - a);
    const [version] = versions;
    const plan = version === undefined ? undefined : await this.view.get(planRecord, `v${version}`, this.id);
    if (version === undefined || !plan) return undefined;
    const sha256 = planHash(plan);
    const verdicts = (await this.view.all(verdictRecord, this.id)).map(({ record }) => record);
    const said = verdicts.filter(one => one.version === version && one.plan_sha256 === sha256).sort(byTime);
    const verdict = said.at(-1);
    return { version, plan, sha256, ...(verdict ? { verdict } : {}) };
  });

  readonly todos = later(async (): Promise<Named<Todo>[]> => {
    if (!this.task.todos_made) return [];
    return (await this.view.all(todoRecord, this.id)).sort((a, b) => numberOf(a.id) - numberOf(b.id));
  });

  readonly log = later(
    async (): Promise<Named<WorkLog>[]> =>
      (await this.view.all(logRecord, this.id)).sort((a, b) => byTime(a.record, b.record)),
  );

  /** Live commits of the task, oldest first. */
  readonly commits = later(
    async (): Promise<CodeRef[]> =>
      (await this.view.all(codeRefRecord, this.id))
        .map(({ record }) => record)
        .filter(({ ref_type, live, sha }) => ref_type === 'commit' && live && sha !== undefined)
        .sort(byTime),
  );

  readonly rounds = later((): Promise<Validation[]> => roundsOf(this.view, this.id));

  /** The newest check of each criterion in the round that goes on now. */
  readonly checks = later(async (): Promise<Map<string, ValidationCheck>> => {
    const round = (await this.rounds()).length + 1;
    const all = (await this.view.all(checkRecord, this.id)).map(({ record }) => record);
    const own = all.filter(one => one.round === round).sort(byTime);
    return new Map(own.map(one => [one.criterion, one]));
  });

  readonly holding = later(async (): Promise<Holding> => {
    const { hold } = this.task;
    if (!hold) return 'free';
    const mine = hold.actor === this.actor;
    const ownRun = mine && (this.run.length === 0 || this.run.includes(hold.run));
    const over = this.now === undefined ? 0 : this.now - epochMs(hold.lease_until);
    if (over <= 0) return ownRun ? 'mine' : mine ? 'own-run' : 'other';
    // A renewal is in no entry: only this run's own claims are known better than the book knows them.
    if (ownRun && (await this.#renewed())) return 'mine';
    if (mine) return 'lapsed';
    return over > (await graceOf(this.view)) ? 'takeable' : 'other';
  });

  async #renewed(): Promise<boolean> {
    const own = (await this.context?.use(claims))?.held();
    const found = (await own)?.find(({ id }) => id === this.id);
    return found !== undefined && this.now !== undefined && epochMs(found.lease_until) >= this.now;
  }
}

/** The number of a key: `v2`, `q10`, `todo-3`. */
export const keyNumber = (key: string): number => Number(/[0-9]+$/.exec(key)?.[0] ?? 0);

export const byTime = (a: { at: string }, b: { at: string }): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
