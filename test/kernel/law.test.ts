import t from 'tap';
import * as z from 'zod/mini';
import type { Entry } from '../../src/kernel/entry.ts';
import { defineLaw, defineRecordLaw, judge, type Transition } from '../../src/kernel/law.ts';
import { defineRecord, type RecordDef } from '../../src/kernel/record.ts';
import { Overlay, View } from '../../src/kernel/view.ts';

const empty = new View(new Overlay({ read: async () => undefined, list: async () => [] }));
const schema = () => z.strictObject({ n: z.number() });
const project = defineRecord<{ n: number }>({ kind: 'project', room: 'projects', schema });
const actor = defineRecord<{ n: number }>({ kind: 'actor', room: 'actors', schema });

function transition(format: number, changes: Transition['changes'] = []): Transition {
  return { before: empty, after: empty, entry: { intent: { format } } as Entry, proof: { state: 'none' }, changes };
}
const broken = (id: string, range: { since?: number; until?: number } = {}) =>
  defineLaw({
    id,
    says: 'Never.',
    enforcedBy: 'kernel/law.test.ts',
    ...range,
    check: () => ({ message: `${id} is broken` }),
  });
const kept = defineLaw({ id: 'kept', says: 'Always.', enforcedBy: 'kernel/law.test.ts', check: () => undefined });

t.test('an entry is judged by the laws of its own format', async t => {
  const laws = [broken('old', { until: 2 }), broken('middle', { since: 2, until: 3 }), broken('new', { since: 4 })];
  const judged: Record<number, string | undefined> = {};
  for (const format of [1, 2, 3, 4, 9]) judged[format] = (await judge(laws, transition(format)))[0]?.law;
  t.same(judged, { 1: 'old', 2: 'old', 3: 'middle', 4: 'new', 9: 'new' });
  t.same(await judge([broken('later', { since: 2 })], transition(1)), []);
});

t.test('the first law that is broken is named, with a code and what it found', async t => {
  t.same(await judge([kept, broken('first'), broken('second')], transition(1)), [
    { code: 'REFUSED', message: 'first is broken', law: 'first' },
  ]);
  t.same(await judge([kept, kept], transition(1)), []);
  const gate = defineLaw({
    id: 'gate',
    says: 'Gates.',
    enforcedBy: 'kernel/law.test.ts',
    check: async () => [
      { code: 'GATE', message: 'a', hint: 'h' },
      { message: 'b', details: { x: 1 } },
    ],
  });
  t.same(await judge([gate], transition(1)), [
    { code: 'GATE', message: 'a', hint: 'h', law: 'gate' },
    { code: 'REFUSED', message: 'b', details: { x: 1 }, law: 'gate' },
  ]);
});

t.test('a law on a record sees the changes of its kind alone, and names the path', async t => {
  const seen: string[] = [];
  const law = defineRecordLaw<{ n: number }>({
    id: 'small',
    says: 'n stays under 10.',
    enforcedBy: 'kernel/law.test.ts',
    on: project,
    check(change) {
      seen.push(change.id);
      return (change.after?.n ?? 0) < 10 ? undefined : { message: `n is ${change.after!.n}` };
    },
  });
  const change = (def: RecordDef<{ n: number }>, id: string, n: number) => ({
    def: def as unknown as RecordDef<unknown>,
    id,
    path: def.path(id),
    after: { n },
  });
  const changes = [change(project, 'a', 1), change(actor, 'b', 99), change(project, 'c', 12), change(project, 'd', 13)];
  t.same(await judge([law], transition(1, changes)), [
    { code: 'REFUSED', message: 'n is 12', law: 'small', path: 'projects/c.json' },
    { code: 'REFUSED', message: 'n is 13', law: 'small', path: 'projects/d.json' },
  ]);
  t.same(seen, ['a', 'c', 'd']);
  t.same(await law.check(transition(1)), []);
});

t.test('a law that throws is not a law that holds', async t => {
  const law = defineLaw({
    id: 'faulty',
    says: 'x',
    enforcedBy: 'kernel/law.test.ts',
    check: () => {
      throw new Error('fault');
    },
  });
  await t.rejects(judge([law], transition(1)), { message: 'fault' });
});
