import type * as z from 'zod/mini';
import { defOf, infoOf } from '../../src/kernel/fields.ts';
import type { Operation } from '../../src/kernel/operation.ts';
import { RECORDS } from '../../src/rooms/index.ts';
import { type InputField, inputFields } from '../../src/surfaces/inputs.ts';
import { sshKey } from '../ssh-key.ts';

/** What samples speak of: one id or key of each record kind that is there, an actor, and a word that marks every text. */
export interface Things {
  mark: string;
  actor: string;
  /** By record kind: `task` → `t-…`, `project` → its key. */
  ids: Readonly<Record<string, string>>;
}

/** What the schema of an operation does not tell of a good input, by operation. One line an operation. */
const OWN: Readonly<Record<string, (things: Things) => Record<string, unknown>>> = {
  'actor.key_add': ({ mark }) => ({ key: sshKey(mark).key }),
  'actor.key_remove': ({ mark }) => ({ fingerprint: sshKey(mark).fingerprint }),
  'attach.add': ({ mark }) => ({ content: mark }),
  // Never a file of its own: `.` is a folder with something in it.
  export: () => ({ file: '.' }),
  import: () => ({ file: 'no-such-file.ledger' }),
  snapshot: () => ({ dir: '.' }),
  repair: () => ({ dry_run: true }),
  'event.export': () => ({ dir: '.git/exported-events' }),
  'event.validate': () => ({ file: 'no-such-file.jsonl' }),
  'hooks.run': () => ({ hook: 'post-merge' }),
  'code.ref_update': () => ({ pr: 'github:acme/web#1', state: 'open' }),
  'import.backlog': () => ({ dir: 'no-such-folder' }),
  'import.beads': () => ({ file: 'no-such-file.jsonl' }),
  'import.taskledger': () => ({ dir: 'no-such-folder' }),
  'ledger.authority': () => ({ authority: 'github/acme/elsewhere' }),
  'ledger.adopt': () => ({ task_id: 't-0000000000', from: 'nowhere' }),
  'ledger.fork': ({ mark }) => ({
    name: `side-${mark
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .slice(0, 20)}`,
    switch: false,
  }),
  'ledger.switch': () => ({ name: 'main' }),
  'ledger.policy': () => ({ requires_evidence: false }),
  'parked.drop': () => ({ entry: '0'.repeat(64) }),
  'parked.retry': () => ({ entry: '0'.repeat(64) }),
  'plan.propose': ({ mark }) => ({ goal: mark, todos: [{ text: mark }], acceptance_criteria: [{ text: mark }] }),
  'session.correct': () => ({ session_id: 'abcd', minutes: 5 }),
  'question.answer': ({ mark }) => ({ answers: [`q1: ${mark}`] }),
  'question.dismiss': () => ({ question_id: 'q1' }),
  'project.update': ({ mark }) => ({ title: mark }),
  'hooks.install': () => ({ dry_run: true }),
  leave: () => ({ dry_run: true }),
  setup: () => ({ host: 'claude', dry_run: true }),
  'skill.sync': () => ({ host: ['claude'], dry_run: true }),
  'reserve.claim': ({ mark }) => ({ paths: [mark] }),
  'task.ask': ({ mark }) => ({ origin_ask_ref: `cli:${mark}` }),
  'task.intake': ({ mark }) => ({ from: 'text', file: `${mark}\n`, origin_ask_ref: `cli:${mark}` }),
  'task.check': () => ({ criterion: 'c1' }),
  'task.code_ref': () => ({ ref_type: 'commit', sha: 'a'.repeat(40) }),
  'task.create': ({ mark }) => ({ acceptance_criteria: [{ text: mark }] }),
  'task.create_many': ({ mark }) => ({ tasks: [{ key: 'one', title: `${mark} of many` }] }),
  'task.record': () => ({ evidence: 'it runs' }),
  'task.update': ({ mark }) => ({ title: mark }),
  'todo.block': () => ({ todo_id: 'todo-1' }),
  'todo.done': () => ({ todo_id: 'todo-1' }),
  'todo.get': () => ({ todo_id: 'todo-1' }),
  'todo.open': () => ({ todo_id: 'todo-1' }),
  'todo.skip': () => ({ todo_id: 'todo-1' }),
  'work.log': () => ({ kind: 'progress' }),
  'work.run': () => ({ command: 'git --version' }),
  'file.link': ({ mark }) => ({ path: `src/${mark}.ts` }),
  'validate.check': () => ({ criterion: 'c1', result: 'pass' }),
  'validate.waive': () => ({ criterion: 'c1' }),
};

/** A field of an input that names a record: by an id, or by a key. */
export interface RecordField {
  field: string;
  kind: string;
  many: boolean;
  /** It is a key and the operation makes the record that it names. */
  makes: boolean;
}

function shapeOf(operation: Operation): Record<string, z.ZodMiniType> {
  return defOf(operation.input() as z.ZodMiniType).shape ?? {};
}

/** The record kind behind a key: the field is called like it, or (`parent`) it is the room's own. */
function kindOfKey(operation: Operation, name: string): string {
  return RECORDS.some(({ kind }) => kind === name) ? name : operation.name.split('.')[0]!;
}

/** The fields of an operation that name records. */
export function recordFields(operation: Operation): RecordField[] {
  const shape = shapeOf(operation);
  const found: RecordField[] = [];
  for (const { name, id, many } of inputFields(operation)) {
    if (id) found.push({ field: name, kind: id, many, makes: false });
    else if (infoOf(shape[name]!).key) {
      const makes = /\.(create|upsert|register|tag)$/.test(operation.name) && name === operation.positional;
      found.push({ field: name, kind: infoOf(shape[name]!).of ?? kindOfKey(operation, name), many, makes });
    }
  }
  return found;
}

/** A good input: what is required, from the schema, and what only the table knows. */
export function sampleOf(operation: Operation, things: Things): Record<string, unknown> {
  const shape = shapeOf(operation);
  const named = new Map(recordFields(operation).map(each => [each.field, each]));
  const input: Record<string, unknown> = {};
  for (const field of inputFields(operation)) {
    if (!field.required) continue;
    const record = named.get(field.name);
    const one = record ? (things.ids[record.kind] ?? nowhere(record, things)) : plainValue(field, things);
    const info = infoOf(shape[field.name]!);
    input[field.name] = field.many ? [one] : info.key && record?.makes ? things.mark : one;
  }
  return { ...input, ...OWN[operation.name]?.(things) };
}

/** The id or key of a record that is nowhere. */
function nowhere({ kind }: RecordField, { mark }: Things): string {
  const letter = RECORDS.find(def => def.kind === kind)?.letter;
  return letter ? `${letter}-0000000000` : `${mark}-none`;
}

function plainValue(field: InputField, { mark, actor }: Things): unknown {
  if (field.actor) return actor;
  if (field.choices) return field.choices[0];
  if (field.form?.startsWith('a time')) return '2026-03-02T09:00:00.000Z';
  if (field.form?.startsWith('a day')) return '2026-03-02';
  if (field.form?.startsWith('a duration')) return '15m';
  if (field.kind === 'boolean') return true;
  if (field.kind === 'integer' || field.kind === 'number') return 1;
  if (field.kind === 'json') return field.textProperty ? { [field.textProperty]: mark } : {};
  return mark;
}
