import t from 'tap';
import { blocksOf, missing } from './example.ts';

t.test('a page is taken apart into commands, files and what is printed', async t => {
  const page = [
    '# A page',
    '```sh',
    'ledgenter init',
    '```',
    'prose',
    '```text',
    'ready',
    '…',
    '```',
    '```json',
    '{}',
    '```',
    '```sh loop.sh',
    'exit 0',
    '```',
  ].join('\n');
  t.same(blocksOf(page), [
    { line: 2, text: 'ledgenter init', shown: 'ready\n…' },
    { line: 13, text: 'exit 0', file: 'loop.sh' },
  ]);
  t.throws(() => blocksOf('```sh\nfoo'), /not closed/);
});

t.test('what a page shows must be printed, in its order', async t => {
  const output = 'one t-0123456789\n  two\nthree (3)\n';
  t.same(missing('one t-…\n…\nthree (3)', output), []);
  t.same(missing('three (3)\ntwo', output), ['two']);
  t.same(missing('one', output), ['one'], 'a whole line');
});
