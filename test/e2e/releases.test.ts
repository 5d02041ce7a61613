import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Stage } from './stage.ts';

t.test('releases beside git tags, in two clones and worktrees', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['anna', 'bob']);
  const [anna, bob] = clones as [string, string];
  const run = (cwd: string, ...args: string[]) => stage.run(cwd, args, { as: cwd === bob ? 'bob' : 'anna' });
  const record = async (cwd: string, title: string, ...flags: string[]): Promise<string> => {
    const ran = await run(cwd, 'task', 'record', title, '--summary', `${title} is done`, ...flags);
    if (ran.code !== 0) throw new Error(ran.out);
    return ran.answer.task.id;
  };
  const tags = (cwd: string) => stage.git(cwd, 'tag');
  const releases = async (cwd: string): Promise<string[]> =>
    (await stage.ok(cwd, ['release', 'list'])).releases.map(({ version }: { version: string }) => version);
  const head = (cwd: string) => stage.git(cwd, 'rev-parse', 'HEAD');
  const commit = async (cwd: string, words: string): Promise<string> => {
    await stage.git(cwd, 'commit', '-q', '--allow-empty', '-m', words);
    return head(cwd);
  };
  const one = await record(anna, 'Sweep', '--code-refs', (await head(anna)).slice(0, 9));

  await t.test('entry and annotated tag are both there', async t => {
    const note = 'first; key AKIAIOSFODNN7EXAMPLE left behind';
    const ran = await run(anna, 'release', 'tag', 'v1.0', '--git-tag', '--note', note);
    t.match(ran, { code: 0, answer: { landed: true, release: { at_task: one, git_tag: true } } }, ran.out);
    t.equal(await stage.git(anna, 'cat-file', '-t', 'v1.0'), 'tag', 'annotated');
    t.equal(await stage.git(anna, 'rev-parse', 'v1.0^{commit}'), await head(anna));
    const words = await stage.git(anna, 'cat-file', 'tag', 'v1.0');
    t.match(words, /Ledgenter-Release: v1\.0$/m);
    t.notMatch(words, 'AKIAIOSFODNN7EXAMPLE', 'what is no business of anybody stays out of the tag too');
    const again = await run(anna, 'release', 'tag', 'v1.0', '--git-tag');
    t.match(again, { code: 0, answer: { unchanged: true, git_tag: { unchanged: true } } }, again.out);
    t.match(await run(anna, 'release', 'tag', 'v1.0', '--note', 'another'), { code: 77 });
  });

  await t.test('or neither: another tag, a git that makes none, a remote that is away, a loser', async t => {
    const two = await record(anna, 'Polish', '--evidence', 'it shines');
    await stage.ok(anna, ['sync']);
    await stage.ok(bob, ['sync'], { as: 'bob' });
    await stage.git(anna, 'tag', 'v2.0');
    t.match(await run(anna, 'release', 'tag', 'v2.0', '--git-tag'), {
      code: 77,
      answer: { error: { message: /there is a git tag v2\.0/, hint: 'git show v2.0' } },
    });
    await stage.git(anna, 'tag', '-d', 'v2.0');
    await stage.git(anna, 'config', 'tag.gpgSign', 'true');
    await stage.git(anna, 'config', 'gpg.program', 'no-such-program');
    t.match(await run(anna, 'release', 'tag', 'v2.0', '--git-tag'), {
      code: 77,
      answer: { error: { message: /git made no tag v2\.0, and nothing was released/ } },
    });
    await stage.git(anna, 'config', '--unset', 'tag.gpgSign');
    renameSync(remote, `${remote}.away`);
    t.match(await run(anna, 'release', 'tag', 'v2.0', '--git-tag'), { code: 69 });
    renameSync(`${remote}.away`, remote);
    t.match(await run(anna, 'release', 'tag', 'v2.0', '--git-tag', '--at-commit', 'no-such'), { code: 66 });
    t.same([await tags(anna), await releases(anna)], ['v1.0', ['v1.0']]);

    const both = await Promise.all([
      run(anna, 'release', 'tag', 'v2.0', '--git-tag', '--at-task', two, '--note', 'by anna'),
      run(bob, 'release', 'tag', 'v2.0', '--git-tag', '--at-task', two, '--note', 'by bob'),
    ]);
    const codes = both.map(({ code }) => code);
    t.equal(codes.filter(code => code === 0).length, 1, `one wins: ${both.map(({ out }) => out).join('\n')}`);
    t.ok(codes.includes(77) || codes.includes(75));
    for (const [index, cwd] of [anna, bob].entries())
      t.equal((await tags(cwd)).includes('v2.0'), codes[index] === 0, `the tag of ${index} is where the release is`);
    for (const cwd of clones) await run(cwd, 'sync');
    t.same(await releases(anna), ['v2.0', 'v1.0']);
  });

  await t.test('a commit is the boundary: what is not in it comes later', async t => {
    await stage.git(anna, 'checkout', '-q', '-b', 'side');
    const aside = await record(anna, 'Aside', '--code-refs', await commit(anna, 'aside'));
    await stage.git(anna, 'checkout', '-q', 'trunk');
    const main = await record(anna, 'Main', '--code-refs', await commit(anna, 'main'));
    const later = await commit(anna, 'later');
    await stage.git(anna, 'checkout', '-q', 'side');
    const last = await record(anna, 'Last', '--code-refs', await commit(anna, 'last'));
    const ran = await run(anna, 'release', 'tag', 'v3.0', '--at-commit', 'trunk');
    t.match(
      ran,
      { code: 0, answer: { release: { at_task: main, at_commit: later }, not_in_commit: [aside] } },
      ran.out,
    );
    const { pack } = await stage.ok(anna, ['release', 'changelog', 'v4.0', '--format', 'json']);
    t.match(pack, { since: 'v3.0', tasks: [{ id: last }], counts: { tasks: 1 } });
    t.match(await run(anna, 'release', 'tag', 'v4.0', '--at-commit', 'trunk'), {
      code: 77,
      answer: { error: { message: /no task that was finished since v3\.0 is in/ } },
    });
    t.match(await run(anna, 'release', 'tag', 'v4.0', '--at-task', one), {
      code: 77,
      answer: { error: { message: /was finished before v3\.0 ended/ } },
    });
  });

  await t.test('a pack is printed, or lies in a file that was asked for', async t => {
    const args = ['release', 'changelog', 'v3.0', '--since', 'v1.0'];
    const { out } = await stage.plain(anna, args);
    t.match(out, /^# Changelog source: v3\.0\n/);
    t.match(out, /3 tasks finished \(3 recorded afterwards\)/);
    t.equal((await stage.plain(bob, ['sync'], { as: 'bob' })).code, 0);
    t.equal((await stage.plain(bob, args, { as: 'bob' })).out, out, 'the same in another clone');
    const to = [...args, '--output', 'changelog.md'];
    await stage.ok(anna, to);
    t.equal(readFileSync(join(anna, 'changelog.md'), 'utf8'), out);
    t.match(await stage.ok(anna, to), { unchanged: true });
    writeFileSync(join(anna, 'changelog.md'), 'edited by a person\n');
    t.match(await run(anna, ...to), { code: 77, answer: { error: { code: 'REFUSED', message: /left alone/ } } });
    t.equal(readFileSync(join(anna, 'changelog.md'), 'utf8'), 'edited by a person\n');
    await stage.ok(anna, [...to, '--replace']);
    t.equal(readFileSync(join(anna, 'changelog.md'), 'utf8'), out);
  });

  await t.test('a task is reported on, called off, opened again and followed up', async t => {
    const report = await stage.plain(anna, ['task', 'report', one]);
    t.match(report.out, /^# Sweep\n\nt-\w+, done \(recorded afterwards\)/);
    t.match(report.out, /## Timeline\n\n- .* anna recorded t-/);
    const { report: data } = await stage.ok(anna, ['task', 'report', one, '--format', 'json']);
    t.match(data, { task: { id: one, recorded: true }, code: { items: [{ ref_type: 'commit', live: true }] } });
    const next = (await stage.ok(anna, ['task', 'follow-up', one, '--title', 'Sweep on'])).task;
    t.match(next, { parent: one, status: 'open' });
    const off = await stage.ok(anna, ['task', 'cancel', next.id]);
    t.match(off, {
      task: { status: 'cancelled' },
      hints: { next: `ledgenter task update ${next.id} --reason '<why>'` },
    });
    t.match(await stage.ok(anna, ['task', 'cancel', next.id, '--reason', 'no need']), { task: { reason: 'no need' } });
    t.match(await stage.ok(anna, ['task', 'reopen', next.id]), { task: { status: 'open' } });
    t.match(await run(anna, 'task', 'reopen', one), { code: 77, answer: { error: { message: /say why/ } } });
    t.match(await run(anna, 'task', 'reopen', one, '--reason', 'it broke'), {
      code: 77,
      answer: { error: { code: 'HUMAN_ONLY' } },
    });
    await stage.ok(anna, ['task', 'update', one, '--title', 'Another title']);
    const known = await stage.ok(anna, ['release', 'changelog', 'v1.0', '--format', 'json']);
    t.match(known.pack.tasks, [{ id: one, title: 'Sweep' }], 'what was released is told as it was');
  });

  await t.test('each worktree is about a task of its own, and no book knows', async t => {
    const side = stage.path('worktree');
    await stage.git(anna, 'worktree', 'add', '-q', '--detach', side);
    const here = await stage.task(anna, 'Here');
    const there = await stage.task(anna, 'There');
    const before = await stage.git(anna, 'rev-parse', 'refs/ledgenter/main/book');
    t.match(await stage.ok(anna, ['task', 'activate', here]), {
      active: { id: here },
      hints: { next: `ledgenter task claim ${here}` },
    });
    await stage.ok(side, ['task', 'activate', there.slice(0, 8)]);
    t.match(await stage.ok(anna, ['whoami']), { active: { task_id: here, title: 'Here', status: 'open' } });
    t.match(await stage.ok(side, ['task', 'activate']), { active: { id: there } });
    t.match(await stage.ok(anna, ['task', 'activate', '--clear']), { active: null });
    t.notOk('active' in (await stage.ok(anna, ['whoami'])));
    t.match(await stage.ok(side, ['whoami']), { active: { task_id: there } });
    t.match(await run(anna, 'task', 'activate', there, '--clear'), { code: 65 });
    const { id } = (await stage.ok(anna, ['task', 'cancel', here])).task;
    t.match(await run(anna, 'task', 'activate', id), { code: 77, answer: { error: { message: /is cancelled/ } } });
    t.match(await run(anna, 'task', 'note', '--text', 'of which?'), { code: 65 }, 'a note names its task');
    t.equal(
      await stage.git(anna, 'rev-parse', 'refs/ledgenter/main/book~1'),
      before,
      'only the cancelling was entered',
    );
    t.notOk(existsSync(join(anna, 'ledgenter-runs')));
  });

  for (const cwd of clones) t.same(await stage.faults(cwd), []);
});
