import t from 'tap';
import { MemoryStore } from '../../src/store/memory/index.ts';
import { conformance, HARD_EDITS, HARD_METAS } from './conformance.ts';
import { each, fsck, open, REPOSITORIES, reftableRepo } from './repos.ts';

for (const [kind, make] of Object.entries(REPOSITORIES)) {
  t.test(kind, async t => {
    const cwd = make(t.testdir());
    const many = kind === 'bare repository' ? 5000 : 250;
    await conformance(t, async t => (await open(t, cwd)).store, { many });
    t.test('git finds nothing wrong with any of it', async t => t.equal(fsck(cwd), ''));
  });
}

t.test('reftable repository', async t => {
  const cwd = reftableRepo(t.testdir());
  if (cwd === undefined) {
    t.comment('this git has no reftable');
    t.pass('skipped');
    return;
  }
  const { found } = await open(t, cwd);
  t.equal(found.location.refFormat, 'reftable');
  await conformance(t, async t => (await open(t, cwd)).store);
});

t.test('memory computes the ids that git computes', async t => {
  const { store } = await open(t, REPOSITORIES['bare repository']!(t.testdir()));
  const steps = HARD_EDITS.map((edits, i) => ({ edits, meta: HARD_METAS[i % HARD_METAS.length]! }));
  t.same(await new MemoryStore().commitMany(null, each(steps)), await store.commitMany(null, each(steps)));
});
