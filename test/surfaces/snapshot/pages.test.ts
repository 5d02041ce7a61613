import t from 'tap';
import { contentsOf } from '../../../src/surfaces/snapshot/contents.ts';
import { pageOf } from '../../../src/surfaces/snapshot/page.ts';
import { line, plain } from '../../../src/surfaces/snapshot/text.ts';

const task = (record: { [key: string]: string | string[] }) => ({ kind: 'task', id: 't-0123456789', record });

t.test('a text of a record shows all of itself, in its place', async t => {
  const body = 'first\n## not ours\n<!-- hidden\n```\nlast \u202egnp.exe\u0000';
  const page = pageOf(task({ title: 'See <!-- this [x](y)', description: body, status: 'open' }), []);
  t.equal(
    page,
    [
      '# See \\<!-- this [x\\](y)',
      '',
      '- task: t-0123456789',
      '- status: open',
      '',
      '## description',
      '',
      '> first',
      '> ## not ours',
      '> <!-- hidden',
      '> ```',
      '> last \ufffdgnp.exe\ufffd',
      '',
    ].join('\n'),
  );
  t.equal(line('resolve_conflicts.go: *all* `of` it | [bug] #7'), 'resolve_conflicts.go: *all* `of` it | [bug] #7');
});

t.test('what no redactor of ours saw is redacted here, and a hash is not', async t => {
  const key = `ghp_${'a1B2'.repeat(9)}`;
  t.notMatch(plain(`token ${key}`), key);
  t.notMatch(plain('see /home/somebody/notes'), /somebody/);
  t.equal(plain('f'.repeat(64)), 'f'.repeat(64));
});

t.test('what belongs to a record stands behind it in the order of time, up to a bound that is told', async t => {
  const note = (n: number, text: string) => ({
    kind: 'note',
    id: `n-${n}`,
    record: { at: `2026-01-0${n}T00:00:00.000Z`, by: 'anna', text },
  });
  const page = pageOf(task({ title: 'T' }), [note(2, 'second'), note(1, 'first')]);
  t.match(page, /note n-1[\s\S]*first[\s\S]*note n-2[\s\S]*second/);
  const long = pageOf(task({ title: 'T' }), [note(1, 'x'.repeat(800_000)), note(2, 'y'.repeat(800_000)), note(3, 'z')]);
  t.match(long, /2 more are left out: ledgenter task get t-0123456789\n$/);
});

t.test('the index has what goes on before what is over', async t => {
  const row = (id: string, status: string) => ({ kind: 'task', file: `tasks/${id}.md`, id, title: id, status });
  const text = contentsOf({ ledger: 'main', tip: 'f'.repeat(40), landed: '2026-01-01T00:00:00.000Z' }, [
    row('t-1', 'done'),
    row('t-2', 'open'),
    row('t-3', 'in_progress'),
  ]);
  t.match(
    text,
    /\| task \| 3 \|[\s\S]*- in_progress \[t-3\]\(tasks\/t-3\.md\) t-3\n- open \[t-2\].*\n- 1 more in `tasks\/`\n$/,
  );
});
