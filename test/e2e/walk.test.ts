import t from 'tap';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { SAMPLES } from '../surfaces/good-and-bad.ts';
import { walkHalf } from './walk.ts';

t.test('every operation has a sample, and every sample an operation', async t => {
  const names = OPERATIONS.map(({ name }) => name).sort();
  t.same(Object.keys(SAMPLES).sort(), names, 'test/surfaces/good-and-bad.ts holds one for each');
});

walkHalf(0);
