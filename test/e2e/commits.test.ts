import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Hooked } from './hooked.ts';
import { Stage } from './stage.ts';

/** An editor for `git rebase -i` and `git commit` that does what a script says to the file it is given. */
function editor(stage: Stage, name: string, body: string): string {
  const file = stage.path(`${name}.cjs`);
  writeFileSync(
    file,
    `const fs = require('node:fs'); const f = process.argv[2]; let s = fs.readFileSync(f, 'utf8'); ${body}; fs.writeFileSync(f, s);`,
  );
  return `"${process.execPath}" "${file}"`;
}

t.test('a day of ordinary git: after each step the code refs are those of the commits that are there', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['work']);
  const hand = new Hooked(stage, clones[0]!);
  await hand.install();

  await t.test('a commit without a claim is left as it was written', async t => {
    const sha = await hand.commit('nothing of ours');
    t.equal(await hand.message(), 'nothing of ours');
    t.match(await hand.ledger('code', 'ref-query'), { total: 0 });
    t.ok(sha);
  });

  const task = await hand.claimed('the work of the day', '--requires-evidence');

  await t.test('a commit under a claim names its task and is linked', async t => {
    const sha = await hand.commit('first');
    t.equal(await hand.message(), `first\n\nTask: ${task}`);
    t.same(await hand.live(task), [sha]);
  });

  await t.test(
    'with an editor: the trailer stands before comments, and an untouched message makes no commit',
    async t => {
      hand.write();
      await hand.git('add', '-A');
      const untouched = await hand.tryGit(['commit'], { env: { GIT_EDITOR: ':' } });
      t.not(untouched.code, 0);
      t.match(untouched.err, /empty commit message/i);
      const write = editor(stage, 'write', 's = "by hand\\n" + s');
      await hand.git('-c', `core.editor=${write}`, 'commit', '-q', '--verbose');
      t.equal(await hand.message(), `by hand\n\nTask: ${task}`);
    },
  );

  await t.test(
    'a trailer of the same name with another value is left alone, and nothing is added beside it',
    async t => {
      await hand.commit('for the other system\n\nTask: JIRA-12');
      t.equal(await hand.message(), 'for the other system\n\nTask: JIRA-12');
      t.equal((await hand.live(task)).includes(await hand.head()), false);
    },
  );

  await t.test('amend: the ref goes along, the old commit is told to have moved', async t => {
    const old = await hand.commit('to be amended');
    hand.write();
    await hand.git('add', '-A');
    await hand.git('commit', '-q', '--amend', '-m', 'amended');
    const now = await hand.head();
    t.ok((await hand.live(task)).includes(now));
    t.match(
      (await hand.refs(task)).find(ref => ref.sha === old),
      { live: false, moved_to: now },
    );
    t.equal((await hand.message()).match(/^Task:/gm)?.length, 1);
  });

  await t.test('interactive rebase with squash and reorder: many go to one, and order does not matter', async t => {
    const base = await hand.head();
    const kept = await hand.live(task);
    const [one, two, three, four] = [
      await hand.commit('one'),
      await hand.commit('two'),
      await hand.commit('three'),
      await hand.commit('fixup! one'),
    ];
    t.equal((await hand.live(task)).includes(four), false, 'a fixup is not linked by itself');
    const todo = editor(
      stage,
      'todo',
      'const l = s.split("\\n").filter(x => /^pick/.test(x)); const by = n => l.find(x => x.endsWith(" " + n)); s = [by("three"), by("one"), by("fixup! one").replace("pick", "fixup"), by("two").replace("pick", "squash")].join("\\n") + "\\n"',
    );
    await hand.git('-c', `sequence.editor=${todo}`, '-c', 'core.editor=:', 'rebase', '-q', '-i', base);
    const made = (await stage.git(hand.cwd, 'rev-list', `${base}..HEAD`)).split('\n');
    t.equal(made.length, 2);
    t.same(await hand.live(task), [...kept, ...made].sort());
    const moved = (await hand.refs(task)).filter(ref => [one, two].includes(ref.sha)).map(ref => ref.moved_to);
    t.same(new Set(moved), new Set([made[0]]), 'both halves of the squash lead to it');
    t.match(
      (await hand.refs(task)).find(ref => ref.sha === three),
      { live: false, moved_to: made[1] },
    );
  });

  await t.test('a commit that a rebase drops stands for nothing any more', async t => {
    const base = await hand.head();
    const kept = await hand.live(task);
    await hand.commit('to be dropped');
    const stays = await hand.commit('stays');
    const todo = editor(
      stage,
      'drop',
      's = s.split("\\n").map(x => x.endsWith("to be dropped") ? x.replace("pick", "drop") : x).join("\\n")',
    );
    await hand.git('-c', `sequence.editor=${todo}`, 'rebase', '-q', '-i', base);
    t.not(await hand.head(), stays);
    t.same(await hand.live(task), [...kept, await hand.head()].sort());
  });

  await t.test('cherry-pick: the copy is linked too, the original stays', async t => {
    const original = await hand.head();
    await hand.git('checkout', '-q', '-b', 'side', 'HEAD~1');
    await hand.git('commit', '-q', '--allow-empty', '--no-verify', '-m', 'so that the copy is another commit');
    const before = await hand.live(task);
    await hand.git('cherry-pick', original);
    t.same(await hand.live(task), [...before, await hand.head()].sort());
    t.equal((await hand.message()).match(/^Task:/gm)?.length, 1);
  });

  await t.test('merge and revert: what was merged stays, the merge is no work of its own, the revert is', async t => {
    await hand.git('checkout', '-q', 'trunk');
    const before = await hand.live(task);
    await hand.git('merge', '-q', '--no-ff', '-X', 'theirs', '-m', 'merged', 'side');
    t.same(await hand.live(task), before);
    t.equal(await hand.message(), 'merged');
    await hand.git('revert', '--no-edit', 'HEAD~1');
    t.match(await hand.message(), new RegExp(`^Revert[^]*Task: ${task}`));
    t.same(await hand.live(task), [...before, await hand.head()].sort());
    await hand.git('merge', '-q', '--squash', 'side').catch(() => '');
  });

  await t.test(
    'detached HEAD: live while a worktree stands there, not after, and again once a branch has it',
    async t => {
      await hand.git('checkout', '-q', '--detach');
      const loose = await hand.commit('on no branch');
      t.ok((await hand.live(task)).includes(loose));
      await hand.git('checkout', '-q', 'trunk');
      t.notOk((await hand.live(task)).includes(loose));
      await hand.git('branch', 'rescued', loose);
      await hand.git('checkout', '-q', 'rescued');
      t.ok((await hand.live(task)).includes(loose));
      await hand.git('checkout', '-q', 'trunk');
    },
  );

  await t.test('a linked worktree has a run of its own: its commits are of the task it claimed', async t => {
    const cwd = stage.path('beside');
    await hand.git('worktree', 'add', '-q', '-b', 'beside', cwd);
    const other = hand.in(cwd, { as: 'bert' });
    const theirs = await other.claimed('in the worktree');
    const sha = await other.commit('beside');
    t.equal(await other.message(), `beside\n\nTask: ${theirs}`);
    t.same(await hand.live(theirs), [sha]);
    const mine = await hand.commit('meanwhile here');
    t.ok((await hand.live(task)).includes(mine));
    t.same(await hand.live(theirs), [sha]);
  });

  await t.test('a submodule has hooks of its own, the superproject is committed as ever', async t => {
    const inner = await stage.repository('inner');
    await hand.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'inner');
    const sha = await hand.commit('with a submodule');
    t.ok((await hand.live(task)).includes(sha));
    const sub = hand.in(join(hand.cwd, 'inner'));
    await sub.commit('inside');
    t.equal(await sub.message(), 'inside', 'no ledger there, no trailer');
    await hand.git('add', 'inner');
    await hand.commit('the submodule moved');
  });

  await t.test('the ledger goes with the code; a shallow and a bare clone see the same', async t => {
    t.match(await hand.ledger('status'), { waiting: /[1-9]/ });
    await hand.git('push', '-q', 'origin', 'trunk');
    t.match(await hand.ledger('status'), { waiting: 0 });
    const remote = await stage.git(hand.cwd, 'remote', 'get-url', 'origin');
    await stage.git(stage.dir, 'clone', '-q', '--depth', '1', `file://${remote}`, 'shallow');
    const shallow = hand.in(stage.path('shallow'), { as: 'carl' });
    await shallow.ledger('init');
    await shallow.install();
    const before = await shallow.live(task);
    const own = await shallow.claimed('in the shallow clone');
    const sha = await shallow.commit('shallow');
    t.same(await shallow.live(own), [sha]);
    t.same(await shallow.live(task), before, 'what a shallow clone cannot see is not gone');
    await stage.git(stage.dir, 'clone', '-q', '--bare', hand.cwd, 'bare.git');
    t.ok(existsSync(stage.path('bare.git')));
    t.same(await stage.faults(hand.cwd), []);
  });
});

