import fc from 'fast-check';
import t from 'tap';
import * as z from 'zod/mini';
import { recordId } from '../../src/kernel/ids.ts';
import { defineRecord } from '../../src/kernel/record.ts';
import { type FileChange, Overlay, type Reader, View } from '../../src/kernel/view.ts';

/** The model: a plain map from path to text, with folders as git has them (a folder is there while a file is in it). */
class Model implements Reader {
  readonly files: Map<string, string>;
  constructor(files: Iterable<[string, string]> = []) {
    this.files = new Map(files);
  }
  apply(changes: Iterable<FileChange>): void {
    for (const { path, text } of changes) {
      if (text === null) this.files.delete(path);
      else this.files.set(path, text);
    }
  }
  async read(path: string): Promise<string | undefined> {
    return this.files.get(path);
  }
  async list(folder: string): Promise<string[]> {
    const head = folder === '' ? '' : `${folder}/`;
    const names = [...this.files.keys()]
      .filter(path => path.startsWith(head))
      .map(path => path.slice(head.length).split('/')[0]!);
    return [...new Set(names)].sort();
  }
}

const PATHS = ['ledger.json', 'tasks/a/b/t1/task.json', 'tasks/a/b/t1/notes/n1.json', 'tasks/a/b/t1/notes/n2.json'];
PATHS.push(
  'tasks/a/b/t2/task.json',
  'tasks/a/c/t3/task.json',
  'tasks/z/z/t4/task.json',
  'projects/web.json',
  'actors/al.json',
);
const FOLDERS = [
  ...new Set(['', ...PATHS.flatMap(path => path.split('/').map((_, n, parts) => parts.slice(0, n).join('/')))]),
];

const change = fc.record({
  path: fc.constantFrom(...PATHS),
  text: fc.oneof(fc.constant(null), fc.constantFrom('', 'x', 'y')),
});
const changes = fc.array(change, { maxLength: 14 });
const steps = fc.array(changes, { maxLength: 4 });

async function agree(overlay: Reader, model: Model): Promise<void> {
  for (const path of [...PATHS, 'absent.json', 'tasks']) {
    const [here, there] = [await overlay.read(path), await model.read(path)];
    if (here !== there) throw new Error(`read ${path}: ${here} for ${there}`);
  }
  for (const folder of [...FOLDERS, 'absent']) {
    const [here, there] = [JSON.stringify(await overlay.list(folder)), JSON.stringify(await model.list(folder))];
    if (here !== there) throw new Error(`list ${JSON.stringify(folder)}: ${here} for ${there}`);
  }
}

t.test('an overlay reads and lists like the files it stands for', async () => {
  await fc.assert(
    fc.asyncProperty(changes, steps, async (below, above) => {
      const base = new Model();
      base.apply(below);
      const model = new Model(base.files);
      const overlay = new Overlay(base);
      for (const step of above) {
        overlay.apply(step);
        model.apply(step);
        await agree(overlay, model);
      }
    }),
    { numRuns: 400 },
  );
});

t.test('overlays lie on overlays, and the one below stays as it was', async () => {
  await fc.assert(
    fc.asyncProperty(changes, changes, changes, async (below, middle, top) => {
      const base = new Model();
      base.apply(below);
      const lower = new Overlay(base, middle);
      const upper = new Overlay(lower, top);
      const model = new Model(base.files);
      model.apply(middle);
      await agree(lower, model);
      model.apply(top);
      await agree(upper, model);
    }),
    { numRuns: 200 },
  );
});

t.test('a view answers by point look-ups', async t => {
  const schema = () => z.strictObject({ n: z.number() });
  const task = defineRecord<{ n: number }>({ kind: 'task', letter: 't', room: 'tasks', file: 'task.json', schema });
  const note = defineRecord<{ n: number }>({ kind: 'note', letter: 'n', room: 'notes', owner: task as never, schema });
  const [a, b] = [recordId('t', 'a'), recordId('t', 'b')];
  const [n1, n2] = [recordId('n', '1'), recordId('n', '2')];
  const files = [task.put(a, { n: 1 }), note.put(n1, { n: 2 }, a), note.put(n2, { n: 3 }, a)];
  const view = new View(
    new Overlay(new Model(), [...files, { path: `${note.folder(a)}/README.md`, text: 'not a note' }]),
  );
  t.same(await view.get(task, a), { n: 1 });
  t.equal(await view.get(task, b), undefined);
  t.same(await view.ids(note, a), [n1, n2].sort(), 'a file that is no record is not listed');
  t.same(await view.ids(note, b), []);
  t.same((await view.all(note, a)).map(({ record }) => record.n).sort(), [2, 3]);
  t.same(await view.matching(task, a.slice(2, 6)), [a]);
  t.same(await view.matching(task, a.slice(2)), [a]);
  t.same(await view.matching(task, b.slice(2, 6)), []);
});
