import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Host } from './office-stage.ts';
import { Stage } from './stage.ts';

const lines = (...texts: string[]) => `${texts.join('\n')}\n`;

t.test('why code is there: commit, line, file, rename', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('code');
  await stage.ok(cwd, ['init']);
  const commit = async (message: string, files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(cwd, name, '..'), { recursive: true });
      writeFileSync(join(cwd, name), text);
    }
    await stage.git(cwd, 'add', '-A');
    await stage.git(cwd, 'commit', '-q', '-m', message);
    return stage.git(cwd, 'rev-parse', 'HEAD');
  };
  const ids: string[] = [];
  for (const title of ['Sweep', 'Zones', 'Odd names']) ids.push(await stage.task(cwd, title));
  const [sweep, zones, odd] = ids as [string, string, string];
  const asks = (words: string[], from = cwd) => stage.run(from, ['task', 'for', ...words]);
  const host = await Host.start(stage, cwd, 'anna', '--toolsets', 'all');
  t.teardown(() => host.client.close());
  const tells = (input: object) => host.call('task_for', { ...input });
  const tasksOf = (answer: { tasks: { id: string }[] }) => answer.tasks.map(({ id }) => id);

  const first = await commit('Sweep every minute', { 'src/sweep.ts': lines('one', 'two', 'three') });
  await stage.ok(cwd, ['task', 'code-ref', sweep, '--ref-type', 'commit', '--sha', first]);
  const second = await commit(
    `Mind the zones\n\nMoved here by the host:\nTask: ${zones.slice(0, 8)}, JIRA-12\n\nAnd more.`,
    {
      'src/sweep.ts': lines('one', 'TWO', 'three'),
    },
  );
  const third = await commit('Nobody knows why\n\nTask: t-0000000000', { 'lone.txt': 'x\n' });
  await commit(`Names\n\ncloses: ${odd}`, { 'odd:12': lines('a', 'b'), 'src/-x.ts': 'y\n', 'src/a b.ts': 'z\n' });
  await stage.ok(cwd, ['task', 'code-ref', odd, '--ref-type', 'file', '--name', 'src/sweep.ts:3-9']);
  const ruling = [
    'decision',
    'log',
    'Zones are UTC',
    '--choice',
    'UTC',
    '--rationale',
    'one clock',
    '--paths',
    'src/**',
  ];
  const { decision } = await stage.ok(cwd, ruling);

  await t.test('a commit, by any of its names', async t => {
    for (const name of [first, first.slice(0, 8), 'HEAD~3', 'trunk~3', `${first}^{commit}`]) {
      const answer = await tells({ at: name });
      t.match(answer, { commit: first, tasks: [{ id: sweep, title: 'Sweep', status: 'open', by: 'code_ref' }] });
      t.match(answer.commits, [{ sha: first.slice(0, 12), author: 'Anna', subject: 'Sweep every minute' }]);
      t.notMatch(JSON.stringify(answer), /example\.com/, 'no address');
      t.equal(answer.hints.next, `ledgenter task get ${sweep}`);
    }
    t.match(await tells({ at: second }), { tasks: [{ id: zones, by: 'trailer' }] }, 'a line anywhere in the message');
    const lone = await asks([third]);
    t.match(lone, { code: 1, answer: { ok: true, tasks: [], unknown: ['t-0000000000'], hints: { next: /sync/ } } });
    const start = await asks(['HEAD~4']);
    t.match(start, { code: 1, answer: { tasks: [], hints: { next: /task code-ref <task_id>/ } } });
  });

  await t.test('a line, a span, a file', async t => {
    t.match(tasksOf(await tells({ at: 'src/sweep.ts:1' })), [sweep]);
    t.match(tasksOf((await asks(['sweep.ts:2'], join(cwd, 'src'))).answer), [zones], 'from the folder of the caller');
    const span = await tells({ at: 'src/sweep.ts:1-3' });
    t.match(span, { file: 'src/sweep.ts', lines: '1-3', rulings: [{ id: decision.id, says: /UTC/ }] });
    t.same(tasksOf(span).sort(), [...ids].sort(), 'and the task with a ref to line 3');
    t.same(tasksOf((await asks(['src/sweep.ts'])).answer), [zones, sweep, odd], 'the last commit first');
    t.same(tasksOf(await tells({ file: 'src/sweep.ts', lines: '2' })), [zones]);
    t.same(tasksOf(await tells({ at: 'src' })).sort(), [zones, sweep, odd].sort(), 'a folder');
  });

  await t.test('what is not committed is said to be', async t => {
    writeFileSync(join(cwd, 'src/sweep.ts'), lines('zero', 'one', 'TWO', 'three', 'four'));
    const { code, answer } = await asks(['src/sweep.ts:1-5']);
    t.equal(code, 0);
    t.match(answer, { uncommitted: ['1', '5'] });
    t.match(await asks(['src/sweep.ts:5']), {
      code: 0,
      answer: { uncommitted: ['5'], commits: [], tasks: [{ by: 'file' }] },
    });
    writeFileSync(join(cwd, 'fresh.txt'), 'new\n');
    t.match(await asks(['fresh.txt:1']), { code: 1, answer: { uncommitted: ['1'], tasks: [] } });
    t.match(await asks(['fresh.txt']), { code: 1, answer: { file: 'fresh.txt', commits: [] } });
    await stage.git(cwd, 'checkout', '-q', '--', 'src/sweep.ts');
  });

  await t.test('names that look like something else', async t => {
    t.match(await asks(['odd:12']), { code: 0, answer: { file: 'odd:12', tasks: [{ id: odd, by: 'trailer' }] } });
    t.match(await asks(['--file=-x.ts'], join(cwd, 'src')), {
      code: 0,
      answer: { file: 'src/-x.ts', tasks: [{ id: odd }] },
    });
    t.match(await tells({ at: 'odd:12:1' }), { file: 'odd:12', lines: '1', tasks: [{ id: odd }] });
    t.match(await tells({ file: 'odd:12', lines: '2' }), { file: 'odd:12', lines: '2', tasks: [{ id: odd }] });
    t.match(await tells({ at: 'src/a b.ts:1' }), { file: 'src/a b.ts', tasks: [{ id: odd }] });
    t.match(await tells({ file: ':(top)src/sweep.ts' }), { file: ':(top)src/sweep.ts', commits: [] });
    t.match(await tells({ file: 'src/*.ts' }), { commits: [], tasks: [] }, 'no pattern');
    for (const at of ['--output=x', '-x', '--all', 'HEAD --', 'HEAD..trunk', '^HEAD'])
      t.match(await tells({ at }), { error: { code: 'NOT_FOUND' } }, at);
  });

  await t.test('what is not there, and what is outside', async t => {
    t.match(await asks(['nowhere.ts']), { code: 66, answer: { error: { code: 'NOT_FOUND', hint: /--file/ } } });
    t.match(await tells({ at: 'nowhere.ts:3' }), { error: { code: 'NOT_FOUND' } });
    t.match(await tells({ at: 'a'.repeat(40) }), { error: { code: 'NOT_FOUND' } }, 'a commit that is not here');
    t.match(await tells({ at: 'src/sweep.ts:7' }), { error: { code: 'BAD_INPUT', message: /only 3 lines/ } });
    t.match(await tells({ at: 'HEAD', lines: '3' }), {
      error: { message: /HEAD is a commit, and lines are of a file/ },
    });
    writeFileSync(join(cwd, 'new.txt'), 'x\n');
    t.match(await tells({ at: 'new.txt' }), { file: 'new.txt', uncommitted: ['all'], commits: [] });
    rmSync(join(cwd, 'new.txt'));
    t.match(await tells({ at: 'src/sweep.ts:3-1' }), { error: { hint: 'ledgenter task for src/sweep.ts' } });
    t.match(await tells({ at: 'src/sweep.ts:0' }), { error: { code: 'BAD_INPUT' } });
    t.match(await tells({ at: 'src/sweep.ts:1-5000' }), { error: { code: 'TOO_LARGE', hint: /--lines 1-1000$/ } });
    t.match(await tells({}), { error: { code: 'BAD_INPUT' } });
    t.match(await tells({ at: 'HEAD', file: 'lone.txt' }), { error: { code: 'BAD_INPUT' } });
    writeFileSync(stage.path('secret.txt'), 'x\n');
    for (const path of ['../secret.txt', stage.path('secret.txt'), '../secret.txt:1', 'src/../../secret.txt', '..'])
      for (const field of ['at', 'file'])
        t.match(await tells({ [field]: path }), { error: { code: 'BAD_INPUT' } }, path);
    if (process.platform !== 'win32') {
      symlinkSync(stage.dir, join(cwd, 'out'));
      t.match(await tells({ file: 'out/secret.txt' }), { error: { code: 'BAD_INPUT' } }, 'through a link');
    }
    const nested = await stage.repository('code/inner');
    t.match(await tells({ at: 'inner/code.txt:1' }), { error: { code: 'BAD_INPUT', hint: /-C inner/ } });
    const bare = stage.path('bare.git');
    await stage.git(stage.dir, 'clone', '-q', '--bare', cwd, bare);
    await stage.git(cwd, 'push', '-q', bare, 'refs/ledgenter/*');
    t.match((await asks([first], bare)).answer, { tasks: [{ id: sweep }] }, 'a bare repository has commits');
    t.match((await asks(['--file', 'src/sweep.ts'], bare)).answer, { error: { code: 'NO_REPOSITORY' } });
    t.match((await asks([first], nested)).answer, { error: { code: 'NO_LEDGER' } });
  });

  await t.test('a shallow clone says that it does not know all', async t => {
    const shallow = stage.path('shallow');
    await stage.git(stage.dir, 'clone', '-q', '--depth', '1', '--no-local', `file://${cwd}`, shallow);
    await stage.git(shallow, 'fetch', '-q', 'origin', 'refs/ledgenter/main/book:refs/ledgenter/main/book');
    const { answer } = await asks(['src/sweep.ts:1'], shallow);
    t.match(answer, { shallow: true, hints: { history: 'git fetch --unshallow' } });
    t.notHas((await asks(['src/sweep.ts:1'])).answer, 'shallow');
  });

  await t.test('CI pipes in what a host says of a pull request', async t => {
    const report = (patch: object = {}) =>
      JSON.stringify({
        pull_request: {
          html_url: 'https://github.com/acme/web/pull/7',
          number: 7,
          state: 'open',
          draft: true,
          ...patch,
        },
        sender: { email: 'anna@example.com' },
      });
    const told = (words: string[], input: string) =>
      stage.run(cwd, ['code', 'ref-update', ...words, '--report', '-'], { input });
    t.match(await told([], report()), { code: 66, answer: { error: { hint: /task code-ref <task_id>/ } } });
    t.match((await told([sweep], report())).answer, { code_ref: { name: 'github:acme/web#7', state: 'draft' } });
    await stage.ok(cwd, [
      'task',
      'code-ref',
      zones,
      '--ref-type',
      'pr',
      '--url',
      'https://github.com/Acme/web/pull/7/files?w=1',
    ]);
    const merged = report({ merged: true, merge_commit_sha: third });
    const both = (await told([], merged)).answer;
    t.same(
      both.answers.map(({ id }: { id: string }) => id),
      [sweep, zones].sort(),
    );
    t.match(both.answers, [{ code_ref: { state: 'merged' } }, { code_ref: { state: 'merged' } }]);
    t.match((await told(['--idempotency-key=k'], merged)).answer, { error: { code: 'BAD_INPUT' } });
    t.notMatch(await stage.git(cwd, 'log', '--format=%B', '-4', 'refs/ledgenter/main/book'), /sender|anna@example/);
    for (const bad of [
      '',
      '[]',
      '['.repeat(900_000),
      report({ html_url: `https://github.com/ghp_${'x1'.repeat(18)}/web/pull/7` }),
    ])
      t.match(await told([sweep], bad), { code: 65, answer: { error: { code: 'BAD_INPUT' } } });
    t.match(await told([sweep], 'x'.repeat(10 << 20)), { code: 65, answer: { error: { code: 'TOO_LARGE' } } });
  });

  await t.test('after a rename, and after a rebase', async t => {
    renameSync(join(cwd, 'src/sweep.ts'), join(cwd, 'src/broom.ts'));
    const moved = await commit('Call it a broom', {});
    t.same(tasksOf(await tells({ at: 'src/broom.ts' })), [zones, sweep]);
    t.same(tasksOf(await tells({ at: 'src/broom.ts:1' })), [sweep]);
    t.match(await tells({ at: 'src/sweep.ts' }), { file: 'src/sweep.ts' }, 'its history stays to be asked for');
    await stage.ok(cwd, ['task', 'code-ref', zones, '--ref-type', 'commit', '--sha', moved]);
    await stage.git(cwd, 'commit', '-q', '--amend', '-m', 'Call it a broom at last');
    t.match(await tells({ at: moved }), { tasks: [{ id: zones }] }, 'the old id still leads to its task');
    t.match(await tells({ at: 'src/broom.ts:2' }), { ok: true, tasks: [{ id: zones, by: 'trailer' }] });
    const plain = await stage.plain(cwd, ['task', 'for', 'src/broom.ts']);
    t.match(plain.out, /Zones/);
    await stage.git(cwd, 'config', 'ledgenter.trailer', 'Refs');
    t.match((await asks([second])).code, 1, 'another trailer is the team’s');
  });
});
