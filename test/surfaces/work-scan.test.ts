import t from 'tap';
import { bounded } from '../../src/surfaces/work/bounded.ts';

t.test('a scan keeps as many paths as one entry has room for, and counts the others', t => {
  const paths = (many: number, name: string) =>
    Array.from({ length: many }, (_, index) => ({ change: 'M', path: `${name}${index}` }));
  t.same(bounded(paths(3, 'a')), { paths: paths(3, 'a'), more: 0 });
  t.match(bounded(paths(5_000, 'a')), { paths: { length: 200 }, more: 4_800 });
  const long = bounded([{ change: 'A', path: 'x'.repeat(1_025) }, ...paths(2, 'b')]);
  t.same(long, { paths: paths(2, 'b'), more: 1 }, 'a name that fits in no record');
  const wide = bounded(paths(200, '\u0001'.repeat(1_000)));
  t.ok(JSON.stringify(wide.paths).length < 70_000, 'whatever they weigh as JSON');
  t.equal(wide.paths.length + wide.more, 200);
  t.end();
});