/** What a host does when a button is pressed: in a clone without hooks, pushed, the branch deleted. */
async function button(
  stage: Stage,
  remote: string,
  branch: string,
  press: (host: string) => Promise<void>,
): Promise<void> {
  const host = stage.path(`host-${branch}`);
  await stage.git(stage.dir, 'clone', '-q', remote, host);
  await stage.git(host, 'checkout', '-q', 'trunk');
  await press(host);
  await stage.git(host, 'push', '-q', 'origin', 'trunk');
  await stage.git(host, 'push', '-q', 'origin', '--delete', branch);
}

t.test(
  'the three buttons of a host: what arrives without hooks is linked, and a done task keeps its evidence',
  async t => {
    const stage = new Stage(t.testdir());
    const { remote, clones } = await stage.team(['work']);
    const hand = new Hooked(stage, clones[0]!);
    await hand.install();
    const onBranch = async (branch: string): Promise<{ task: string; commits: string[] }> => {
      await hand.git('checkout', '-q', '-b', branch, 'origin/trunk');
      const task = await hand.claimed(branch, '--requires-evidence');
      const commits = [await hand.commit(`${branch} one`), await hand.commit(`${branch} two`)];
      await hand.git('push', '-q', '-u', 'origin', branch);
      await hand.ledger('task', 'update', task, '--status', 'done');
      return { task, commits };
    };
    /** The clone fetches, takes the default branch over and forgets its own. */
    const takeOver = async (branch: string): Promise<void> => {
      await hand.git('checkout', '-q', 'trunk');
      await hand.git('pull', '-q', '--prune');
      await hand.git('branch', '-q', '-D', branch);
      await hand.git('checkout', '-q', '--detach');
      await hand.git('checkout', '-q', 'trunk');
      await hand.ledger('sync');
    };
    const squash =
      (branch: string, message: string) =>
      async (host: string): Promise<void> => {
        await stage.git(host, 'merge', '-q', '--squash', `origin/${branch}`);
        await stage.git(host, 'commit', '-q', '-m', message);
      };

    await t.test('squash with the messages of the commits in the body', async t => {
      const { task, commits } = await onBranch('squash');
      const message = `Squash (#1)\n\n* squash one\n\nTask: ${task}\n\n* squash two\n\nTask: ${task}\n`;
      await button(stage, remote, 'squash', squash('squash', message));
      await takeOver('squash');
      const now = await hand.head('trunk');
      t.same(await hand.live(task), [now]);
      for (const sha of commits)
        t.match(
          (await hand.refs(task)).find(ref => ref.sha === sha),
          { live: false },
        );
      t.match(await hand.ledger('task', 'get', task), { task: { status: 'done' } });
    });

    await t.test('squash whose message names nothing: known by what it changes', async t => {
      const { task } = await onBranch('quiet');
      await button(stage, remote, 'quiet', squash('quiet', 'A title only (#2)'));
      await takeOver('quiet');
      t.same(await hand.live(task), [await hand.head('trunk')]);
    });

    await t.test('rebase: new commits with the same messages', async t => {
      const { task } = await onBranch('rebased');
      await button(stage, remote, 'rebased', async host => {
        await stage.git(host, 'commit', '-q', '--allow-empty', '-m', 'meanwhile');
        await stage.git(host, 'checkout', '-q', 'rebased');
        await stage.git(host, 'rebase', '-q', 'trunk');
        await stage.git(host, 'checkout', '-q', 'trunk');
        await stage.git(host, 'merge', '-q', '--ff-only', 'rebased');
      });
      await takeOver('rebased');
      t.same(await hand.live(task), [await hand.head('trunk'), await hand.head('trunk~1')].sort());
    });

    await t.test('merge: the commits themselves are there', async t => {
      const { task, commits } = await onBranch('merged');
      await button(stage, remote, 'merged', async host => {
        await stage.git(host, 'merge', '-q', '--no-ff', '-m', 'Merge pull request #4', 'origin/merged');
      });
      await takeOver('merged');
      t.same(await hand.live(task), [...commits].sort());
    });

    await t.test('a branch that was thrown away: the evidence of a done task stays named', async t => {
      const { task, commits } = await onBranch('thrown');
      await hand.git('checkout', '-q', 'trunk');
      await hand.git('push', '-q', 'origin', '--delete', 'thrown');
      await hand.git('branch', '-q', '-D', 'thrown');
      await hand.ledger('sync');
      t.equal((await hand.live(task)).length, 1, 'one stays');
      t.ok(commits.includes((await hand.live(task))[0]!));
      t.match(await hand.ledger('verify'), { verified: true });
    });
    t.same(await stage.faults(hand.cwd), []);
  },
);

