import { enact, judgeFiles, type Outcome } from '../../src/book/enact.ts';
import { Rulebook } from '../../src/book/rulebook.ts';
import type { Checker } from '../../src/book/signatures.ts';
import type { Json } from '../../src/kernel/canonical.ts';
import {
  type ActorKind,
  type Begin,
  type ClaimStamp,
  type Entry,
  entryId,
  type Intent,
  type PreviousClaim,
  type Stamp,
} from '../../src/kernel/entry.ts';
import { LedgerError } from '../../src/kernel/errors.ts';
import type { Holdable } from '../../src/kernel/holdlaws.ts';
import { recordId } from '../../src/kernel/ids.ts';
import type { Law, Violation } from '../../src/kernel/law.ts';
import { byOf, type Context, type Operation, type Port } from '../../src/kernel/operation.ts';
import type { Proof } from '../../src/kernel/proof.ts';
import type { RecordDef } from '../../src/kernel/record.ts';
import { epochMs, instant } from '../../src/kernel/time.ts';
import { type FileChange, Overlay, View } from '../../src/kernel/view.ts';
import { enrol } from '../../src/rooms/actors/enrol.ts';
import { codeIndex } from '../../src/rooms/code/ports.ts';
import { codeIndexOf, codeTable } from '../../src/rooms/code/table.ts';
import { LAWS, OPERATIONS, RECORDS } from '../../src/rooms/index.ts';
import { genesisFiles } from '../../src/rooms/ledger/genesis.ts';
import { nothing } from '../../src/rooms/nothing.ts';
import { type Tables, tables, topFolder } from '../../src/rooms/rows.ts';
import { askedTaskId } from '../../src/rooms/tasks/asks.ts';
import { type Task, taskRecord } from '../../src/rooms/tasks/record.ts';

export const rulebook = new Rulebook({ records: RECORDS, laws: LAWS, operations: OPERATIONS });
export const T0 = epochMs('2026-03-02T09:00:00.000Z');
export const HOUR = 3_600_000;

export interface Person {
  actor: string;
  kind: ActorKind;
  run: string[];
}
export const person = (actor: string, kind: ActorKind = 'agent', run = 'one'): Person => ({
  actor,
  kind,
  run: [recordId('r', actor, run)],
});
export const ada = person('ada');
export const bob = person('bob');
export const eve = person('eve', 'human');

/** How a test departs from the plain call. */
export interface Turn {
  /** ms since the epoch; default: a second after the entry before. */
  at?: number;
  key?: string;
  claim?: ClaimStamp;
  prev?: PreviousClaim;
  chain?: string[];
  begin?: Begin;
  seen?: string;
  /** Lease of a claim, ms. */
  lease?: number;
  root?: string;
  /** Writes under the claim this person won before; default true. */
  held?: boolean;
  /** The record whose claim it is written under; default what the operation acts on. */
  under?: string;
  /** A signature, as {@link checker} reads it: `good:<fingerprint>`, `bad`, `stranger`, `unchecked`. */
  signature?: string | undefined;
}

/** Believes what a signature says of itself. */
export const checker: Checker = async (_text, signature) => {
  const [state, key = ''] = signature.split(/:(.*)/s) as [Proof['state'], string];
  return state === 'good' ? { state, key } : ({ state, why: `it is ${state}` } as Proof);
};

/** The rows of a view, found by walking its folders. */
const tablesOf = ({ reader }: View): Tables => ({
  async rows({ def, row }) {
    const found = [];
    const files = async (folder: string): Promise<string[]> => {
      const names = (await reader.list(folder)).map(name => `${folder}/${name}`);
      return (await Promise.all(names.map(async path => (def.at(path) ? [path] : files(path))))).flat();
    };
    for (const path of await files(topFolder(def as never))) {
      const { id, parent } = def.at(path)!;
      const made = row(JSON.parse((await reader.read(path))!), id, parent);
      if (made) found.push({ ...made, id });
    }
    return found.sort((a, b) => (a.id < b.id ? -1 : 1));
  },
});

/** The rooms over a tree in memory, without git and without an exchange: every claim is won. */
export class TestOffice {
  readonly state = new Overlay(nothing, genesisFiles('main'));
  readonly claims = new Map<string, ClaimStamp>();
  /** Intents that were lawful, oldest first. */
  readonly entries: Intent[] = [];
  now = T0;
  #count = 0;
  readonly #created: string[] = [];

  get view(): View {
    return new View(this.state);
  }

  /** Ids of all tasks, as entries created them. */
  async tasks(): Promise<string[]> {
    return this.#created;
  }

