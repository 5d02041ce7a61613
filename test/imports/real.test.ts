import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { mapBeads } from '../../src/rooms/importing/index.ts';
import { askedTaskId } from '../../src/rooms/tasks/asks.ts';
import type { Task } from '../../src/rooms/tasks/record.ts';
import { Ledger, sum } from './tools.ts';

const REAL = fileURLToPath(new URL('../../../shared/data/beads-issues.jsonl', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../../fixtures/beads/sample.jsonl', import.meta.url));
const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n');
const skip = existsSync(REAL)
  ? false
  : 'the real export is not beside this checkout (../shared/data/beads-issues.jsonl)';

t.test('the real export goes in whole, and every issue and dependency is accounted for', { skip }, async t => {
  const { entries, report } = await mapBeads(linesOf(REAL), { project: 'beads', github: 'gastownhall/beads' });
  t.match(report, { lines: 5722, mapped: { tasks: 5722, comments: 25, references: 16 }, skipped: { lines: 0 } });
  t.same(report.mapped.statuses, { closed: 2259, tombstone: 3319, open: 131, hooked: 13 });
  t.equal(sum(report.mapped.dependencies) + sum(report.skipped.dependencies), 1024);
  const told = report.why.filter(({ code }) => ['missing_target', 'second_parent', 'no_equal'].includes(code));
  t.equal(
    told.reduce((total, { count }) => total + count, 0),
    sum(report.skipped.dependencies),
    'each dependency that is not mapped has its reason',
  );
  const ledger = await new Ledger().take(entries);
  t.same(ledger.refused, []);
  t.equal(ledger.written, 5722);
  const counts: Record<string, number> = {};
  for (const { tasks } of entries) {
    for (const { ref } of tasks) {
      const { status } = (await ledger.task(ref))!;
      counts[status] = (counts[status] ?? 0) + 1;
    }
  }
  t.same(counts, { done: 2259, cancelled: 3319, open: 144 });
  t.equal((await ledger.task('beads:beads/bd-98c4e1fa.1'))?.parent, askedTaskId('beads:beads/bd-98c4e1fa'));
});

t.test('the sample is a small project with work that is ready', async t => {
  const { entries, report } = await mapBeads(linesOf(SAMPLE), { project: 'allotment', github: 'acme/allotment' });
  const ledger = await new Ledger().take(entries);
  t.same(ledger.refused, []);
  t.equal(report.mapped.tasks, 32);
  t.equal(report.skipped.lines, 0);
  const codes = report.why.map(({ code }) => code).sort();
  t.same(codes, ['cycle', 'missing_target', 'no_equal', 'second_parent', 'status']);
  const tasks: Task[] = [];
  for (const entry of entries) for (const { ref } of entry.tasks) tasks.push((await ledger.task(ref))!);
  const done = new Set(
    entries
      .flatMap(entry => entry.tasks)
      .filter(task => task.status === 'done')
      .map(task => askedTaskId(task.ref)),
  );
  const ready = tasks.filter(
    task => task.status === 'open' && !task.assignee && task.depends_on.every(id => done.has(id)),
  );
  t.ok(ready.length >= 8, `${ready.length} ready tasks for a demo`);
});
