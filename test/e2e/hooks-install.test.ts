import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { CLIENT_HOOKS } from '../../src/surfaces/hooks/names.ts';
import { snapshot } from '../surfaces/hooks/yard.ts';
import { LAUNCHER, Stage } from './stage.ts';

/** A copy of the package whose hooks say that they ran, and a way to run its launcher. */
function packageOf(stage: Stage) {
  const launcher = stage.path('package', 'bin', 'ledgenter.cjs');
  for (const folder of ['bin', 'hooks']) mkdirSync(stage.path('package', folder), { recursive: true });
  copyFileSync(LAUNCHER, launcher);
  symlinkSync(join(dirname(dirname(LAUNCHER)), 'dist'), stage.path('package', 'dist'), 'junction');
  for (const name of [...CLIENT_HOOKS, 'pre-receive'])
    writeFileSync(stage.path('package', 'hooks', name), 'echo "ours $ledgenter_hook" >&2\n');
  return (cwd: string, ...args: string[]) => stage.start(process.execPath, [launcher, ...args, '--json'], cwd).ended;
}

t.test('the built command installs, looks and leaves; nothing of it is left', async t => {
  const stage = new Stage(t.testdir());
  const run = packageOf(stage);
  const { clones } = await stage.team(['one']);
  const [one] = clones as [string];
  const git = join(one, '.git');
  const skip = /^(objects|logs|refs|index|ledgenter-runs|COMMIT_EDITMSG|ledgenter(\/(main|cache))?(\/|$))/;
  const before = snapshot(git, skip);
  t.match(await run(one, 'hooks', 'status'), { code: 1, answer: { ok: true, installed: false } });
  const note = (await run(one, 'doctor')).answer.checks.find(({ check }: { check: string }) => check === 'hooks');
  t.match(note, { state: 'note', mend: 'ledgenter hooks install' });
  t.match(await run(one, 'hooks', 'install'), {
    code: 1,
    answer: { agreed: false, hints: { next: 'ledgenter hooks install --yes' } },
  });
  t.match(await run(one, 'hooks', 'install', '--dry-run'), { code: 0, answer: { changed: false } });
  t.same(snapshot(git, skip), before);
  t.match(await run(one, 'hooks', 'install', '--yes'), { code: 0, answer: { changed: true } });
  t.match(await run(one, 'hooks', 'status'), { code: 0, answer: { installed: true, faults: 0 } });
  const commit = await stage.tryGit(one, ['commit', '-q', '--allow-empty', '-m', 'with hooks']);
  t.equal(commit.err, 'ours pre-commit\nours prepare-commit-msg\nours commit-msg\nours post-commit\n');
  rmSync(join(git, 'hooks', 'pre-push'));
  t.match(await run(one, 'hooks', 'status'), {
    code: 78,
    answer: { faults: 1, hints: { next: 'ledgenter hooks install' } },
  });
  const doctor = await run(one, 'doctor');
  t.equal(doctor.code, 78);
  t.match(
    doctor.answer.checks.filter(({ state }: { state: string }) => state === 'fault'),
    [{ check: 'hooks', says: /pre-push missing/, mend: 'ledgenter hooks install' }],
  );
  t.match((await run(one, 'leave', '--dry-run')).answer.would, [/git hooks of ledgenter/]);
  t.match(await run(one, 'leave', '--yes'), { code: 0, answer: { left: true } });
  t.same(snapshot(git, skip), before);
  t.notOk(existsSync(join(git, 'ledgenter')));
});

t.test('it installs the gate in a bare repository where nobody ever worked', async t => {
  const stage = new Stage(t.testdir());
  const run = packageOf(stage);
  const shared = await stage.remote();
  t.match(await run(shared, 'hooks', 'install', '--yes'), { code: 0, answer: { hooks: ['pre-receive'] } });
  t.match(readFileSync(join(shared, 'hooks', 'pre-receive'), 'utf8'), /refs\/ledgenter\/\*/);
  t.match(await run(shared, 'hooks', 'uninstall', '--yes'), { code: 0, answer: { changed: true } });
  t.notOk(existsSync(join(shared, 'ledgenter')));
});
