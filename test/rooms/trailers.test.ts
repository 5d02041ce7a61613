import t from 'tap';
import { trailersOf } from '../../src/rooms/code/trailers.ts';

const A = 't-7k3qz0m4xv';
const B = 't-0000000001';

t.test('the tasks of a commit are found wherever a host puts their lines', async t => {
  t.same(trailersOf(`Fix it\n\nTask: ${A}\n`), { tasks: [A], closes: [] });
  t.same(trailersOf(`Squashed (#3)\n\n* one\n\nTask: ${A}\n\n* two\n\ntask:${B}\nCLOSES: ${B}\n\nmore words`), {
    tasks: [A, B],
    closes: [B],
  });
  t.same(trailersOf('x\n\nTask: t-7K3Q'), { tasks: ['t-7k3q'], closes: [] }, 'a prefix is a name too');
  t.same(trailersOf(`x\r\n\r\nTask: ${A}, ${B}\r\nTask: ${A.toUpperCase()}\r\n`), { tasks: [A, B], closes: [] });
});

t.test('lines that a squash set in, or made a list of, count', async t => {
  for (const line of [`    Task: ${A}`, `* Task: ${A}`, `  - Task: ${A}`])
    t.same(trailersOf(`subject\n\n${line}\n`), { tasks: [A], closes: [] }, line);
});

t.test('what is not shaped like an id of ours is left alone', async t => {
  for (const line of [
    'Task: ABC-123',
    'Task: t-7k3',
    'Task: t-un-usual',
    `Task ${A}`,
    `> Task: ${A}`,
    `Subtask: ${A}`,
    `Task: see ${A}`,
    'Task:',
    'Closes: #12',
  ])
    t.same(trailersOf(`subject\n\n${line}\n`), { tasks: [], closes: [] }, line);
});

t.test('the trailer has the name that is asked for, and no name reaches a pattern', async t => {
  t.same(trailersOf(`s\n\nLedger-Task: ${A}\nTask: ${B}`, 'Ledger-Task'), { tasks: [A], closes: [] });
  t.same(trailersOf(`s\n\nTask: ${A}`, '.*'), { tasks: [], closes: [] });
  t.same(trailersOf(`s\n\nCloses: ${A}`, 'closes'), { tasks: [A], closes: [A] });
  t.equal(trailersOf(`s\n${`Task: ${A}, `.repeat(50_000)}`).tasks.length, 1, 'a huge message is read in part');
});