  task(id: string): Promise<Task> {
    return this.view.get(taskRecord, id) as Promise<Task>;
  }

  intent(op: string, input: object, who: Person = ada, turn: Turn = {}): Intent {
    this.now = turn.at ?? this.now + 1000;
    const at = instant(this.now);
    const held = turn.under ?? targetOf(op, input);
    let { claim } = turn;
    if (takes(op) && !claim) {
      const root = turn.root ?? `root-${this.#count + 1}`;
      claim = {
        root,
        oid: 'a'.repeat(40),
        actor: who.actor,
        run: who.run[0]!,
        lease_until: instant(this.now + (turn.lease ?? HOUR)),
      };
    } else if (!claim && turn.held !== false && held !== undefined) {
      const kept = this.claims.get(held);
      if (kept?.actor === who.actor && who.run.includes(kept.run)) claim = kept;
    }
    return {
      op,
      ledger: 'main',
      format: 1,
      actor: who.actor,
      kind: who.kind,
      run: who.run,
      at,
      nonce: `n${++this.#count}`,
      input: JSON.parse(JSON.stringify(input)),
      ...(turn.key === undefined ? {} : { key: turn.key }),
      ...(claim ? { claim } : {}),
      ...(turn.prev ? { prev: turn.prev } : {}),
      ...(turn.chain ? { chain: turn.chain } : {}),
      ...(turn.begin ? { begin: turn.begin } : {}),
      ...(turn.seen ? { seen: turn.seen } : {}),
    };
  }

  /** What an operation would do now. */
  async outcome(op: string, input: object, who: Person, turn: Turn = {}): Promise<Outcome> {
    const operation = operationOf(op);
    let files: FileChange[] = [];
    let given = parse(operation, input);
    if (operation.kind === 'write' && operation.aim) {
      const aimed = await operation.aim(this.context(who), given as never);
      if (aimed.length !== 1) throw new Error(`${op} is aimed at ${aimed.length} things`);
      given = aimed[0]!;
    }
    if (operation.kind === 'write' && operation.placed) {
      const placed = await operation.placed(this.context(who), given as never).catch((error: unknown) => error);
      if (placed instanceof LedgerError) return { kind: 'refused', error: placed };
      if (placed instanceof Error) throw placed;
      given = placed as never;
    }
    if (operation.kind === 'write' && operation.carry)
      ({ input: (given as never), files } = operation.carry(given as never));
    const intent = this.intent(op, given, who, turn);
    const carried = new Overlay(this.state, files);
    const outcome = await enact(rulebook, this.state, intent, this.stamp(intent), carried, turn.signature, checker);
    if (outcome.kind !== 'lawful') return outcome;
    this.state.apply(outcome.files);
    this.entries.push(intent);
    for (const { def, id, before } of outcome.changes) {
      if (def.kind === 'task' && before === undefined) this.#created.push(id);
    }
    for (const { def, id, after } of outcome.changes) {
      if (outcome.ended.includes(id)) this.claims.delete(id);
      else if (def.holdable && intent.claim && (after as Holdable)?.hold?.root === intent.claim.root)
        this.claims.set(id, intent.claim);
    }
    return outcome;
  }

  /** A task rewritten as nobody's operation would: the intent is plain, the files are forged. */
  async rewrite(id: string, patch: Record<string, unknown>, who: Person = ada, turn: Turn & { op?: string } = {}) {
    const intent = this.intent(turn.op ?? 'task.update', { task_id: id }, who, turn);
    const after = { ...(await this.task(id)), updated_at: intent.at, ...patch };
    return { files: [...(await this.enrolled(intent)), taskRecord.put(id, after as Task)], intent };
  }

  /** The law that a rewritten task breaks first, or `lawful`. */
  async breaks(id: string, patch: Record<string, unknown>, who: Person = ada, turn: Turn & { op?: string } = {}) {
    const { files, intent } = await this.rewrite(id, patch, who, turn);
    return (await this.forge(files, intent))?.law ?? 'lawful';
  }

  /** The id of the `index`-th record of a kind that an intent creates. */
  idFor<R>(def: RecordDef<R>, intent: Intent, index = 0): string {
    return byOf(intent, nothing).newId(def as never, index);
  }

  /** A task as a file that `intent` creates under the id that it would have. */
  born(task: object, intent: Intent): FileChange[] {
    const id = byOf(intent, nothing).newId(taskRecord as never);
    return [taskRecord.put(id, task as Task)];
  }

