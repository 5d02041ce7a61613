import t from 'tap';
import * as z from 'zod/mini';
import { title } from '../../src/kernel/fields.ts';
import { defineRecord, type RecordDef } from '../../src/kernel/record.ts';
import { RECORDS } from '../../src/rooms/index.ts';
import { OTHER_NAMES, REFERENCE_END, REFERENCE_NAMES } from '../../src/rooms/references.ts';
import { bob, eve, TestOffice } from './office.ts';

interface Def {
  type: string;
  innerType?: z.ZodMiniType;
  element?: z.ZodMiniType;
  in?: z.ZodMiniType;
  valueType?: z.ZodMiniType;
  options?: z.ZodMiniType[];
  shape?: Record<string, z.ZodMiniType>;
}

/** Every string in a schema with the way to it, lists and wrappers left out of the way. */
function strings(schema: z.ZodMiniType, path = ''): { path: string; schema: z.ZodMiniType }[] {
  const def = (schema as unknown as { _zod: { def: Def } })._zod.def;
  const inner = def.innerType ?? def.element ?? def.in ?? def.valueType;
  if (inner) return strings(inner, path);
  if (def.options) return def.options.flatMap(option => strings(option, path));
  if (def.shape)
    return Object.entries(def.shape).flatMap(([name, field]) => strings(field, path === '' ? name : `${path}.${name}`));
  return def.type === 'string' ? [{ path, schema }] : [];
}

/** Ids and keys as records have them. */
const IDS = [
  ...new Set(RECORDS.flatMap(({ letter }) => (letter ? [`${letter}-7k3qz0m4xv`] : []))),
  ...['acme', 'c1', 'q1', 'todo-1', 'v1', 'r1', '1.2.0'],
];

/** True for a string that an id or key fits into, unless it is free text: text is never blank and may be a sentence. */
function takesIds(schema: z.ZodMiniType): boolean {
  const takes = (value: string) => schema.safeParse(value).success;
  const free = takes('Some words, and more!') && !takes('   ');
  return !free && IDS.some(takes);
}

/** The names under which a field may stand in a table, the narrowest first. */
const namesOf = (kind: string, path: string): string[] => {
  const parts = path.split('.');
  return [`${kind} ${path}`, `${kind}.${path}`, parts.slice(-2).join('.'), parts.at(-1)!];
};

const tableName = (kind: string, path: string): string | undefined =>
  namesOf(kind, path).find(name => name in REFERENCE_NAMES || OTHER_NAMES.has(name));

/** Fields of records that could name a record and do not say whether they do. */
const unsaid = (records: readonly RecordDef<unknown>[]): string[] =>
  records.flatMap(({ kind, schema }) =>
    strings(schema() as unknown as z.ZodMiniType)
      .filter(({ path, schema }) => !REFERENCE_END.test(path) && takesIds(schema) && !tableName(kind, path))
      .map(({ path }) => `${kind} ${path}`),
  );

t.test('every field of a record that names another ends in _id or _ref, but those of the list', async t => {
  t.same(unsaid(RECORDS), [], 'call it <kind>_id, or say in src/rooms/references.ts that it names no record');
  const used = new Set(
    RECORDS.flatMap(({ kind, schema }) =>
      strings(schema() as unknown as z.ZodMiniType).map(({ path }) => tableName(kind, path)),
    ),
  );
  for (const name of [...Object.keys(REFERENCE_NAMES), ...OTHER_NAMES])
    t.ok(used.has(name), `${name} is still a field`);
  for (const name of Object.keys(REFERENCE_NAMES)) {
    t.notMatch(name, REFERENCE_END, `${name} needs no exception`);
    t.notOk(OTHER_NAMES.has(name), `${name} is one or the other`);
  }
});

