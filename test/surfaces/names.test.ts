import t from 'tap';
import type * as z from 'zod/mini';
import { Rulebook } from '../../src/book/rulebook.ts';
import { resolveNames } from '../../src/exchange/input.ts';
import type { LedgerError } from '../../src/kernel/errors.ts';
import { recordId } from '../../src/kernel/ids.ts';
import { refuseSecretNames } from '../../src/kernel/redact/input.ts';
import { View } from '../../src/kernel/view.ts';
import { LAWS, RECORDS, OPERATIONS as ROOMS } from '../../src/rooms/index.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { secretShapes } from '../kernel/secret-shapes.ts';
import { places, withAt } from './places.ts';

const all = OPERATIONS.flatMap(operation =>
  places(operation.input() as z.ZodMiniType).map(place => ({
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
    // What lies in the folder of another record is named with it.
    const { owner } = def;
    const its = owner ? { [`${owner.kind}_id`]: recordId(owner.letter, 'its') } : {};
    const list = async (folder: string) => {
      const named = owner && !folder.includes(`/${def.room}`) ? recordId(owner.letter, 'its').slice(2) : body;
      return [def.file || named !== body ? named : `${body}.json`];
    };
    const view = new View({ read: async () => undefined, list });
    for (const given of [id, id.slice(0, 6), body.slice(0, 4), id.toUpperCase()])
      t.same(
        await resolveNames(operation.input(), withAt(its, path, given) as never, { rulebook, view, actor: 'anna' }),
        withAt(its, path, id),
        `${name}: ${given}`,
      );
    const bad = withAt(its, path, body.slice(0, 3)) as never;
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
        await resolveNames(operation.input(), withAt({}, path, given) as never, { rulebook, view, actor: 'anna' }),
        withAt({}, path, 'anna'),
        name,
      );
  t.ok(
    marked.some(({ operation, info }) => operation.name === 'task.query' && info.unassigned),
    'and the assignee of a query may be unassigned',
  );
});

/** Fields that are called like an actor or an id and are neither, by operation and name or by name. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'actor.register actor': 'the name that is entered',
  'ledger.adopt task_id': 'an id of the other ledger, resolved there',
  'ledger.adopt from': 'a ledger',
  question_id: 'a key within its task (q1)',
  todo_id: 'a key within its task (todo-1)',
  'session.correct session_id': 'the root of a claim: there is no record of a session',
  repository_ids: 'a slug, or what identifies a repository anywhere',
};

t.test('no field that names an actor or a record goes unmarked', async t => {
  const actors = /^(actor|assignee|owner|reviewer|holder|from|to|by|recipient)s?$/;
  for (const { path, info, name } of all) {
    const field = String(path.filter(step => step !== 0).at(-1));
    if (name in OTHERWISE || field in OTHERWISE) continue;
    if (/_ids?$/.test(field)) t.ok(info.id !== undefined, `${name} is an id`);
    else if (actors.test(field)) t.ok(info.actor || info.id !== undefined, `${name} is an actor`);
  }
});

t.test('no field for a name takes a secret, in whatever case it is kept', async t => {
  const named = all.filter(({ info }) => info.key || info.actor || info.verbatim);
  t.ok(named.length > 20);
  const secrets = secretShapes().filter(({ text }) => !/\s/.test(text));
  for (const { operation, path, name } of named) {
    const taken = secrets.filter(({ text }) => {
      try {
        refuseSecretNames(operation.input(), withAt({}, path, text));
        return true;
      } catch (error) {
        return (error as LedgerError).code !== 'BAD_INPUT';
      }
    });
    t.same(taken, [], name);
  }
});
