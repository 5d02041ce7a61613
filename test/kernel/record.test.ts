import fc from 'fast-check';
import t from 'tap';
import * as z from 'zod/mini';
import { recordId } from '../../src/kernel/ids.ts';
import { defineRecord, isKey, type RecordDef } from '../../src/kernel/record.ts';

const schema = () => z.strictObject({ a: z.number() });
type R = { a: number };
const task = defineRecord<R>({ kind: 'task', letter: 't', room: 'tasks', file: 'task.json', schema });
const note = defineRecord<R>({
  kind: 'note',
  letter: 'n',
  room: 'notes',
  owner: task as unknown as RecordDef<unknown>,
  schema,
});
const project = defineRecord<R>({ kind: 'project', room: 'projects', schema });
const book = defineRecord<R>({ kind: 'book', room: 'books', file: 'book.json', schema });
const page = defineRecord<R>({
  kind: 'page',
  room: 'pages',
  owner: book as unknown as RecordDef<unknown>,
  file: 'page.json',
  schema,
});
const link = defineRecord<R>({ kind: 'link', letter: 'l', room: 'links', schema });

const id = (letter: string) => fc.string().map(text => recordId(letter, text));
const key = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,10}[a-z0-9]$/).filter(isKey);

t.test('a path leads back to its id: fanned, sub-record, by key', async () => {
  fc.assert(
    fc.property(id('t'), id('n'), id('l'), (taskId, noteId, linkId) => {
      const body = taskId.slice(2);
      return (
        task.path(taskId) === `tasks/${body[0]}/${body[1]}/${body}/task.json` &&
        task.at(task.path(taskId))?.id === taskId &&
        note.path(noteId, taskId) === `tasks/${body[0]}/${body[1]}/${body}/notes/${noteId.slice(2)}.json` &&
        JSON.stringify(note.at(note.path(noteId, taskId))) === JSON.stringify({ id: noteId, parent: taskId }) &&
        note.idOfName(note.path(noteId, taskId).split('/').at(-1)!) === noteId &&
        link.at(link.path(linkId))?.id === linkId &&
        task.fanFolder(body) === `tasks/${body[0]}/${body[1]}`
      );
    }),
  );
  fc.assert(
    fc.property(key, name => {
      return project.path(name) === `projects/${name}.json` && project.at(`projects/${name}.json`)?.id === name;
    }),
  );
});

t.test('a path of one kind is none of another', async t => {
  const taskId = recordId('t', 'x');
  const noteId = recordId('n', 'x');
  const paths = [task.path(taskId), note.path(noteId, taskId), project.path('web'), link.path(recordId('l', 'x'))];
  const defs = [task, note, project, link] as const;
  for (const [d, def] of defs.entries()) {
    for (const [p, path] of paths.entries()) t.equal(def.at(path) !== undefined, d === p, `${def.kind} at ${path}`);
  }
});

const HOSTILE = [
  ...[
    '',
    '.',
    '..',
    '../..',
    '../../x',
    'a/../b',
    '/etc/passwd',
    'a/b',
    'a\\b',
    '..\\..',
    'C:',
    'C:\\x',
    '\\\\server\\share',
    '~',
    '~/x',
  ],
  ...[
    'con',
    'CON',
    'nul',
    'prn',
    'aux',
    'com1',
    'lpt9',
    'con.txt',
    'com0',
    'a.',
    '.a',
    '-a',
    'a..b',
    'a b',
    'A',
    'é',
    'ａ',
    'a\u0301',
  ],
  ...[
    'a\0',
    '\0',
    'a\n',
    '\u202eabc',
    '%2e%2e',
    'a%2fb',
    'x'.repeat(65),
    't-',
    't-abc',
    't-7k3qz0m4x',
    't-7k3qz0m4xvv',
    't-7K3QZ0M4XV',
  ],
  ...[
    't-7k3qz0m4xi',

    't-../../../ab',
    't-7k3qz0m4x/',
    't-7k3qz0m4x\0',
    'task.json',
    '__proto__',
    'constructor/..',
  ],
];

t.test('hostile ids never reach a path', async t => {
  for (const text of HOSTILE) {
    t.throws(() => task.path(text), RangeError, JSON.stringify(text));
    t.throws(() => note.path(recordId('n', 'x'), text), RangeError);
    t.throws(() => note.path(text, recordId('t', 'x')), RangeError);
    t.throws(() => task.put(text, { a: 1 }), RangeError);
    t.throws(() => task.remove(text), RangeError);
  }
  for (const text of HOSTILE.filter(text => !/^t-7k|^t-abc$|^task\.json$/.test(text) || /[\0/A-Z]/.test(text))) {
    t.throws(() => project.path(text), RangeError, JSON.stringify(text));
  }
  t.throws(() => note.path(recordId('n', 'x')), RangeError, 'a sub-record needs its owner');
});

t.test('whatever the id, a path stays in its room and in plain characters', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(...HOSTILE),
    fc.stringMatching(/^[a-z0-9./\\-]{0,12}$/),
  );
  fc.assert(
    fc.property(text, text, (a, b) => {
      for (const make of [() => task.path(a), () => note.path(a, b), () => project.path(a), () => page.path(a, b)]) {
        let path: string;
        try {
          path = make();
        } catch (error) {
          if (error instanceof RangeError) continue;
          throw error;
        }
        if (
          !/^(?:tasks|projects|books)\/[a-z0-9._/-]+\.json$/.test(path) ||
          path.split('/').some(part => /^\.*$/.test(part))
        )
          return false;
      }
      return true;
    }),
    { numRuns: 1000 },
  );
});

t.test('whatever the path, `at` answers only for a path it would write', async () => {
  const part = fc.constantFrom(
    'tasks',
    'notes',
    '7',
    'k',
    '7k3qz0m4xv',
    '7k3qz0m4xv.json',
    'task.json',
    '..',
    '.',
    '',
    'projects',
    'con.json',
    'web.json',
    'x',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), parts => {
      const path = parts.join('/');
      return [task, note, project, book, page, link].every(def => {
        const found = def.at(path);
        return found === undefined || def.path(found.id, found.parent) === path;
      });
    }),
    { numRuns: 2000 },
  );
});

t.test('keys', async t => {
  for (const text of ['a', 'web', 'a-b', 'a.b', 'a_b', '0', 'x'.repeat(64), 'console', 'com10', 'nulls'])
    t.ok(isKey(text), text);
  for (const text of ['con', 'nul.x', 'com1', 'A', '', 'a..b', 'a-', '.git', 'x'.repeat(65), 'a/b', 'ä'])
    t.notOk(isKey(text), text);
});

t.test('a sub-record needs an owner with a folder of its own', async t => {
  const owner = project as unknown as RecordDef<unknown>;
  t.throws(() => defineRecord<R>({ kind: 'leaf', letter: 'x', room: 'leaves', owner, schema }), TypeError);
  t.same(page.at(page.path('intro', 'guide')), { id: 'intro', parent: 'guide' });
});

t.test('put writes canonical JSON, remove takes the file away', async t => {
  const taskId = recordId('t', 'x');
  t.same(task.put(taskId, { a: 1 }), { path: task.path(taskId), text: '{"a":1}\n' });
  t.same(task.remove(taskId), { path: task.path(taskId), text: null });
});