t.test('strict mode, reserved names and Closes', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['work', 'other']);
  const hand = new Hooked(stage, clones[0]!);
  await hand.install();
  await hand.git('config', 'ledgenter.strict', 'true');
  hand.write();
  await hand.git('add', '-A');
  const refused = await hand.tryGit(['commit', '-q', '-m', 'no claim']);
  t.equal(refused.code, 1);
  t.match(refused.err, /holds no task.*ledgenter task claim/);
  const task = await hand.claimed('strict');
  const unknown = await hand.tryGit(['commit', '-q', '-m', 'x\n\nTask: t-0000000000']);
  t.equal(unknown.code, 1);
  t.match(unknown.err, /no task begins with t-0000000000/);
  const sha = await hand.commit('claimed');
  t.same(await hand.live(task), [sha]);
  await hand.git('config', '--unset', 'ledgenter.strict');

  await t.test(
    'Closes on the default branch asks for done, elsewhere for review; a gate that is open is told',
    async t => {
      await hand.commit(`finished\n\nCloses: ${task}`);
      t.match(await hand.ledger('task', 'get', task), { task: { status: 'done' } });
      await hand.git('checkout', '-q', '-b', 'feature');
      const second = await hand.claimed('second');
      await hand.commit(`second\n\nCloses: ${second}`);
      t.match(await hand.ledger('task', 'get', second), { task: { status: 'in_review' } });
      await hand.git('checkout', '-q', 'trunk');
      await hand.git('merge', '-q', 'feature');
      t.match(
        await hand.ledger('task', 'get', second),
        { task: { status: 'done' } },
        'done once it is on the default branch',
      );
      const gated = await hand.claimed('gated', '--acceptance-criteria', 'it works');
      hand.write();
      await hand.git('add', '-A');
      const said = await hand.git('commit', '-q', '-m', `gated\n\nCloses: ${gated}`);
      t.match(said, /in review: criterion c1 is not met/);
      t.match(await hand.ledger('task', 'get', gated), { task: { status: 'in_review' } });
    },
  );

  await t.test('another name of the trailer counts at once, by configuration or variable', async t => {
    await hand.git('config', 'ledgenter.trailer', 'Work-Item');
    const third = await hand.claimed('third');
    await hand.commit('third');
    t.equal(await hand.message(), `third\n\nWork-Item: ${third}`);
    t.equal((await hand.live(third)).length, 1);
  });

  await t.test('paths that another reserved: told, and refused where that was asked for', async t => {
    await hand.git('config', '--unset', 'ledgenter.trailer');
    const other = clones[1]!;
    await stage.ok(other, ['reserve', 'claim', '--paths', 'kept', '--reason', 'a large move'], { as: 'bert' });
    await hand.ledger('sync');
    mkdirSync(join(hand.cwd, 'kept'));
    hand.write('kept/file.txt');
    await hand.git('add', '-A');
    const said = await hand.git('commit', '-q', '-m', 'over it');
    t.match(said, /kept\/file.txt is reserved by bert until .*a large move/);
    hand.append('kept/file.txt', 'more\n');
    await hand.git('add', '-A');
    const env = { LEDGENTER_RESERVATIONS: 'refuse' };
    const refused = await hand.tryGit(['commit', '-q', '-m', 'again'], { env });
    t.equal(refused.code, 1);
    t.match(refused.err, /refused .*ledgenter reserve query/);
    t.match(await hand.tryGit(['commit', '-q', '-m', 'again'], { env: { LEDGENTER_RESERVATIONS: 'off' } }), {
      code: 0,
      err: /^(?!.*reserved)/s,
    });
  });

  await t.test(
    'lesson 21: what is wrong with the ledger is told, and keeps nobody from committing or pushing',
    async t => {
      const fourth = await hand.claimed('fourth');
      const other = stage.path('elsewhere.git');
      await stage.git(stage.dir, 'init', '-q', '--bare', other);
      await hand.git('push', '-q', other, 'HEAD:refs/heads/trunk');
      t.equal(await stage.git(other, 'for-each-ref', 'refs/ledgenter'), '', 'another remote gets no ledger');
      const book = join(hand.cwd, '.git', 'refs', 'ledgenter', 'main', 'book');
      const whole = readFileSync(book, 'utf8');
      writeFileSync(book, `${'0'.repeat(39)}1\n`);
      hand.write();
      await hand.git('add', '-A');
      const committed = await hand.tryGit(['commit', '-q', '-m', 'while it is broken']);
      t.match(committed, { code: 0, err: /^ledgenter: .*; ledgenter / });
      t.match(await hand.tryGit(['push', '-q', 'origin', 'HEAD:refs/heads/broken']), { code: 0, err: /^ledgenter: / });
      writeFileSync(book, whole);
      await hand.ledger('sync');
      t.same(await hand.live(fourth), [await hand.head()], 'and it is linked by the next look');
    },
  );
});
