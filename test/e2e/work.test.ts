import { mkdirSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { taskRecord } from '../../src/rooms/tasks/record.ts';
import { logRecord, todoRecord } from '../../src/rooms/work/record.ts';
import { secretShapes } from '../kernel/secret-shapes.ts';
import { Forger, recordText } from './forger.ts';
import { type Answer, BOOK, Stage } from './stage.ts';

const HOUR = 3_600_000;

t.test('the work on a task is its holder’s, and shown, on two clones of one remote', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['here', 'there']);
  const [here, there] = clones as [string, string];
  const ok = (...args: string[]): Promise<Answer> => stage.ok(here, args);
  const head = await stage.git(here, 'rev-parse', 'HEAD');
  /** A task that anna holds, with a linked commit and a todo. */
  const held = async (title: string): Promise<string> => {
    const id = await stage.task(here, title);
    await ok('task', 'claim', id);
    await ok('task', 'code-ref', id, '--ref-type', 'commit', '--sha', head);
    await ok('todo', 'add', id, '--text', 'sweep the floor', '--hint', 'npm test floor');
    return id;
  };
  const one = ['--todo-id', 'todo-1'];

  t.test('a command is run, recorded and asked for: what fails blocks, what passes shows', async t => {
    const id = await held('Run it');
    const { text: secret } = secretShapes()[0]!;
    mkdirSync(join(here, 'deep'));
    const print = `node -e 'console.log(process.cwd(), ${JSON.stringify(secret)}); process.exit(3)'`;
    const run = ['work', 'run', id, ...one, '--command'];
    const failed = await stage.run(join(here, 'deep'), [...run, print]);
    t.match(failed, {
      code: 1,
      answer: {
        ok: true,
        passed: false,
        exit_code: 3,
        commit: head,
        clean: true,
        log_id: /^l-/,
        output_tail: /^\[repo\] /,
        hints: { next: `ledgenter work run ${id} --command '<command>' --todo-id todo-1` },
      },
    });
    const kept = await stage.git(here, 'show', `${BOOK}:${logRecord.path(failed.answer.log_id, id)}`);
    t.match(JSON.parse(kept), { kind: 'command', exit_code: 3, by: 'anna', todo_id: 'todo-1', clean: true });
    t.notOk(kept.includes(secret), 'no secret is kept, of the command and of what it printed');
    t.notOk(kept.includes(realpathSync(here)), 'nor a path of this machine');
    const done = ['todo', 'done', id, ...one];
    t.match(await stage.run(here, [...done, '--commit', head]), {
      code: 77,
      answer: { error: { code: 'GATE', message: /recorded last for it .* failed: exit code 3/ } },
    });
    t.match(await stage.run(here, [...run, 'no-such-program']), { code: 64, answer: { error: { code: 'USAGE' } } });
    t.match(await stage.run(here, [...run, 'make && make test']), { code: 65 }, 'no shell');
    t.match(await stage.run(here, [...run, 'git --version'], { as: 'bob' }), { code: 77 }, 'not by another');
    const slow = await stage.run(here, [...run, `node -e 'setTimeout(() => {}, 60000)'`, '--timeout', '1s']);
    t.match(slow, { code: 1, answer: { passed: false, exit_code: null, ended: 'timeout' } });
    writeFileSync(join(here, 'dirt.txt'), '');
    const passed = await stage.plain(here, [...run, 'git --version']);
    t.match(passed, {
      code: 0,
      out: /^todo-1: git --version passed in [\d.]+ s at [0-9a-f]{12}, not clean \(l-\w+\)\n/,
    });
    renameSync(join(here, 'dirt.txt'), join(stage.dir, 'dirt.txt'));
    const next = passed.out.split('next: ledgenter ')[1]!.trim().split(' ');
    t.match(await stage.run(here, next), { code: 0, answer: { todo: { status: 'done' }, progress: { needed: 0 } } });
    const { log } = await ok('work', 'query', id, '--kind', 'command');
    t.same(
      log.map(({ exit_code }: Answer) => exit_code),
      [0, null, 3],
      'newest first; what did not start is not there',
    );
    const list = await stage.plain(here, ['todo', 'query', id]);
    t.match(list.out, /^\[x\] todo-1 {2}sweep the floor\n {4}l-\w+, anna\n1 of 1 done, nothing is needed still\n/);
    t.match(await stage.run(here, ['todo', 'next', id]), { code: 1, answer: { hints: { next: /work finish/ } } });
    t.match(await ok('work', 'finish', id, '--summary', 'swept'), { finished: 'done', task: { status: 'done' } });
    t.match(await stage.run(here, [...run, 'git --version']), { code: 77, answer: { error: { message: /is done/ } } });
  });

  t.test('only the holder’s entries land, and what another forges is named', async t => {
    const id = await held('Forge it');
    await ok('sync');
    await stage.ok(there, ['sync'], { as: 'bob' });
    const bob = { as: 'bob' };
    for (const args of [
      ['todo', 'done', id, ...one, '--commit', head],
      ['work', 'run', id, '--command', 'git --version'],
      ['work', 'scan', id],
      ['work', 'finish', id, '--summary', 'done'],
    ])
      t.match(
        await stage.run(there, args, bob),
        { code: 77, answer: { error: { code: 'NOT_HOLDER' } } },
        args.join(' '),
      );
    await stage.ok(there, ['task', 'create', 'So that bob is known'], bob);
    await stage.ok(there, ['sync'], bob);
    await ok('sync');
    const path = todoRecord.path('todo-1', id);
    const forger = new Forger(stage, here);
    const todo = await forger.read(path);
    const before = await forger.tip();
    const at = new Date().toISOString();
    const { claim } = (await forger.last('anna')).intent;
    const forged = async (actor: string, patch: object, intent: object = {}): Promise<Answer> => {
      const files = { [path]: recordText({ ...todo, status: 'done', updated_by: actor, updated_at: at, ...patch }) };
      const input = { task_id: id, todo_id: 'todo-1' };
      await forger.show(await forger.commit({ actor, op: 'todo.done', input, intent: { at, ...intent }, files }));
      const { code, answer } = await stage.run(here, ['verify']);
      await forger.show(before);
      t.equal(code, 65);
      return answer.findings;
    };
    const evidence = { commit: head };
    t.match(await forged('bob', { evidence }), [{ actor: 'bob', op: 'todo.done', law: 'hold.work' }]);
    const honest = { claim: claim ?? (await claimOf(forger)) };
    t.match(await forged('anna', {}, honest), [{ actor: 'anna', law: 'todo.evidence' }], 'without evidence');
    t.match(await stage.run(here, ['verify']), { code: 0 }, 'and the honest book is lawful');

    /** The claim that anna wrote her todo under. */
    async function claimOf(of: Forger): Promise<unknown> {
      const { hold } = await of.read(taskRecord.path(id));
      return { root: hold.root, oid: 'a'.repeat(40), actor: 'anna', run: hold.run, lease_until: hold.lease_until };
    }
    await ok('task', 'release', id);
  });

  t.test('a scan logs what git says was changed for the task, and nothing else', async t => {
    const old = { GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z', GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z' };
    const commit = async (message: string, env: Record<string, string> = {}): Promise<string> => {
      await stage.git(here, 'add', '-A');
      const ran = await stage.tryGit(here, ['commit', '-q', '-m', message], { env });
      t.equal(ran.code, 0, ran.err);
      return stage.git(here, 'rev-parse', 'HEAD');
    };
    const write = (name: string, text = name) => writeFileSync(join(here, name), text);
    write('long-ago.txt');
    await commit('long ago', old);
    const id = await held('Scan it');
    const other = await stage.task(here, 'Another');
    write('mine.txt');
    write('short-lived.txt');
    const mine = await commit('mine');
    t.match(await ok('work', 'scan', id), {
      commits: [{ subject: 'mine' }, { subject: 'first' }],
      hints: { next: `ledgenter task code-ref ${id} --ref-type commit --sha ${mine}` },
    });
    await ok('task', 'code-ref', id, '--ref-type', 'commit', '--sha', mine);
    await stage.git(here, 'rm', '-q', 'short-lived.txt');
    write('mine.txt', 'more');
    await commit(`named\n\nTask: ${id.slice(0, 8)}`);
    write('theirs.txt');
    await commit(`of another task\n\nTask: ${other}`);
    write('pulled.txt');
    await commit('by another', { GIT_COMMITTER_EMAIL: 'bob@example.com' });
    write('loose ümlaut\tand tab.txt');
    await stage.git(here, 'mv', 'long-ago.txt', 'moved.txt');
    mkdirSync(join(here, 'fresh'));
    write('fresh/a.txt');
    write('fresh/b.txt');
    const found = await ok('work', 'scan', id);
    t.same(
      found.paths.map(({ change, path }: Answer) => `${change} ${path}`),
      ['A code.txt', 'A fresh/', 'D long-ago.txt', 'A loose ümlaut\tand tab.txt', 'A mine.txt', 'A moved.txt'],
      'commits that are linked or named so, and what is not committed; no other',
    );
    t.same(
      found.commits.map(({ subject }: Answer) => subject),
      ['named', 'mine', 'first'],
    );
    t.match(found, { uncommitted: 4, log_id: /^l-/ });
    const record = JSON.parse(await stage.git(here, 'show', `${BOOK}:${logRecord.path(found.log_id, id)}`));
    t.match(record, { kind: 'scan', commit: /^[0-9a-f]{40}$/, text: '3 commits, 6 paths, 4 not committed' });
    t.same(record.paths, found.paths);
    await ok('task', 'release', id);
  });

  t.test('who lost a lease goes on where nobody has it, and is told who has', async t => {
    const id = await held('Lose it');
    await ok('sync');
    const later = { env: stage.later(2 * HOUR) };
    const resume = ['work', 'resume', id, '--reason', 'the machine slept'];
    const note = ['work', 'log', id, '--kind', 'progress', '--text', 'half way'];
    t.match(await stage.run(here, note, later), { code: 75, answer: { error: { code: 'LEASE_LAPSED' } } });
    const back = await stage.run(here, resume, later);
    t.match(back, { code: 0, answer: { claimed: true, lapsed_at: /^2/, log_id: /^l-/, task: { id } } });
    t.match(await stage.run(here, note, later), { code: 0 }, 'and the work goes on');

    const muchLater = { env: stage.later(5 * HOUR) };
    const taken = await stage.run(there, ['task', 'claim', id], { as: 'bob', ...muchLater });
    t.match(taken, { code: 0, answer: { claimed: true, took_over_from: 'anna' } }, taken.out);
    const lost = await stage.run(here, resume, muchLater);
    t.match(lost, {
      code: 75,
      answer: {
        error: {
          code: 'CLAIM_LOST',
          message: /^bob holds t-\w+ until .*; your lease lapsed at 2/,
          hint: `ledgenter task get ${id}`,
          details: { holder: 'bob', lapsed_at: back.answer.lease_until },
        },
      },
    });
  });
});
