import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { BOOK, Stage } from './stage.ts';

/** A home repository with the ledger, and checkouts of a parser and a web site that act on it. */
async function office(dir: string) {
  const stage = new Stage(dir);
  const home = await stage.remote('home.git');
  const planner = await stage.clone(home, 'planner');
  await stage.ok(planner, ['init', '--publish']);
  const checkout = async (name: string, url: string, ready = true) => {
    const cwd = await stage.repository(name);
    await stage.git(cwd, 'remote', 'add', 'origin', url);
    if (ready) await stage.ok(cwd, ['init', '--home', home]);
    return cwd;
  };
  const parser = await checkout('parser', 'https://anna:s3cret-t0ken@github.com/Acme/Parser.git');
  const web = await checkout('web', 'git@gitlab.com:acme/group/web.git');
  const send = async () => {
    await stage.ok(planner, ['sync']);
    for (const cwd of [parser, web]) await stage.ok(cwd, ['sync']);
  };
  const mapFile = stage.path('home', '.ledgenter', 'repos.json');
  return { stage, home, planner, parser, web, checkout, send, mapFile };
}

async function furnished(dir: string) {
  const all = await office(dir);
  const { stage, planner, send } = all;
  const register = ['repo', 'register'];
  await stage.ok(planner, [
    ...register,
    'acme-parser',
    '--remote-url',
    'ssh://git@github.com/acme/parser',
    '--default-branch',
    'trunk',
  ]);
  await stage.ok(planner, [...register, 'acme-web', '--remote-url', 'https://tok3n@gitlab.com/acme/group/web']);
  for (const [project, title] of [
    ['lexer', 'Faster lexing'],
    ['shop', 'The shop'],
    ['talk', 'Talks'],
  ])
    await stage.ok(planner, ['project', 'create', project!, '--title', title!]);
  await stage.ok(planner, ['repo', 'link', 'lexer', '--repo', 'acme-parser', '--paths', 'src/lexer/**']);
  await stage.ok(planner, ['repo', 'link', 'lexer', '--repo', 'acme-web']);
  await stage.ok(planner, ['repo', 'link', 'shop', '--repo', 'acme-web']);
  await stage.ok(planner, ['sync']);
  return { ...all, send };
}

t.test('a claim says whether it was made in the right checkout: mismatch, match, unknown, none', async t => {
  const { stage, home, planner, parser, web, send } = await furnished(t.testdir());
  const lexing = await stage.task(planner, 'Lex numbers', '--project', 'lexer');
  const selling = await stage.task(planner, 'Sell', '--project', 'shop');
  const talking = await stage.task(planner, 'Talk', '--project', 'talk');
  await send();
  const wrong = await stage.ok(parser, ['task', 'claim', selling], { as: 'ben' });
  t.match(wrong, {
    claimed: true,
    project_context: {
      project: { key: 'shop', title: 'The shop', status: 'active' },
      repos: [{ slug: 'acme-web', role: 'primary', fingerprint: 'gitlab/acme/group/web' }],
      repo_match: 'mismatch',
    },
    hints: {
      repo: { match: 'mismatch', expected_repo_slug: 'acme-web', remote_url: 'https://gitlab.com/acme/group/web' },
      next: new RegExp(`acme-web.*ledgenter task release ${selling}`),
    },
  });
  await stage.ok(parser, ['task', 'release', selling, '--sync'], { as: 'ben' });
  const right = await stage.ok(web, ['task', 'claim', selling], { as: 'ben' });
  t.equal(right.project_context.repo_match, 'match');
  t.notOk(right.hints.repo, 'a match spends no words');
  t.match((await stage.ok(parser, ['task', 'claim', lexing], { as: 'ben' })).project_context, {
    repos: [
      { slug: 'acme-parser', role: 'primary', paths: ['src/lexer/**'] },
      { slug: 'acme-web', role: 'secondary' },
    ],
    repo_match: 'match',
  });
  t.match((await stage.ok(parser, ['task', 'claim', talking], { as: 'ben' })).project_context, { repo_match: 'none' });
  const outside = stage.path('nowhere');
  mkdirSync(outside);
  const unknown = await stage.ok(outside, ['task', 'get', lexing], { env: { LEDGENTER_HOME: home } });
  t.match(unknown, {
    project_context: { repo_match: 'unknown' },
    hints: { repo: { match: 'unknown', expected_repo_slug: 'acme-parser', default_branch: 'trunk' } },
  });
  t.match(await stage.run(outside, ['task', 'get', lexing]), {
    code: 78,
    answer: { error: { code: 'NO_REPOSITORY' } },
  });
});

