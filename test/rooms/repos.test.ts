import t from 'tap';
import { type Project, projectRecord } from '../../src/rooms/projects/record.ts';
import { cleanUrl, isInside, nameOf } from '../../src/rooms/repos/fields.ts';
import { repoNamed } from '../../src/rooms/repos/names.ts';
import { type Repo, repoRecord } from '../../src/rooms/repos/record.ts';
import { ada, bob, eve, operationOf, TestOffice } from './office.ts';

async function begin() {
  const office = new TestOffice();
  await office.does('project.create', { project: 'lexer', title: 'Faster lexing' });
  await office.does('repo.register', { slug: 'parser', remote_url: 'git@github.com:Acme/Parser.git' });
  await office.does('repo.register', { slug: 'web', remote_url: 'https://github.com/acme/web' });
  return office;
}

t.test('an address is kept without user, password and query; a path becomes a fingerprint', async t => {
  const kept: Record<string, string> = {
    'https://user:s3cret@github.com/acme/web.git?token=1#x': 'https://github.com/acme/web.git',
    'ssh://git@github.com:22/acme/web': 'ssh://git@github.com:22/acme/web',
    'ssh://ghp_secret@github.com/acme/web': 'ssh://github.com/acme/web',
    'git@github.com:acme/web.git': 'git@github.com:acme/web.git',
    'ghp_secret@github.com:acme/web.git': 'github.com:acme/web.git',
  };
  for (const [given, wanted] of Object.entries(kept)) t.equal(cleanUrl(given), wanted, given);
  for (const path of ['/srv/git/web.git', 'file:///srv/git/web.git', 'C:\\git\\web', '\\\\host\\share\\web'])
    t.match(cleanUrl(path), /^local\/[0-9a-z]{10}$/, path);
  for (const bad of ['web', '../web', 'ext::sh -c id', 'javascript://x/y', 'u:p@host:x/y', 'https://', 'a b'])
    t.equal(cleanUrl(bad), undefined, bad);
  for (const path of ['packages/web', 'src/**', '.github/x']) t.ok(isInside(path), path);
  for (const path of ['', '/etc', '../x', 'a/../b', 'C:/x', '~/x', 'a\\b', './a', 'a//b'])
    t.notOk(isInside(path), path);
});

t.test('one repository is registered once, whatever the form of its address', async t => {
  const office = await begin();
  for (const form of [
    'https://github.com/acme/parser',
    'ssh://git@github.com:22/acme/parser.git/',
    'https://me:pw@GitHub.com/ACME/parser.git',
  ]) {
    t.match(await office.refusal('repo.register', { slug: 'other', remote_url: form }), {
      code: 'REFUSED',
      message: /parser is that repository already/,
    });
    t.equal(await repoNamed(office.view, form), 'parser');
  }
  t.equal(await repoNamed(office.view, 'github/acme/parser'), 'parser');
  t.equal(await repoNamed(office.view, 'nothing'), undefined);
  await office.does('repo.register', { slug: 'scratch' });
  t.match(await office.view.get(repoRecord, 'scratch'), { fingerprint: 'local/scratch' });
  await office.does('repo.register', { slug: 'disk', remote_url: '/srv/git/disk.git' });
  t.notOk('remote_url' in (await office.view.get(repoRecord, 'disk'))!, 'a path is never kept');
});

t.test('repo.form', async t => {
  const office = await begin();
  const was = (await office.view.get(repoRecord, 'web'))!;
  const intent = office.intent('repo.register', { slug: 'web' }, ada);
  const forge = async (patch: Partial<Repo>) =>
    (await office.forge([repoRecord.put('web', { ...was, updated_at: intent.at, ...patch })], intent))?.law ?? 'lawful';
  t.equal(await forge({ default_branch: 'trunk' }), 'lawful');
  t.equal(await forge({ fingerprint: 'github/acme/elsewhere' }), 'repo.form');
  t.equal(await forge({ remote_url: 'git@github.com:acme/parser', fingerprint: 'github/acme/parser' }), 'repo.form');
  t.equal(await forge({ remote_url: 'https://u:p@github.com/acme/web' }), 'record.schema');
  t.equal(await forge({ remote_url: '/home/anna/web' }), 'record.schema');
  t.equal(await forge({ local_path: '/home/anna/web' } as object), 'record.schema', 'there is no place for a path');
  t.equal(await forge({ created_by: 'bob' }), 'repo.form');
});

