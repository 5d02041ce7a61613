import t from 'tap';
import type * as z from 'zod/mini';
import { Rulebook } from '../../src/book/rulebook.ts';
import { resolveNames } from '../../src/exchange/input.ts';
import { type FieldInfo, infoOf } from '../../src/kernel/fields.ts';
import { recordId } from '../../src/kernel/ids.ts';
import { View } from '../../src/kernel/view.ts';
import { LAWS, RECORDS, OPERATIONS as ROOMS } from '../../src/rooms/index.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';

type Schema = z.ZodMiniType;
interface Def {
  type: string;
  innerType?: Schema;
  element?: Schema;
  shape?: Record<string, Schema>;
  options?: Schema[];
  in?: Schema;
  valueType?: Schema;
}

/** A place in an input: how to reach it, what its field says of itself. */
interface Place {
  path: (string | 0)[];
  info: FieldInfo;
}

/** Every string that an input may hold. */
function places(schema: Schema, path: (string | 0)[] = [], above: FieldInfo = {}): Place[] {
  const { def } = (schema as unknown as { _zod: { def: Def } })._zod;
  const own = infoOf(schema);
  const info = Object.keys(own).length > 0 ? own : above;
  if (def.type === 'string' || def.type === 'enum') return [{ path, info }];
  if (def.shape) return Object.entries(def.shape).flatMap(([name, field]) => places(field, [...path, name]));
  if (def.element) return places(def.element, [...path, 0], info);
  if (def.valueType) return places(def.valueType, [...path, 'any'], info);
  const inner = [def.innerType, def.in, ...(def.options ?? [])].filter(one => one !== undefined);
  return inner.flatMap(one => places(one, path, info));
}

/** `{a: [{b: value}]}` for the path `a`, 0, `b`. */
const holding = (path: (string | 0)[], value: string): unknown =>
  path.reduceRight<unknown>((held, step) => (step === 0 ? [held] : { [step]: held }), value);

const all = OPERATIONS.flatMap(operation =>
  places(operation.input() as Schema).map(place => ({
    operation,
    ...place,
    name: `${operation.name} ${place.path.join('.')}`,
  })),
);
const rulebook = new Rulebook({ records: RECORDS, laws: LAWS, operations: ROOMS });

t.test('every field that takes an id takes any unique prefix of four characters', async t => {
  const marked = all.filter(({ info }) => info.id !== undefined);
  t.ok(marked.length > 10);
  for (const { operation, path, info, name } of marked) {
    const def = RECORDS.find(({ kind }) => kind === info.id);
    if (!def?.letter) {
      t.fail(`${name}: there is no kind ${info.id} with ids`);
      continue;
    }
    const id = recordId(def.letter, 'one');
    const body = id.slice(2);
    const view = new View({ read: async () => undefined, list: async () => [def.file ? body : `${body}.json`] });
    for (const given of [id, id.slice(0, 6), body.slice(0, 4), id.toUpperCase()])
      t.same(
        await resolveNames(operation.input(), holding(path, given) as never, { rulebook, view, actor: 'anna' }),
        holding(path, id),
        `${name}: ${given}`,
      );
    const bad = holding(path, body.slice(0, 3)) as never;
    await t.rejects(
      resolveNames(operation.input(), bad, { rulebook, view, actor: 'anna' }),
      { code: 'NOT_FOUND' },
      name,
    );
  }
});

t.test('every field that takes an actor takes me', async t => {
  const marked = all.filter(({ info }) => info.actor);
  t.ok(marked.length > 8);
  const view = new View({ read: async () => undefined, list: async () => [] });
  for (const { operation, path, name } of marked)
    for (const given of ['me', 'Me'])
      t.same(
        await resolveNames(operation.input(), holding(path, given) as never, { rulebook, view, actor: 'anna' }),
        holding(path, 'anna'),
        name,
      );
  t.ok(
    marked.some(({ operation, info }) => operation.name === 'task.query' && info.unassigned),
    'and the assignee of a query may be unassigned',
  );
});

/** Fields that are called like an actor or an id and are neither. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'actor.register actor': 'the name that is entered',
  'task.query repository_ids.0': 'a slug, or what identifies a repository anywhere',
  'task.claim repository_ids.0': 'a slug, or what identifies a repository anywhere',
};

t.test('no field that names an actor or a record goes unmarked', async t => {
  const actors = /^(actor|assignee|owner|reviewer|holder|from|to|by|recipient)s?$/;
  for (const { path, info, name } of all) {
    const field = String(path.filter(step => step !== 0).at(-1));
    if (name in OTHERWISE) continue;
    if (/_ids?$/.test(field)) t.ok(info.id !== undefined, `${name} is an id`);
    else if (actors.test(field)) t.ok(info.actor || info.id !== undefined, `${name} is an actor`);
  }
});