t.test(
  'a machine learns where its checkouts are by working in them, and answers say so; none of it is stored',
  async t => {
    const { stage, home, planner, parser, web, send, mapFile, checkout } = await furnished(t.testdir());
    const id = await stage.task(planner, 'Lex numbers', '--project', 'lexer');
    await send();
    await stage.ok(web, ['task', 'get', id]);
    const known = (): Record<string, string> => JSON.parse(readFileSync(mapFile, 'utf8')).repos;
    t.notOk('gitlab/acme/group/web' in known(), 'reading notes nothing');
    await stage.ok(web, ['task', 'note', id, '--text', 'seen'], { env: { LEDGENTER_REPO_MAP: '0' } });
    t.notOk('gitlab/acme/group/web' in known(), 'nor does a run that must not');
    await stage.ok(web, ['task', 'note', id, '--text', 'seen again']);
    t.equal(known()['gitlab/acme/group/web'], web);
    t.notOk((await stage.ok(web, ['task', 'get', id])).project_context.repos[0].local_path);

    t.match(await stage.ok(parser, ['repo', 'map']), {
      noted: true,
      repos: [{ repo: 'acme-parser', fingerprint: 'github/acme/parser', local_path: parser }, {}, {}],
    });
    const seen = await stage.ok(planner, ['task', 'get', id]);
    t.equal(seen.project_context.repos[0].local_path, parser);
    t.equal(seen.hints.repo.local_path, parser);
    t.ok(seen.hints.next.endsWith(parser));
    const listed = (await stage.ok(planner, ['repo', 'query'])).repos;
    t.same(
      listed.map((row: { local_path?: string }) => row.local_path),
      [parser, web],
    );

    const second = await checkout('parser-2', 'git@github.com:acme/parser.git');
    await stage.ok(second, ['task', 'note', id, '--text', 'from the second checkout']);
    t.equal(known()['github/acme/parser'], parser, 'the first stays');
    t.equal((await stage.ok(second, ['repo', 'query', 'acme-parser'])).repos[0].local_path, second, 'you are here');
    renameSync(parser, stage.path('moved'));
    t.notOk(
      (await stage.ok(planner, ['repo', 'query', 'acme-parser'])).repos[0].local_path,
      'what is gone is not offered',
    );
    await stage.ok(second, ['task', 'note', id, '--text', 'still here']);
    t.equal(known()['github/acme/parser'], second);
    writeFileSync(mapFile, '{ torn');
    t.equal((await stage.run(planner, ['repo', 'query'])).code, 0, 'a damaged map is as good as none');

    await stage.ok(second, ['sync']);
    await stage.ok(planner, ['sync']);
    for (const cwd of [home, planner]) {
      const objects = await stage.git(cwd, 'log', '-p', '--format=%B', BOOK);
      t.notMatch(objects, /local_path|s3cret|tok3n/);
      t.notOk(objects.includes(stage.dir), 'no path of this machine');
    }
    t.same(await stage.faults(planner), []);
  },
);

t.test('only claims what can be worked on here: repository_ids and --mapped-only', async t => {
  const { stage, planner, parser, web, send, mapFile } = await furnished(t.testdir());
  for (const [title, project] of [
    ['Sell', 'shop'],
    ['Talk', 'talk'],
  ])
    await stage.task(planner, title!, '--project', project!);
  await send();
  const ben = { as: 'ben' };
  const claim = (cwd: string, ...flags: string[]) => stage.run(cwd, ['task', 'claim', ...flags], ben);

  const fresh = { ...ben, env: { LEDGENTER_REPO_MAP: '0' } };
  writeFileSync(mapFile, '{"version":1,"repos":{}}');
  t.match(await stage.run(parser, ['task', 'claim', '--mapped-only'], fresh), {
    code: 78,
    answer: { ok: false, error: { code: 'NO_REPO_MAP', hint: 'ledgenter repo map' } },
  });
  await stage.ok(planner, ['repo', 'map']);
  t.match(await claim(parser, '--mapped-only'), { code: 78, answer: { error: { hint: 'ledgenter repo map' } } });

  await stage.ok(parser, ['repo', 'map']);
  const empty = await claim(parser, '--mapped-only');
  t.match(empty, { code: 1, answer: { ok: true, claimed: false, pool_outside_filter: 2, reason: /2 .*outside/ } });
  t.match(empty.answer.reason, /ledgenter repo map/);
  for (const name of ['acme-parser', 'github/acme/parser', 'ssh://git@github.com/ACME/parser.git'])
    t.match(await claim(parser, '--repository-ids', name), { code: 1, answer: { pool_outside_filter: 2 } }, name);
  t.match(await stage.run(parser, ['task', 'query', '--repository-ids', 'acme-web']), {
    code: 0,
    answer: { total: 1, tasks: [{ title: 'Sell' }] },
  });
  t.match(await claim(parser, '--repository-ids', 'nowhere'), { code: 66 });
  const secret = await claim(parser, '--repository-ids', 'https://x:tok3n@github.com/acme/parser');
  t.equal(secret.code, 65, 'a name with a secret in it is refused');
  t.notMatch(secret.out, /tok3n/);

  await stage.ok(web, ['repo', 'map']);
  t.match(await claim(parser, '--mapped-only'), { code: 0, answer: { claimed: true, task: { title: 'Sell' } } });
  t.match(await claim(parser, '--repository-ids', 'acme-web,acme-parser'), {
    code: 1,
    answer: { claimed: false, pool_outside_filter: 1 },
  });
  t.match(await claim(parser), { code: 0, answer: { task: { title: 'Talk' } } });
  t.match(await claim(parser, '--mapped-only'), { code: 1, answer: { pool_outside_filter: 0 } }, 'a quiet ledger');
});

t.test('16 processes that write at once in 16 checkouts are all on the map', async t => {
  const { stage, planner, home, mapFile, send } = await office(t.testdir());
  const id = await stage.task(planner, 'Everywhere');
  await send();
  const folders: string[] = [];
  for (let n = 0; n < 16; n++) {
    const cwd = await stage.repository(`r${n}`);
    await stage.git(cwd, 'remote', 'add', 'origin', `https://git.example.com/team/r${n}.git`);
    folders.push(cwd);
  }
  const env = { LEDGENTER_HOME: home };
  const ran = await Promise.all(
    folders.map((cwd, n) => stage.run(cwd, ['task', 'note', id, '--kind', 'comment', '--text', `from ${n}`], { env })),
  );
  t.same(
    ran.map(({ code }) => code),
    folders.map(() => 0),
  );
  const { repos } = JSON.parse(readFileSync(mapFile, 'utf8'));
  for (const [n, cwd] of folders.entries()) t.equal(repos[`git.example.com/team/r${n}`], cwd);
  t.notOk(existsSync(join(mapFile, '..', 'repos.json.lock')));
});
