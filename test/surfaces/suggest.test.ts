import t from 'tap';
import { editDistance, nearest } from '../../src/surfaces/suggest.ts';

t.test('distance counts inserts, deletes, replacements and swaps', async t => {
  t.equal(editDistance('task', 'task'), 0);
  t.equal(editDistance('tsak', 'task'), 1);
  t.equal(editDistance('tas', 'task'), 1);
  t.equal(editDistance('', 'abc'), 3);
});

t.test('the nearest is one a person could have meant, or none', async t => {
  t.equal(nearest('claimm', ['create', 'claim', 'get']), 'claim');
  t.equal(nearest('cre', ['create', 'claim']), 'create');
  t.equal(nearest('qqqqqq', ['create', 'claim']), undefined);
  t.equal(nearest('x'.repeat(100_000), ['create']), undefined);
});
