import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { mapBacklog } from '../../src/rooms/importing/backlog/map.ts';
import { mapTaskledger } from '../../src/rooms/importing/taskledger/map.ts';
import { frontMatter, yamlMap } from '../../src/surfaces/importing/frontmatter.ts';
import { backlogRoot, projectKey, taskledgerRoot } from '../../src/surfaces/importing/roots.ts';
import { filesOf, Ledger, reasons } from './tools.ts';

const task = (id: string, more = '', body = '') => `---\nid: ${id}\ntitle: ${id}\nstatus: To Do\n${more}---\n${body}`;

t.test('files that are broken, huge, no text or links: each is told by its name, and the rest comes in', async t => {
  const dir = t.testdir({
    secret: 'outside',
    backlog: {
      'config.yml': 'project_name: "P"\nstatuses: ["To Do", "Done"]\n',
      tasks: {
        'task-1 - Good.md': task('task-1'),
        'task-2 - Bad-yaml.md': '---\nid: task-2\ntitle: [unclosed\nstatus: x\n---\nThe text of it.',
        'task-3 - No-matter.md': 'Nothing but text.',
        'task-4 - Endless.md': '---\nid: task-4\n',
        'task-5 - Huge.md': `${task('task-5')}${'x'.repeat(1_100_000)}`,
        'task-7 - Odd.md': task('../../etc/passwd'),
        'task-8 - Nul.md': task('task-8', '', 'a\u0000b'),
      },
      docs: {},
    },
  });
  writeFileSync(join(dir, 'backlog/tasks/task-6 - Bytes.md'), Buffer.from([0xff, 0xfe, 0x00, 0xd8]));
  symlinkSync(join(dir, 'secret'), join(dir, 'backlog/docs/link.md'));
  symlinkSync(dir, join(dir, 'backlog/docs/folder'));
  const { entries, report } = await mapBacklog(await filesOf(join(dir, 'backlog')), { project: 'p' });
  const ledger = await new Ledger('import.backlog').take(entries);
  t.same(ledger.refused, []);
  t.equal(report.mapped.tasks, 6);
  t.equal(report.files.left, 5);
  t.match(reasons(report), {
    bad_front_matter: 2,
    no_front_matter: 1,
    too_large: 1,
    not_text: 1,
    symlink: 2,
    bad_file_id: 4,
    mended: 1,
  });
  const bad = report.why.find(({ code }) => code === 'bad_front_matter')!.examples[0];
  t.match(bad, { file: 'tasks/task-2 - Bad-yaml.md', line: 4 });
  t.match(await ledger.task('backlog:p/task-2'), { title: 'Bad yaml', description: /unclosed[\s\S]*The text of it\./ });
  t.match(await ledger.task('backlog:p/task-3'), { title: 'No matter', description: 'Nothing but text.' });
  t.match(await ledger.task('backlog:p/task-7'), { title: '../../etc/passwd' }, 'a path is a title like any other');
  t.match(await ledger.task('backlog:p/task-8'), { description: 'a\ufffdb' });
});

t.test(
  'circles, own tails, targets that are not there and deep towers are told, and nothing fails of them',
  async t => {
    const deep = Array.from({ length: 120 }, (_, n) => n + 100);
    const files: Record<string, string> = {
      'a.md': task('task-1', 'dependencies: [task-2, TASK-1, task-77]\n'),
      'b.md': task('task-2', 'dependencies: [task-3]\nparent_task_id: task-3\n'),
      'c.md': task('task-3', 'dependencies: [1, task-01]\nparent_task_id: task-2\n'),
      'd.md': task('task-4', 'dependencies: [{a: b}, "../x"]\n'),
    };
    for (const n of deep) files[`deep${n}.md`] = task(`task-${n}`, `parent_task_id: task-${n + 1}\n`);
    const dir = t.testdir({ tasks: files });
    const { entries, report } = await mapBacklog(await filesOf(dir), { project: 'p' });
    const ledger = await new Ledger('import.backlog').take(entries);
    t.same(ledger.refused, []);
    t.match(reasons(report), { cycle: 3, self: 1, missing_target: 2, bad_dependency: 1 });
    t.equal(report.mapped.tasks, 124);
    t.ok((reasons(report).depth ?? 0) > 0, 'more ancestors than a task may have');
  },
);

