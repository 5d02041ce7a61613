import t from 'tap';
import { MemoryStore } from '../../src/store/memory/index.ts';
import { conformance } from './conformance.ts';

t.test('memory', async t => {
  const stores = new WeakMap<object, MemoryStore>();
  // Handles of one test are handles on one repository.
  const open = async (t: object): Promise<MemoryStore> => {
    const store = stores.get(t) ?? new MemoryStore();
    stores.set(t, store);
    return store;
  };
  await conformance(t, open, { many: 5000 });
});
