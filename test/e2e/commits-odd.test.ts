import { writeFileSync } from 'node:fs';
import t from 'tap';
import { Hooked } from './hooked.ts';
import { Stage } from './stage.ts';

t.test('messages and moments in which a hook could do harm, and does none', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('alone');
  const hand = new Hooked(stage, cwd);
  await hand.ledger('init');
  await hand.install();
  const empty = (message: string, ...flags: string[]) =>
    hand.tryGit(['commit', '-q', '--allow-empty', '-m', message, ...flags]);

  await t.test('without a claim every message is kept as it was written', async t => {
    for (const message of [
      '#12 fix the login',
      'Task: t-shirt sizes',
      '---\ntitle: x\n---\nbody',
      'x: get-test done',
    ]) {
      t.match(await empty(message), { code: 0, err: '' }, message);
      t.equal(await hand.message(), message);
    }
  });

  const task = await hand.claimed('held');

  await t.test('under a claim too, with our line behind it', async t => {
    for (const message of ['#12 fix the login', '---\ntitle: x\n---\nbody', 'a\n---\nb']) {
      t.match(await empty(message), { code: 0 }, message);
      t.equal(await hand.message(), `${message}\n\nTask: ${task}`);
    }
    t.match(await empty('#13 first\n#14 second', '--cleanup=verbatim'), { code: 0 });
    t.match(await hand.message(), /^#13 first\n[\s\S]*#14 second$/);
    t.match(await hand.tryGit(['commit', '-q', '--amend', '--no-edit', '--allow-empty']), { code: 0 });
  });

  await t.test('an editor that leaves a template as it is makes no commit, one that writes does', async t => {
    writeFileSync(stage.path('template'), 'Summary: \n\nWhy:\n\n');
    await hand.git('config', 'commit.template', stage.path('template'));
    const before = await hand.head();
    const left = await hand.tryGit(['commit', '-q', '--allow-empty'], { env: { GIT_EDITOR: ':' } });
    t.match(left, { code: 1, err: /did not edit the message/ });
    t.equal(await hand.head(), before);
    await hand.git('config', '--unset', 'commit.template');
    writeFileSync(
      stage.path('write.cjs'),
      `const f=process.argv[2],fs=require('fs');fs.writeFileSync(f,'#14 by hand\\n'+fs.readFileSync(f,'utf8'))`,
    );
    const env = { GIT_EDITOR: `"${process.execPath}" "${stage.path('write.cjs')}"` };
    t.match(await hand.tryGit(['commit', '-q', '--allow-empty', '--cleanup=scissors'], { env }), { code: 0 });
    t.match(await hand.message(), /^#14 by hand/);
  });

  await t.test(
    'ids in other letters and indented ones are linked; a wrong one is refused where that was asked for',
    async t => {
      const other = await stage.task(cwd, 'named by hand');
      for (const line of [`task: ${other.toUpperCase()}`, `CLOSES: ${other}`, `    Task: ${other}`]) {
        t.match(await empty(`x\n\n${line}`), { code: 0 });
        t.ok((await hand.live(other)).includes(await hand.head()), line);
      }
      const env = { LEDGENTER_STRICT: 'TRUE' };
      t.match(await hand.tryGit(['commit', '-q', '--allow-empty', '-m', 'x\n\nTask: T-ZZZZ9999ZZ'], { env }), {
        code: 1,
        err: /no task begins with t-zzzz9999zz/i,
      });
    },
  );

  await t.test(
    'the claim of another in the same worktree is not mine, nor is one that lapsed before one that holds',
    async t => {
      const agent = hand.in(cwd, { as: 'codex-anna', env: { CODEX_THREAD_ID: 'one' } });
      const theirs = await agent.claimed('of the agent');
      await hand.commit('by anna');
      t.match(await hand.message(), new RegExp(`Task: ${task}$`));
      await agent.commit('by the agent');
      t.match(await agent.message(), new RegExp(`Task: ${theirs}$`));
      const stranger = hand.in(cwd, { as: '', env: { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: 'other' } });
      await stranger.commit('by a stranger');
      t.equal(await stranger.message(), 'by a stranger');
      const strict = { env: { LEDGENTER_STRICT: 'true' } };
      t.match(await stranger.tryGit(['commit', '-q', '--allow-empty', '-m', 'no claim'], strict), { code: 1 });
    },
  );

  await t.test(
    'a commit linked by hand, by the beginning of its id, follows an amend; a proof of it is none any more',
    async t => {
      const mine = await stage.task(cwd, 'by hand', '--requires-evidence');
      await hand.git('commit', '-q', '--allow-empty', '-m', 'Task: none');
      const old = await hand.head();
      await hand.ledger('task', 'code-ref', mine, '--ref-type', 'commit', '--sha', old.slice(0, 9));
      t.same(await hand.live(mine), [old], 'kept whole');
      await hand.git('commit', '-q', '--allow-empty', '--amend', '-m', 'Task: none, amended');
      t.same(await hand.live(mine), [await hand.head()]);
      await hand.git('reset', '-q', '--hard', 'HEAD~1');
      await hand.git('checkout', '-q', '-b', `away`);
      await hand.git('checkout', '-q', '--detach', 'HEAD~1');
      t.same(await hand.live(mine), [], 'nothing reaches it');
      await hand.git('checkout', '-q', 'trunk');
    },
  );

  await t.test('amended by each step of a rebase: what is left is live, and every way leads to it', async t => {
    const base = await hand.head();
    const before = await hand.live(task);
    const made = [await hand.commit('one'), await hand.commit('two')];
    await hand.git(
      'rebase',
      '-q',
      base,
      '--force-rebase',
      '--exec',
      'git commit -q --amend --no-edit --date=2001-01-01T00:00:00',
    );
    const now = (await stage.git(cwd, 'rev-list', `${base}..HEAD`)).split('\n');
    t.same(await hand.live(task), [...before, ...now].sort());
    const moved = (await hand.refs(task)).filter(ref => made.includes(ref.sha)).map(ref => ref.moved_to);
    t.same(moved.sort(), [...now].sort());
  });

  await t.test('a squash with a conflict keeps the links of what went into it', async t => {
    const squashed = await hand.claimed('squashed', '--requires-evidence');
    await hand.git('checkout', '-q', '-b', 'feat');
    hand.write('both.txt', 'theirs\n');
    await hand.commit('on the branch');
    await hand.git('checkout', '-q', 'trunk');
    hand.write('both.txt', 'ours\n');
    await hand.git('add', '-A');
    await hand.git('commit', '-q', '-m', 'Task: none');
    await hand.tryGit(['merge', '-q', '--squash', 'feat']);
    hand.write('both.txt', 'resolved\n');
    await hand.git('add', '-A');
    await hand.git('commit', '-q', '--no-edit');
    t.ok((await hand.live(squashed)).includes(await hand.head()));
    await hand.git('branch', '-q', '-D', 'feat');
    await hand.ledger('sync');
    t.same(await hand.live(squashed), [await hand.head()]);
  });
  t.same(await stage.faults(cwd), []);
});