t.test('YAML is data: no tags, no bombs, no towers, no types that were not written', async t => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
    .split('')
    .map((name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[n]}`).join(',')}]`)
    .join('\n')}\n`;
  t.match(await yamlMap(bomb), { problem: { code: 'bad_front_matter' } });
  t.match(await yamlMap(`a: ${'['.repeat(20_000)}`), { problem: { code: 'bad_front_matter' } });
  t.match(await yamlMap(`a: ${'x'.repeat(300_000)}`), { problem: { detail: /longer than/ } });
  t.match(await yamlMap('- a list'), { problem: { detail: 'it is no map' } });
  t.match(await yamlMap('a: 1\na: 2\n'), { problem: { line: 2 } });
  const { fields } = (await yamlMap(
    'a: 1e3\nb: 2026-05-04\nc: yes\nd: null\ne: ~\nf: "null"\ng: true\nh: 0x1f\ni:\nj: !!js/function "x"\n__proto__: {polluted: 1}\n',
  )) as { fields: Record<string, unknown> };
  const { j: _tagged, ...plain } = fields ?? {};
  t.match(plain, { a: '1e3', b: '2026-05-04', c: 'yes', d: null, e: null, f: 'null', g: true, h: '0x1f', i: null });
  t.notOk('polluted' in {});
  t.match(await frontMatter('---\r\na: b\r\n---\r\nbody\r\n'), { fields: { a: 'b' }, body: 'body\r\n', line: 4 });
});

t.test('settings lead nowhere outside of the folder', async t => {
  const dir = t.testdir({
    real: { tasks: {}, 'config.yml': 'project_name: "Ünïcode & Co."\n' },
    up: { 'taskledger.toml': "taskledger_dir = '../real'\n" },
    abs: { '.taskledger.toml': "taskledger_dir = '/etc'\n" },
    bad: { 'taskledger.toml': 'not = = toml\n' },
    pointed: { 'backlog.config.yml': 'backlog_directory: ../real\nproject_name: x\n' },
    linked: {},
    empty: {},
  });
  for (const name of ['up', 'abs']) {
    await t.rejects(taskledgerRoot(join(dir, name)), { code: 'BAD_INPUT', message: /lie outside/ });
  }
  await t.rejects(taskledgerRoot(join(dir, 'bad')), { code: 'BAD_INPUT', message: /is no TOML/ });
  await t.rejects(backlogRoot(join(dir, 'pointed')), { code: 'NOT_FOUND' });
  await t.rejects(backlogRoot(join(dir, 'nowhere')), { code: 'NOT_FOUND' });
  await t.rejects(taskledgerRoot(join(dir, 'empty')), { code: 'NOT_FOUND', hint: /^ledgenter import taskledger/ });
  symlinkSync(join(dir, 'real'), join(dir, 'linked', 'backlog'));
  await t.rejects(backlogRoot(join(dir, 'linked')), { code: 'NOT_FOUND' });
  const root = await backlogRoot(join(dir, 'real'));
  t.equal(projectKey(undefined, root, 'x'), 'n-code-co');
  t.throws(() => projectKey('a b', root, 'x'), { code: 'BAD_INPUT' });
});

t.test('records of a task whose own file is broken, and logs that are none, are kept', async t => {
  const dir = t.testdir({
    ledgers: {
      main: {
        tasks: {
          'task-0001': {
            'task.md': '---\n: : :\n- x\n---\nbody',
            plans: { 'plan-v1.md': '---\nversion: 1\n---\n{{ evil }}' },
          },
        },
        events: {
          'x.ndjson': '{"task_id":"task-0001","ts":"2026-01-01T00:00:00Z","event":"e"}\nnot json\n{"event":"alone"}\n',
        },
      },
      '..evil': { tasks: { 'task-0001': { 'task.md': 'x' } } },
    },
  });
  mkdirSync(join(dir, 'ledgers/main/tasks/-rf'));
  writeFileSync(join(dir, 'ledgers/main/tasks/-rf/task.md'), 'x');
  const { entries, report } = await mapTaskledger(await filesOf(dir), { project: 'p' });
  const ledger = await new Ledger('import.taskledger').take(entries);
  t.same(ledger.refused, []);
  t.match(await ledger.task('taskledger:p/main/task-0001'), { title: 'task-0001', description: /body$/ });
  const texts = (await ledger.notes('taskledger:p/main/task-0001')).map(({ text }) => text);
  t.ok(texts.some(text => text.endsWith('{{ evil }}')));
  t.match(reasons(report), { bad_event: 2, no_place: 2, orphan: 1 });
});