  /** A task as a file under the id of an intake reference. */
  bornOf(reference: string, task: object): FileChange[] {
    return [taskRecord.put(askedTaskId(reference), task as Task)];
  }

  /** Files that enter the actor and run of an intent where they are new. */
  enrolled(intent: Intent): Promise<FileChange[]> {
    return enrol(this.view, byOf(intent, nothing));
  }

  /** Does it, and gives the result; a refusal is thrown. */
  async does(op: string, input: object, who: Person = ada, turn: Turn = {}): Promise<{ [key: string]: Json }> {
    const outcome = await this.outcome(op, input, who, turn);
    if (outcome.kind === 'refused') throw outcome.error;
    return outcome.result;
  }

  /** The code, law and message of the refusal; `lawful` when there is none. */
  async refusal(op: string, input: object, who: Person = ada, turn: Turn = {}) {
    const outcome = await this.outcome(op, input, who, turn);
    if (outcome.kind !== 'refused') return { code: 'lawful' as const, law: undefined, message: '', hint: '' };
    const { code, message, hint, details } = outcome.error;
    return { code, law: details?.law as string | undefined, message, hint };
  }

  /** Judges a forged transition by all laws; nothing is written. */
  async forge(
    files: FileChange[],
    intent: Intent,
    stamp: Stamp = this.stamp(intent),
    signature?: string,
  ): Promise<Violation | undefined> {
    const entry: Entry = { id: entryId(intent), intent, stamp, ...(signature === undefined ? {} : { signature }) };
    const found = await judgeFiles(rulebook, this.state, files, entry, checker);
    return 'violation' in found ? found.violation : undefined;
  }

  /** Every law that a forged transition breaks, not only the first. */
  async broken(files: FileChange[], intent: Intent): Promise<string[]> {
    const entry: Entry = { id: entryId(intent), intent, stamp: this.stamp(intent) };
    const { changes, strange } = await rulebook.changes(files, this.state);
    const after = new View(new Overlay(this.state, files));
    const found: string[] = strange.length > 0 ? ['record.schema'] : [];
    for (const law of LAWS as Law[]) {
      const violations = await law.check({ before: this.view, after, entry, proof: { state: 'none' }, changes });
      if (violations.length > 0) found.push(law.id);
    }
    return found;
  }

  stamp(intent: Intent) {
    return { writer: 'w1', n: this.#count, landed: intent.at };
  }

  context(who: Person = ada, ports: Record<string, unknown> = {}): Context {
    return {
      who: { mode: 'session', ...who },
      now: this.now,
      view: this.view,
      use: async <P>(port: Port<P>) => {
        if (!(port.name in ports) && port.name === tables.name) return tablesOf(this.view) as P;
        if (!(port.name in ports) && port.name === codeIndex.name)
          return codeIndexOf(await tablesOf(this.view).rows(codeTable)) as P;
        if (!(port.name in ports)) throw new Error(`no port ${port.name}`);
        return ports[port.name] as P;
      },
    };
  }

  /** Shows a result as a surface would. */
  async shows(op: string, result: { [key: string]: Json }, input: object, who: Person = ada) {
    const operation = operationOf(op);
    if (operation.kind !== 'write' || !operation.show) throw new Error(`${op} shows nothing`);
    return operation.show(this.context(who), result, input as never);
  }

  async asks(op: string, input: object, who: Person = ada, ports: Record<string, unknown> = {}) {
    const operation = operationOf(op);
    if (operation.kind !== 'read') throw new Error(`${op} is no query`);
    return operation.query(this.context(who, ports), parse(operation, input) as never);
  }

  /** A new task's id. */
  async creates(input: object = {}, who: Person = ada): Promise<string> {
    return String((await this.does('task.create', { title: 'Wire the sweeper', ...input }, who)).task_id);
  }
}

function takes(op: string): boolean {
  const operation = rulebook.write(op);
  return operation?.hold === 'take';
}

function targetOf(op: string, input: object): string | undefined {
  const { task_id, handoff_id } = input as { task_id?: string; handoff_id?: string };
  return handoff_id ?? (op === 'handoff.create' ? rulebook.write(op)?.target?.(input as never)?.id : task_id);
}

export function operationOf(name: string): Operation {
  const found = OPERATIONS.find(operation => operation.name === name);
  if (!found) throw new Error(`no operation ${name}`);
  return found;
}

function parse(operation: Operation, input: object): object {
  const parsed = operation.input().safeParse(input);
  if (!parsed.success) throw new Error(`${operation.name}: ${JSON.stringify(parsed.error.issues)}`);
  return parsed.data;
}