t.test('project.repos', async t => {
  const office = await begin();
  await office.does('repo.link', { project: 'lexer', repo: 'web', paths: ['b', 'a/**', 'b'] });
  await office.does('repo.link', { project: 'lexer', repo: 'https://github.com/acme/parser' });
  const project = (await office.view.get(projectRecord, 'lexer'))!;
  t.same(project.repos, [
    { repo: 'web', role: 'primary', paths: ['a/**', 'b'] },
    { repo: 'parser', role: 'secondary' },
  ]);
  t.match(await office.refusal('repo.link', { project: 'lexer', repo: 'parser', role: 'primary' }), {
    code: 'REFUSED',
    message: /primary repository/,
  });
  t.match(await office.refusal('repo.link', { project: 'lexer', repo: 'nowhere' }), { code: 'NOT_FOUND' });
  const intent = office.intent('repo.link', { project: 'lexer', repo: 'web' }, ada);
  const forge = async (repos: Project['repos']) =>
    (await office.forge([projectRecord.put('lexer', { ...project, updated_at: intent.at, repos })], intent))?.law ??
    'lawful';
  t.equal(await forge([{ repo: 'nowhere', role: 'primary' }]), 'project.repos');
  t.equal(
    await forge([
      { repo: 'parser', role: 'primary' },
      { repo: 'web', role: 'primary' },
    ]),
    'project.repos',
  );
  t.equal(
    await forge([
      { repo: 'web', role: 'secondary' },
      { repo: 'parser', role: 'secondary' },
    ]),
    'project.repos',
  );
  t.equal(await forge([{ repo: 'web', role: 'primary', paths: ['../x'] }]), 'record.schema');
  await office.does('repo.unlink', { project: 'lexer', repo: 'web' });
  await office.does('repo.unlink', { project: 'lexer', repo: 'parser' });
  t.notOk('repos' in (await office.view.get(projectRecord, 'lexer'))!);
});

t.test('whoever names a repository by its address writes neither its credentials nor a path', async t => {
  t.equal(nameOf('Parser'), 'parser');
  t.equal(nameOf('https://me:s3cret@github.com/acme/parser'), 'github/acme/parser');
  t.equal(nameOf('github.com/Acme/Parser'), 'github/acme/parser');
  t.equal(nameOf('github/acme/parser'), 'github/acme/parser');
  t.equal(nameOf('local/scratch'), 'local/scratch');
  t.match(nameOf('/srv/git/web.git'), /^local\/[0-9a-z]{10}$/);
  for (const bad of ['', '../web', '~/web', 'a b', 'user:s3cret@host:a/b', 'https://u/s3cret@h/x'])
    t.equal(nameOf(bad), undefined, bad);
  const read = (name: string, input: object) => operationOf(name).input().safeParse(input);
  const address = 'https://me:s3cret@github.com/acme/parser';
  const inputs = [
    ['repo.link', { project: 'lexer', repo: address }],
    ['repo.unlink', { project: 'lexer', repo: address }],
    ['repo.query', { repo: address }],
    ['repo.register', { slug: 'parser', remote_url: address }],
    ['task.claim', { repository_ids: [address, '/srv/git/secret-place'] }],
    ['task.query', { repository_ids: [address] }],
  ] as const;
  for (const [operation, input] of inputs) {
    const parsed = read(operation, input);
    t.ok(parsed.success, operation);
    t.notMatch(JSON.stringify(parsed.data), /s3cret|secret-place/, operation);
  }
  const refused = read('repo.link', { project: 'lexer', repo: 'user:s3cret@host:a/b' });
  t.notOk(refused.success);
  t.notMatch(refused.error?.issues[0]?.message, /s3cret/);
});

