import t from 'tap';
import { sync } from '../../src/exchange/sync.ts';
import { taskRecord } from '../../src/rooms/tasks/record.ts';
import { Random } from '../model/random.ts';
import { hundredAsks, REFERENCES } from '../rooms/asks.ts';
import { Team } from './team.ts';

t.test('100 asks over 75 references from four clones are 75 tasks, in whatever order', async t => {
  for (let seed = 1; seed <= 10; seed++) {
    const random = new Random(seed);
    const team = new Team();
    const clones = ['anna', 'bob', 'cleo', 'dan'].map(name => team.clone(name));
    const [first, ...others] = clones;
    await first!.book.found();
    await first!.book.transact(
      first!.intent('ledger.init', { namespace: 'refs/ledgenter', authority: 'github/acme/app' }),
    );
    await sync(first!.clone);
    for (const { book, clone } of others) {
      await book.found();
      await sync(clone);
    }
    let asked = 0;
    for (const ask of hundredAsks(() => random.next())) {
      const { book, intent, clone } = random.pick(clones);
      const once = intent('task.ask', { ...ask });
      await book.transact(once);
      // A caller that got no answer asks again, here or in the clone next door.
      if (random.chance(0.2)) await book.transact(intent('task.ask', { ...ask }));
      asked++;
      if (random.chance(0.06)) await sync(clone);
      if (random.chance(0.03)) await Promise.all(clones.map(one => sync(one.clone)));
    }
    t.equal(asked, 100);
    for (let round = 0; round < 2; round++) for (const { clone } of clones) await sync(clone);
    const trees = new Set<string>();
    for (const { book, store } of clones) {
      const tip = (await book.tip()).at;
      const [commit] = await store.readCommits([tip]);
      trees.add(commit!.tree);
      const files = await store.diff(null, tip, 'tasks');
      const tasks = files.filter(({ path }) => taskRecord.at(path) !== undefined);
      t.equal(tasks.length, REFERENCES, `seed ${seed}`);
    }
    t.equal(trees.size, 1, `seed ${seed}: the same tree in every clone`);
  }
});
