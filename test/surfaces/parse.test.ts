import t from 'tap';
import { LedgerError } from '../../src/kernel/errors.ts';
import { parseArgs } from '../../src/surfaces/cli/parse.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { SAMPLE } from './sample.ts';

const [create, query, note] = SAMPLE;
const input = (args: string[], operation = create!) => parseArgs(args, operation).input;

/** The refusal of a command line. */
function refusal(args: string[], operation = create!): { code: string; message: string; hint: string } {
  try {
    parseArgs(args, operation);
  } catch (error) {
    if (error instanceof LedgerError) return { code: error.code, message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error('nothing was refused');
}

t.test('every flag becomes the value its schema takes', async t => {
  t.same(
    input([
      'Build it',
      '--priority=1',
      '--labels',
      'bug,ui',
      '--labels=cli',
      '--depends-on',
      't-aaaa,t-bbbb',
      '--requires-evidence',
      '--due-on',
      '2026-02-01',
    ]),
    {
      title: 'Build it',
      priority: 1,
      labels: ['bug', 'ui', 'cli'],
      depends_on: ['t-aaaa', 't-bbbb'],
      requires_evidence: true,
      due_on: '2026-02-01',
    },
  );
});

t.test('a list of objects takes texts, JSON, and a JSON list', async t => {
  t.same(
    input([
      'x',
      '--acceptance-criteria',
      'it works, and fast',
      '--acceptance-criteria',
      '{"text":"b","check":"npm test"}',
    ]).acceptance_criteria,
    [{ text: 'it works, and fast' }, { text: 'b', check: 'npm test' }],
  );
  t.same(input(['x', '--acceptance-criteria', '[{"text":"a"},{"text":"b"}]']).acceptance_criteria, [
    { text: 'a' },
    { text: 'b' },
  ]);
  t.same(input(['x', '--acceptance-criteria', '["a",{"text":"b"}]']).acceptance_criteria, [
    { text: 'a' },
    { text: 'b' },
  ]);
});

t.test('a boolean may be written out, and anything else is refused', async t => {
  const query = OPERATIONS.find(({ name }) => name === 'task.query')!;
  const ready = (value: string) => parseArgs([`--ready=${value}`], query).input.ready;
  for (const value of ['true', 'yes', 'Yes']) t.equal(ready(value), true, value);
  for (const value of ['false', 'no']) t.equal(ready(value), false, value);
  t.throws(() => ready('perhaps'), { code: 'BAD_INPUT', message: /neither true nor false/ });
});

t.test('booleans are negatable, and an empty value clears what may be cleared', async t => {
  t.same(input(['x', '--no-requires-evidence']), { title: 'x', requires_evidence: false });
  t.same(input(['x', '--requires-evidence=false']), { title: 'x', requires_evidence: false });
  t.same(input(['x', '--due-on', '']), { title: 'x', due_on: null });
});

t.test('texts that look like something else stay texts', async t => {
  t.same(input(['- a point']), { title: '- a point' });
  t.same(input(['t-7k3q', '--text', '-- see --priority 2'], note), { task_id: 't-7k3q', text: '-- see --priority 2' });
  t.same(input(['--', '--priority']), { title: '--priority' });
  t.same(input(['007']), { title: '007' });
  t.same(input(['x', '--description=-dash']), { title: 'x', description: '-dash' });
  t.same(input(['x', '--description', '1e3']), { title: 'x', description: '1e3' });
  t.same(input(['x', '--description', 'a.b=c']), { title: 'x', description: 'a.b=c' });
});

t.test('an unknown flag names the nearest', async t => {
  t.match(refusal(['x', '--priorty', '1']), { code: 'USAGE', message: 'no flag --priorty; did you mean --priority?' });
  t.match(refusal(['x', '--jsno']), { code: 'USAGE', message: /did you mean --json/ });
  t.match(refusal(['x', '-z']), { code: 'USAGE', message: 'no flag -z' });
  t.match(refusal(['x', '--__proto__', '1']), { code: 'USAGE' });
});

t.test('a wrong value names the field, what is wrong and where to look', async t => {
  t.match(refusal(['x', '--priority', 'high']), {
    code: 'BAD_INPUT',
    message: 'priority (--priority) is no number: "high"',
    hint: 'ledgenter help task create',
  });
  t.match(refusal(['x', '--priority', '1.5']), { code: 'BAD_INPUT', message: /whole number/ });
  t.match(refusal(['x', '--priority', '']), { code: 'BAD_INPUT' });
  t.match(refusal(['--status', 'opne'], query), { code: 'BAD_INPUT', message: /is not one of open, done/ });
  t.match(refusal(['x', '--acceptance-criteria', '{"text"']), { code: 'BAD_INPUT', message: /no JSON/ });
});

t.test('a missing value, a value twice and a word too many are told', async t => {
  t.match(refusal(['x', '--priority']), { code: 'USAGE', message: /--priority needs a value/ });
  t.match(refusal(['x', '--priority', '1', '--priority', '2']), { code: 'USAGE', message: /twice/ });
  t.match(refusal(['x', '--no-priority']), { code: 'USAGE', message: /needs a value/ });
  t.match(refusal(['t-7k3q', 'a note'], note), {
    code: 'USAGE',
    message: /word too many/,
    hint: 'put it behind --text',
  });
});

t.test('a second word is for the second field, where there is one, and never for the first', async t => {
  const can = OPERATIONS.find(({ name }) => name === 'can')!;
  t.same(input(['claim', 't-aaaa'], can), { action: 'claim', task_id: 't-aaaa' });
  t.same(input(['--task-id', 't-aaaa', 'claim'], can), { action: 'claim', task_id: 't-aaaa' });
  t.same(input(['claim'], can), { action: 'claim' });
  t.match(refusal(['claim', 't-aaaa', 't-bbbb'], can), { code: 'USAGE' });
  t.match(refusal(['claim', 't-aaaa', '--task-id', 't-bbbb'], can), { code: 'USAGE' });
});

t.test('global flags are told from the flags of the operation', async t => {
  const { globals, input: own } = parseArgs(
    [
      '--json',
      'x',
      '--as',
      'bob',
      '-C',
      'sub',
      '--no-sync',
      '--idempotency-key',
      'k',
      '-q',
      '--run',
      'a/b',
      '--offline',
    ],
    create,
  );
  t.same(own, { title: 'x' });
  t.match(globals, {
    json: true,
    as: 'bob',
    folder: 'sub',
    sync: false,
    key: 'k',
    quiet: true,
    run: 'a/b',
    offline: true,
  });
});