t.test('repo.same', async t => {
  const office = await begin();
  await office.does('ledger.init', { namespace: 'refs/ledgenter' }, eve);
  const elsewhere = { slug: 'web', remote_url: 'https://github.com/acme/elsewhere' };
  t.match(await office.refusal('repo.register', elsewhere, bob), { code: 'NOT_MAINTAINER' });
  const was = (await office.view.get(repoRecord, 'web'))!;
  await office.creates({}, bob);
  const intent = office.intent('repo.register', { slug: 'web' }, bob);
  const moved = {
    ...was,
    remote_url: elsewhere.remote_url,
    fingerprint: 'github/acme/elsewhere',
    updated_at: intent.at,
  };
  t.equal((await office.forge([repoRecord.put('web', moved)], intent))?.law, 'repo.same');
  await office.does('repo.register', { slug: 'web', remote_url: 'git@github.com:acme/web.git' }, bob);
  t.equal(
    (await office.view.get(repoRecord, 'web'))?.remote_url,
    'git@github.com:acme/web.git',
    'another form is no other',
  );
  await office.does('repo.register', elsewhere, ada);
  t.equal((await office.view.get(repoRecord, 'web'))?.fingerprint, 'github/acme/elsewhere');
});

t.test('a claim and a task say where the work is and whether this is the place', async t => {
  const office = await begin();
  await office.does('repo.register', { slug: 'parser', default_branch: 'trunk' });
  await office.does('repo.link', { project: 'lexer', repo: 'parser', paths: ['src/**'] });
  await office.does('repo.link', { project: 'lexer', repo: 'web' });
  const id = await office.creates({ project: 'lexer' });
  const inside = (fingerprint?: string) => ({ ...ada, ...(fingerprint ? { checkout: { fingerprint } } : {}) });
  const ask = (fingerprint?: string) => office.asks('task.get', { task_id: id }, inside(fingerprint));
  const repos = [
    { slug: 'parser', role: 'primary', fingerprint: 'github/acme/parser', paths: ['src/**'] },
    { slug: 'web', role: 'secondary', fingerprint: 'github/acme/web' },
  ];
  for (const fingerprint of ['github/acme/parser', 'github/acme/web']) {
    const { project_context, hints } = (await ask(fingerprint)) as Record<string, object>;
    t.same(project_context, {
      project: { key: 'lexer', title: 'Faster lexing', status: 'active' },
      repos,
      repo_match: 'match',
    });
    t.same(hints, { next: `ledgenter task claim ${id}` }, 'a match spends no words');
  }
  const expected = {
    expected_repo_slug: 'parser',
    fingerprint: 'github/acme/parser',
    remote_url: 'git@github.com:Acme/Parser.git',
    default_branch: 'trunk',
  };
  for (const [where, match] of [
    ['github/acme/docs', 'mismatch'],
    [undefined, 'unknown'],
  ] as const) {
    t.match(await ask(where), {
      project_context: { repos, repo_match: match },
      hints: { repo: { match, ...expected }, next: /repository "parser"/, after: `ledgenter task claim ${id}` },
    });
  }
  await office.does('project.create', { project: 'talk', title: 'No code' });
  const other = await office.creates({ title: 'Write to the council', project: 'talk' });
  const none = (await office.asks('task.get', { task_id: other }, inside())) as Record<string, object>;
  t.match(none.project_context, { repo_match: 'none' });
  t.notOk('repo' in none.hints!);
  const { task_id } = await office.does('task.claim', { task_id: id });
  t.match(await office.shows('task.claim', { task_id: task_id! }, {}, inside('github/acme/docs')), {
    claimed: true,
    project_context: { repo_match: 'mismatch' },
    hints: { repo: expected, next: new RegExp(`ledgenter task release ${id}`) },
  });
});
