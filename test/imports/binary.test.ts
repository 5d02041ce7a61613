import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { Stage } from '../e2e/stage.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

t.test('projects of other tools come in through the command, once and again, and the ledger is lawful', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('here');
  await stage.ok(cwd, ['init']);
  const own = stage.path('project');
  cpSync(fixture('backlog'), own, { recursive: true });

  const dry = await stage.ok(cwd, ['import', 'backlog', own, '--dry-run']);
  t.match(dry, { dry_run: true, project: 'harbour', report: { mapped: { tasks: 13, pages: 5, decisions: 1 } } });
  t.match(await stage.ok(cwd, ['task', 'query']), { tasks: [] }, 'a dry run writes nothing');

  const first = await stage.ok(cwd, ['import', 'backlog', own]);
  t.match(first, { project: 'harbour', entries: 15, already_there: 0, refused: [], report: dry.report });
  const second = await stage.ok(cwd, ['import', 'backlog', own]);
  t.match(second, { entries: 0, already_there: 14, refused: [], report: dry.report });

  const file = `${own}/backlog/tasks/task-3 - Odd-title-with-hash-quotes-tags-slash-back.md`;
  writeFileSync(file, readFileSync(file, 'utf8').replace('status: To Do', 'status: Done'));
  writeFileSync(
    `${own}/backlog/tasks/task-99 - New.md`,
    '---\nid: TASK-99\ntitle: New\nstatus: To Do\n---\nToken: ghp_0123456789abcdefghijklmnopqrstuvwxyz\n',
  );
  const third = await stage.ok(cwd, ['import', 'backlog', own]);
  t.match(third, { entries: 2, already_there: 13, refused: [], redacted: 1 }, 'only what is new is written');

  const ledger = await stage.ok(cwd, ['import', 'taskledger', fixture('taskledger'), '--project', 'old-harbour']);
  t.match(ledger, { project: 'old-harbour', entries: 12, refused: [], report: { mapped: { tasks: 11, pages: 2 } } });
  t.match(await stage.ok(cwd, ['import', 'taskledger', fixture('taskledger'), '--project', 'old-harbour']), {
    entries: 0,
    already_there: 11,
  });
  const { tasks } = await stage.ok(cwd, ['task', 'query', '--project', 'old-harbour', '--status', 'in_progress']);
  t.same(tasks, [], 'no lock of there holds anything here');
  const found = await stage.ok(cwd, ['search', 'berths cranes']);
  t.match(JSON.stringify(found), 'How the harbour is built');
  t.match(await stage.ok(cwd, ['verify']), { ok: true, findings: [] });

  const nowhere = await stage.run(cwd, ['import', 'taskledger', own]);
  t.equal(nowhere.code, 66);
});
