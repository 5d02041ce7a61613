import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type * as z from 'zod/mini';
import { defOf } from '../../src/kernel/fields.ts';
import { RECORDS } from '../../src/rooms/index.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { RepoMapFile } from '../../src/surfaces/repos/map.ts';
import { overlay } from '../../src/surfaces/repos/overlay.ts';

function stage(dir: string) {
  const file = join(dir, '.ledgenter', 'repos.json');
  const checkout = (name: string): string => {
    mkdirSync(join(dir, name, '.git'), { recursive: true });
    return join(dir, name);
  };
  return { map: new RepoMapFile(file), file, checkout, text: () => readFileSync(file, 'utf8') };
}

t.test('a checkout is noted once; the first stays while it is there, unless another is meant', async t => {
  const { map, checkout, text } = stage(t.testdir());
  const [one, two] = [checkout('one'), checkout('two')];
  t.ok(await map.remember('github/acme/parser', one));
  t.ok(await map.remember('github/acme/parser', two));
  t.same(JSON.parse(text()), { version: 1, repos: { 'github/acme/parser': one } });
  t.ok(await map.remember('github/acme/parser', two, true));
  t.equal(map.live().get('github/acme/parser'), two);
  rmSync(two, { recursive: true });
  t.same([...map.live()], [], 'what is gone is not offered');
  t.ok(await map.remember('github/acme/parser', one));
  t.equal(map.live().get('github/acme/parser'), one, 'and gives way');
});

t.test('a folder is one repository: what it was before its remote changed is forgotten', async t => {
  const { map, checkout } = stage(t.testdir());
  const [folder, gone] = [checkout('folder'), checkout('gone')];
  await map.remember('github/acme/old', folder);
  await map.remember('github/acme/gone', gone);
  await map.remember('github/acme/new', folder);
  t.same([...map.all().keys()], ['github/acme/gone', 'github/acme/new']);
  rmSync(gone, { recursive: true });
  await map.remember('github/acme/new', folder, true);
  t.same([...map.all().keys()], ['github/acme/new'], 'asked for, the map is put in order');
});

t.test('a damaged map is ignored and written anew; one of a later version is left alone', async t => {
  const { map, file, checkout, text } = stage(t.testdir());
  const folder = checkout('folder');
  mkdirSync(join(file, '..'), { recursive: true });
  for (const bad of [
    '',
    '{',
    '[]',
    'null',
    '{"version":1,"repos":[]}',
    '{"version":1,"repos":{"../x":"/a","a/b":7,"c/d":"rel"}}',
  ]) {
    writeFileSync(file, bad);
    t.equal(map.all().size, 0, bad);
    t.ok(await map.remember('a/b', folder));
    t.same(JSON.parse(text()).repos, { 'a/b': folder });
  }
  const later = '{"version":2,"repos":{"a/b":{"at":"elsewhere"}}}';
  writeFileSync(file, later);
  t.notOk(await map.remember('a/c', folder));
  t.equal(text(), later);
});

t.test('a map that cannot be kept, and names that are none, throw nothing', async t => {
  const dir = t.testdir({ '.ledgenter': 'a file' });
  const { map, checkout } = stage(dir);
  t.notOk(await map.remember('a/b', checkout('x')));
  t.notOk(await new RepoMapFile(undefined).remember('a/b', checkout('x')));
  t.equal(new RepoMapFile(undefined).live().size, 0);
  t.notOk(await RepoMapFile.of({}).remember('a/b', checkout('x')), 'without a home there is no map');
  const { map: good, checkout: at } = stage(t.testdir());
  for (const [name, folder] of [
    ['no name', at('y')],
    ['a/b', 'relative'],
    ['a/b', `${at('y')}\n`],
  ] as const)
    t.notOk(await good.remember(name, folder));
  t.equal(good.all().size, 0);
});

t.test('many writers at once lose none, and leave nothing beside the map', async t => {
  const { map, file, checkout } = stage(t.testdir());
  const folders = Array.from({ length: 24 }, (_, n) => checkout(`c${n}`));
  await Promise.all(folders.map((folder, n) => new RepoMapFile(file).remember(`host/team/c${n}`, folder)));
  t.same([...map.live().values()].sort(), [...folders].sort());
  t.same(readdirSync(join(file, '..')), ['repos.json']);
});

t.test('a path is laid over the rows of repositories of an answer, wherever they are', async t => {
  const where = (name: string) => (name === 'a/b' ? '/here' : undefined);
  const answer = {
    ok: true,
    repos: [{ fingerprint: 'a/b' }, { fingerprint: 'c/d' }],
    project_context: { repos: [{ slug: 'b', fingerprint: 'a/b' }] },
    hints: { repo: { fingerprint: 'a/b' }, next: 'Go there' },
  };
  const before = JSON.stringify(answer);
  t.match(overlay(answer, where), {
    repos: [{ local_path: '/here' }, { local_path: undefined }],
    project_context: { repos: [{ slug: 'b', local_path: '/here' }] },
    hints: { repo: { local_path: '/here' }, next: /Here it is \/here$/ },
  });
  t.equal(JSON.stringify(answer), before, 'the answer itself is left as it was');
  t.same(overlay({ ok: true, total: 0 }, where), { ok: true, total: 0 });
});

t.test('no record and no input has a place for local_path: whoever forges one breaks record.schema', t => {
  const open: string[] = [];
  const walk = (schema: z.ZodMiniType, at: string, seen: Set<unknown>): void => {
    if (!schema || seen.has(schema)) return;
    seen.add(schema);
    const def = defOf(schema) as ReturnType<typeof defOf> & Record<string, unknown>;
    if (def.type === 'object') {
      const unknown = def.catchall as z.ZodMiniType | undefined;
      if (!unknown || defOf(unknown).type !== 'never') open.push(at);
      for (const [name, field] of Object.entries(def.shape ?? {})) {
        if (name === 'local_path') open.push(`${at}.${name}`);
        walk(field, `${at}.${name}`, seen);
      }
    }
    for (const part of ['innerType', 'element', 'in', 'out', 'valueType', 'left', 'right'])
      if (def[part]) walk(def[part] as z.ZodMiniType, `${at}.${part}`, seen);
    for (const option of (def.options as z.ZodMiniType[] | undefined) ?? []) walk(option, at, seen);
  };
  for (const record of RECORDS) walk(record.schema() as z.ZodMiniType, record.kind, new Set());
  for (const operation of OPERATIONS) walk(operation.input() as z.ZodMiniType, operation.name, new Set());
  t.same(open, []);
  t.ok(RECORDS.length > 10);
  t.end();
});
