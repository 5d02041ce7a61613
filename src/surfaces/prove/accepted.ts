import { trustsPlan } from '../../exchange/trust.ts';
import type { Context } from '../../kernel/operation.ts';
import { giverOf, KEY_ADD } from '../../rooms/actors/given.ts';
import { actorRecord } from '../../rooms/actors/record.ts';
import { type History, historyPort } from '../../rooms/logbook/ports.ts';
import { ACCEPT } from '../../rooms/plans/rules.ts';
import { acceptsPlan, planBehind, unvouched } from '../../rooms/plans/vouched.ts';
import type { Criterion, Task } from '../../rooms/tasks/record.ts';
import type { ProvingGround } from './port.ts';

/** Acceptances of one task that are looked at, newest first: more are asked about, so that nobody makes us check thousands. */
const LOOKED_AT = 20;

/** Changes of keys in a ledger that are looked through for those of one person. */
const KEYS_LOOKED_AT = 1_000;
/** A row that names so many records may leave one out. */
const NAMED = 20;

/** What the acceptance of a plan says for a check: `why` it does not count, where there is one. */
interface Said {
  trusted: boolean;
  why?: string;
}

/** Whether a person accepted what the checks of a task came with. The history is asked when the first check needs it. */
export class Acceptance {
  readonly actor: string;
  readonly desk: ProvingGround['desk'];
  readonly #context: Context;
  readonly #id: string;
  readonly #task: Task;
  readonly #ground: Pick<ProvingGround, 'witnessed'>;
  #said: Promise<Said> | undefined;

  constructor(context: Context, id: string, task: Task, ground: Pick<ProvingGround, 'desk' | 'witnessed'>) {
    this.actor = context.who.actor;
    this.desk = ground.desk;
    this.#context = context;
    this.#id = id;
    this.#task = task;
    this.#ground = ground;
  }

  async of(criterion: Criterion): Promise<Said> {
    const plan = await planBehind(this.#context.view, this.#id, this.#task, criterion);
    if (plan === undefined) return { trusted: false };
    this.#said ??= this.#look(plan);
    return this.#said;
  }

  async #look(plan: NonNullable<Task['plan']>): Promise<Said> {
    const id = this.#id;
    if (await trustsPlan(this.desk, this.actor, id, plan.sha256)) return { trusted: true };
    const history = await this.#context.use(historyPort);
    const { rows } = await history.entries({ task_id: id, op: ACCEPT }, { limit: LOOKED_AT });
    let newest: string | undefined;
    for (const { oid } of rows) {
      const witnessed = await this.#ground.witnessed(oid);
      if (!witnessed || !acceptsPlan(witnessed.entry, id, plan)) continue;
      const why = await unvouched(this.#context.view, witnessed, (actor, key) => this.#isGiven(history, actor, key));
      if (why === undefined) return { trusted: true };
      newest ??= why;
    }
    return newest === undefined ? { trusted: false } : { trusted: false, why: newest };
  }

  /** Whether a maintainer gave a person this key, or one that the next ones were signed with, each the newest time. */
  async #isGiven(history: History, actor: string, key: string): Promise<boolean> {
    const { rows } = await history.entries({ op: KEY_ADD }, { limit: KEYS_LOOKED_AT });
    let wanted = key;
    // Newest first: a key that signed for another was added before it.
    for (const { oid, records } of rows) {
      if (records.length < NAMED && !records.includes(`${actorRecord.room}/${actor}`)) continue;
      const entered = await this.#ground.witnessed(oid);
      const giver = entered && (await giverOf(entered, actor, wanted));
      if (!giver) continue;
      if (giver.by !== 'self') return giver.by === 'maintainer';
      wanted = giver.key;
    }
    return false;
  }
}