t.test('a new field that names a record is found, however deep it lies and whatever it checks', async t => {
  const found = (shape: Record<string, z.ZodMiniType>) =>
    unsaid([
      defineRecord({
        kind: 'made',
        letter: 'y',
        room: 'made',
        schema: () => z.strictObject(shape) as never,
      }) as RecordDef<unknown>,
    ]);
  t.same(found({ neighbour: z.string() }), ['made neighbour']);
  t.same(found({ next: z.optional(z.array(z.strictObject({ task: z.string().check(z.regex(/^t-/)) }))) }), [
    'made next.task',
  ]);
  t.same(found({ either: z.union([z.int(), z.string().check(z.minLength(1), z.maxLength(64))]) }), ['made either']);
  t.same(
    found({ neighbour_id: z.string(), task_ids: z.array(z.string()), origin_ref: z.string(), project: z.string() }),
    [],
  );
  t.same(found({ title: title(), sha: z.string().check(z.regex(/^[0-9a-f]{64}$/)), many: z.int() }), [], 'no id fits');
});

t.test('what is written as the name of a record stands in a field that says so', async t => {
  const office = new TestOffice();
  await office.does('ledger.init', { namespace: 'refs/ledgenter', authority: 'github/acme/parser' }, eve);
  await office.does('project.create', { project: 'web', title: 'Web' }, eve);
  await office.does('project.create', { project: 'shop', title: 'Shop', parent: 'web' }, eve);
  await office.does('repo.register', { slug: 'site', remote_url: 'https://github.com/acme/site' }, eve);
  await office.does('repo.link', { project: 'web', repo: 'site', role: 'primary' }, eve);
  const first = await office.creates({ title: 'First', project: 'web' });
  const id = await office.creates({ title: 'Second', parent: first, depends_on: [first], assignee: 'ada' });
  await office.does('task.link', { task_id: id, kind: 'related', to: first });
  const { decision_id } = await office.does('decision.log', {
    title: 'A',
    choice: 'b',
    rationale: 'c',
    task_ids: [id],
  });
  await office.does('decision.log', { title: 'A2', choice: 'b', rationale: 'c', supersedes: decision_id });
  await office.does('task.note', { task_id: id, text: 'by this', decision_id });
  await office.does('handoff.create', { to: ['bob'], kind: 'question', title: 'Which?', task_id: id });
  await office.does('knowledge.write', { title: 'K', body: 'b', project: 'web' }, bob);
  await office.does('reserve.claim', { slot: 'deploy', task_id: id });
  await office.does('reserve.claim', { paths: ['src'], task_id: id }, bob);
  await office.does('task.ask', { origin_ask_ref: 'acme/app#1', title: 'Asked', also_asked: ['jira:KEY-1'] });

  const all = await everything(office);
  const names = new Set(
    all.flatMap(({ def, id }) => (def.letter || /^(actor|project|repo)$/.test(def.kind) ? [id] : [])),
  );
  t.ok(all.length > 15 && names.size > 12);
  for (const { def, record } of all)
    for (const { path, value } of values(record)) {
      if (!names.has(value)) continue;
      const says = REFERENCE_END.test(path) || namesOf(def.kind, path).some(name => name in REFERENCE_NAMES);
      // A word may be the name of a record by chance: what the record is called itself.
      t.ok(says || OTHER_NAMES.has(tableName(def.kind, path) ?? ''), `${def.kind} ${path} names ${value}`);
    }
});

/** Every record there is. */
async function everything(
  { state }: TestOffice,
  folder = '',
): Promise<{ def: RecordDef<unknown>; id: string; record: unknown }[]> {
  const found = [];
  for (const name of await state.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`;
    const text = await state.read(path);
    const def = RECORDS.find(one => one.at(path));
    if (text === undefined) found.push(...(await everything({ state } as TestOffice, path)));
    else if (def) found.push({ def, id: def.at(path)!.id, record: JSON.parse(text) });
  }
  return found;
}

function values(value: unknown, path = ''): { path: string; value: string }[] {
  if (typeof value === 'string') return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap(item => values(item, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => values(inner, path === '' ? name : `${path}.${name}`));
}
