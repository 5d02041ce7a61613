import t from 'tap';
import { LedgerError } from '../../src/kernel/errors.ts';
import { play } from './sample.ts';

t.test('the envelope is printed exactly, and nothing else', async t => {
  const { code, out, err } = await play(['whoami', '--json'], { decide: () => ({ actor: 'anna' }) });
  t.equal(code, 0);
  t.equal(out, '{"ok":true,"actor":"anna"}\n');
  t.equal(err, '');
});

t.test('call takes JSON, from the argument or stdin, and answers the envelope', async t => {
  const decide = ({ input }: { input: unknown }) => ({ got: input as object });
  t.equal((await play(['call', 'task_create', '{"title":"a"}'], { decide })).out, '{"ok":true,"got":{"title":"a"}}\n');
  t.equal(
    (await play(['call', 'task_create', '-'], { decide, stdin: '{"title":"b"}' })).out,
    '{"ok":true,"got":{"title":"b"}}\n',
  );
  t.equal((await play(['call', 'task.query'], { decide })).code, 0);
  const wrong = await play(['call', 'task_create', '{title']);
  t.equal(wrong.code, 65);
  t.match(JSON.parse(wrong.out), { ok: false, error: { code: 'BAD_INPUT', retryable: false } });
  const typo = await play(['call', 'task_crate', '{}']);
  t.equal(typo.code, 64);
  t.match(JSON.parse(typo.out).error.message, /did you mean task_create/);
});

t.test('an idempotency key of call goes beside the input', async t => {
  const { asked } = await play(['call', 'task_create', '{"title":"a","idempotency_key":"k1"}']);
  t.match(asked, [{ input: { title: 'a' }, options: { key: 'k1' } }]);
  t.notMatch(asked[0]?.input, { idempotency_key: 'k1' });
});

t.test('a refusal is one line and the next command, with the exit code of its row', async t => {
  const decide = () => {
    throw new LedgerError('CLAIM_LOST', 'bob has it until noon');
  };
  const plain = await play(['whoami'], { decide });
  t.equal(plain.code, 75);
  t.equal(plain.out, '');
  t.equal(plain.err, 'ledgenter: bob has it until noon\n  next: ledgenter task claim\n');
  const json = await play(['whoami', '--json'], { decide });
  t.equal(json.err, '');
  t.match(JSON.parse(json.out), { ok: false, error: { code: 'CLAIM_LOST', retryable: true } });
});

t.test('a fault of ours is one line without a stack', async t => {
  const decide = () => {
    throw new TypeError('oops\n    at somewhere');
  };
  const { code, err } = await play(['whoami'], { decide });
  t.equal(code, 70);
  t.match(err, /^ledgenter: oops\n {2}next: .*\n$/);
  t.match((await play(['whoami'], { decide, env: { LEDGENTER_DEBUG: '1' } })).err, /TypeError: oops/);
});

t.test('commands that do not exist name the nearest one', async t => {
  t.match(await play(['tsak', 'create']), { code: 64, err: /did you mean: task create\?/ });
  t.match(await play(['task', 'crate']), {
    code: 64,
    err: /did you mean: task create\?\n {2}next: ledgenter task create --help/,
  });
  t.match(await play(['redy']), { code: 64, err: /did you mean: ready\?/ });
  t.match(await play(['zzzzzzzz']), { code: 64, err: /^ledgenter: no command "zzzzzzzz"\n/ });
});

t.test('short forms, tool names and flags before the command all find it', async t => {
  t.match((await play(['ready'])).asked, [{ operation: 'task.query', input: { ready: true } }]);
  t.match((await play(['task_query', '--ready'])).asked, [{ operation: 'task.query' }]);
  t.match((await play(['--json', '--as', 'task', 'task', 'query'])).asked, [{ operation: 'task.query' }]);
});

t.test('help is given for everything, and for half a command line', async t => {
  t.match(await play([]), { code: 0, out: /Usage: ledgenter <command>/ });
  t.match(await play(['task']), { code: 0, out: /ledgenter task create <title>/ });
  t.match(await play(['task', '--help']), { code: 0, out: /ledgenter task create <title>/ });
  t.match(await play(['task', 'create', '--bogus', '-h']), {
    code: 0,
    out: /Examples:[\s\S]*ledgenter task create "First"/,
  });
  t.match(await play(['help', 'task', 'note']), { code: 0, out: /--text/ });
  t.match(await play(['help', 'ready']), { code: 0, out: /task query/ });
  t.match(await play(['help', 'nope']), { code: 64, err: /no help on "nope"/ });
  t.match(await play(['--version']), { code: 0, out: /^\d+\.\d+\.\d+/ });
});

t.test('the exit code follows the answer', async t => {
  t.equal((await play(['verify'], { decide: () => ({ findings: 0 }) })).code, 0);
  t.equal((await play(['verify'], { decide: () => ({ findings: 2 }) })).code, 65);
  t.equal((await play(['whoami'], { decide: () => ({ claimed: false }) })).code, 1);
  t.equal((await play(['whoami'], { decide: () => ({ claimed: false, provisional: true }) })).code, 0);
});

t.test('what is reserved to people needs a person on a terminal', async t => {
  t.equal((await play(['policy', 'set'], { terminal: true })).code, 0);
  t.match(await play(['policy', 'set']), { code: 77, err: /reserved to a person/ });
  t.match(await play(['policy', 'set'], { terminal: true, env: { CLAUDECODE: '1' } }), { code: 77 });
  t.match(await play(['policy', 'set'], { env: { LEDGENTER_KIND: 'human' } }), { code: 77 });
});

t.test('without a name nothing is written, but reading works', async t => {
  const env = { LEDGENTER_ACTOR: '' };
  const cwd = t.testdir({});
  t.match(await play(['task', 'create', 'x'], { env, cwd }), {
    code: 78,
    err: /next: git config ledgenter.actor <name>/,
  });
  t.equal((await play(['whoami'], { env, cwd })).code, 0);
});

t.test('a dash reads stdin into a free text', async t => {
  const { asked } = await play(['task', 'note', 't-7k3q', '--text', '-'], { stdin: 'from stdin\n' });
  t.match(asked, [{ input: { task_id: 't-7k3q', text: 'from stdin' } }]);
  t.match(await play(['task', 'create', '-', '--description', '-']), { code: 64, err: /only one of/ });
});

t.test('a missing long text comes from the editor, on a terminal only', async t => {
  const dir = t.testdir({
    'editor.cjs': `const fs = require('node:fs');
      const file = process.argv[2];
      fs.writeFileSync(file, '# Seen\\nit fails\\n' + fs.readFileSync(file, 'utf8'));`,
  });
  const env = { GIT_EDITOR: `"${process.execPath}" '${dir}/editor.cjs'` };
  const { asked } = await play(['task', 'note', 't-7k3q'], { terminal: true, env });
  t.match(asked, [{ input: { text: '# Seen\nit fails' } }]);
  t.match(await play(['task', 'note', 't-7k3q'], { env }), { code: 65, err: /text/ });
  const failing = { GIT_EDITOR: `"${process.execPath}" -e process.exit(3)` };
  t.match(await play(['task', 'note', 't-7k3q'], { terminal: true, env: failing }), { code: 64, err: /ended with 3/ });
});

t.test('global switches reach the office', async t => {
  const { asked } = await play(['task', 'create', 'x', '--sync', '--offline', '--idempotency-key', 'k']);
  t.match(asked, [{ options: { sync: true, offline: true, key: 'k' } }]);
  t.notOk('sync' in (await play(['task', 'create', 'x'])).asked[0]!.options);
});

t.test('a folder that is not there is told', async t => {
  t.match(await play(['whoami', '-C', 'no-such-folder-here']), { code: 78, err: /no such folder/ });
});
