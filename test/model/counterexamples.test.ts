import t from 'tap';
import type { Rules } from '../../src/exchange/rules.ts';
import { defineLaw } from '../../src/kernel/law.ts';
import { epochMs } from '../../src/kernel/time.ts';
import type { View } from '../../src/kernel/view.ts';
import { actorRecord } from '../../src/rooms/actors/record.ts';
import { LAWS } from '../../src/rooms/index.ts';
import { rulebookWith } from './ground.ts';
import type { Invariant } from './oracle.ts';
import { Script, type ScriptOptions } from './script.ts';

type Play = (script: Script) => Promise<void>;

/** One interleaving, played twice: with every rule nothing breaks; without the named ones the invariant does. */
function counterexample(name: string, breaks: Invariant, without: (keyof Rules)[] | ScriptOptions, play: Play): void {
  const off: ScriptOptions = Array.isArray(without)
    ? { rules: Object.fromEntries(without.map(rule => [rule, false])) }
    : without;
  const verdict = async (options: ScriptOptions): Promise<string[]> => {
    const script = await Script.open(options);
    await play(script);
    return (await script.verdict()).map(({ invariant, message }) => `${invariant}: ${message}`);
  };
  t.test(name, async t => {
    t.same(await verdict({}), [], 'with every rule nothing breaks');
    const failures = await verdict(off);
    const broken = failures.some(failure => failure.startsWith(breaks));
    t.ok(broken, `without it ${breaks} breaks`, { failures });
  });
}

counterexample('#1 a done deletes its ref before its entry lands', 'I3', ['landDelete'], async s => {
  const [p, q] = [s.clone(), s.clone()];
  const sibling = s.sibling(p.site);
  await s.go(p, () => s.aside(p)); // the local book is ahead, so the claim ref goes alone and its entry waits
  await s.go(p, () => s.claim(p));
  await s.until(p, 'push -claims', () => s.acts.finish(p, s.task, 'done'));
  await s.until(sibling, 'push book', () => s.sync(sibling));
  await s.go(p); // the ref is gone, the done is not in the book
  await s.go(q, () => s.aside(q));
  await s.go(q, () => s.claim(q));
  await s.go(sibling);
});

counterexample('#2 a ref that was free is won although the task was finished meanwhile', 'I3', ['recheck'], async s => {
  const [q, r] = [s.clone(), s.clone()];
  await s.go(q, () => s.aside(q));
  await s.until(q, 'push claims', () => s.claim(q));
  await s.go(r, () => s.claim(r));
  await s.go(r, () => s.acts.finish(r, s.task, 'done'));
  await s.go(r, () => s.sync(r));
  await s.go(q);
});

counterexample('#3 a fast clock takes over while a slow one still believes', 'I1', ['grace'], async s => {
  const [p, q] = [s.clone(-59_000), s.clone(59_000)];
  await s.go(p, () => s.aside(p));
  await s.go(p, () => s.claim(p));
  s.pass(8.5);
  await s.go(q, () => s.claim(q));
});

counterexample('#4 a process wakes past its lease and says "yours"', 'I3', ['lateAnswer'], async s => {
  const [p, q] = [s.clone(), s.clone()];
  await s.until(p, 'pushed claims', () => s.claim(p));
  s.pass(13);
  await s.go(q, () => s.claim(q));
  await s.go(q, () => s.acts.finish(q, s.task, 'done'));
  await s.go(q, () => s.sync(q));
  await s.go(p);
});

counterexample('#5 a release that seemed to fail arrives later', 'I1', ['endFirst'], async s => {
  const [p, q] = [s.clone(), s.clone()];
  await s.go(p, () => s.claim(p));
  s.world.fates.push('late', ...Array(8).fill('dropped'));
  await s.go(p, () => s.acts.finish(p, s.task, 'release', true));
  s.world.fates.length = 0;
  s.world.arrive();
  await s.go(q, () => s.claim(q));
});

/** The naive law of #6: time as the chain has it. */
const oneTime = defineLaw({
  id: 'naive.time',
  says: 'No entry is older than what stands in the book.',
  enforcedBy: 'model/counterexamples.test.ts',
  async check({ before, entry }) {
    return epochMs(entry.intent.at) < (await latest(before)) ? { message: 'older than its parent' } : undefined;
  },
});

async function latest(view: View): Promise<number> {
  let time = 0;
  for (const { record } of await view.all(actorRecord)) time = Math.max(time, epochMs(record.created_at));
  return time;
}

counterexample(
  '#6 an entry of a slow clock is refused for ever once somebody wrote later',
  'I7',
  { rulebook: rulebookWith([...LAWS, oneTime]) },
  async s => {
    const [p, q] = [s.clone(-59_000), s.clone(59_000)];
    await s.go(p, () => s.claim(p));
    await s.go(p, () => s.work(p));
    await s.go(q, () => s.aside(q));
    await s.go(q, () => s.sync(q));
    await s.go(p, () => s.sync(p));
  },
);

counterexample('#7 work after a renewal is refused', 'I7', { mistakes: { renewedRoot: true } }, async s => {
  const p = s.clone();
  await s.go(p, () => s.claim(p));
  await s.go(p, async () => s.acts.renew(p, (await s.hold(p))!));
  await s.go(p, () => s.work(p));
});

counterexample('#8 an offered task is taken while its sender works', 'I1', ['offerInRef'], async s => {
  const [p, q] = [s.clone(), s.clone()];
  await s.go(p, () => s.claim(p));
  await s.go(p, async () => s.acts.offer(p, (await s.hold(p))!, q));
  await s.go(q, () => s.sync(q));
  await s.go(q, () => s.acts.accept(q, s.task));
});

counterexample(
  '#9 an offline claim lands before the entry of the one who won the ref',
  'I7',
  ['provisionalFence'],
  async s => {
    const [p, q] = [s.clone(), s.clone()];
    p.site.online = false;
    await s.go(p, () => s.acts.claimOffline(p, s.task));
    await s.go(q, () => s.aside(q));
    await s.go(q, () => s.claim(q));
    p.site.online = true;
    await s.go(p, () => s.sync(p));
    await s.go(q, () => s.sync(q));
  },
);

counterexample('#10 a sync reads its tip after it fetched', 'I7', ['tipFirst', 'confirmPark'], async s => {
  const p = s.clone();
  const q = s.sibling(p.site);
  await s.until(p, 'refs refs/ledgenter-local/main/claims', () => s.sync(p));
  await s.go(q, () => s.aside(q));
  await s.go(q, () => s.claim(q));
  await s.go(p);
});

counterexample(
  '#11 a torn listing: the release is not in the book yet, its ref is gone already',
  'I2',
  ['confirmPark', 'unpark'],
  async s => {
    const [p, q] = [s.clone(), s.clone()];
    await s.go(p, () => s.claim(p));
    await s.go(p, () => s.acts.finish(p, s.task, 'release'));
    await s.until(p, 'pushed queue', () => s.acts.sync(p, true));
    const sibling = s.sibling(p.site);
    await s.until(sibling, 'read claims', () => s.sync(sibling));
    await s.go(q, () => s.combine(q));
    await s.go(sibling);
  },
);

counterexample('#12 a combiner builds on its own book and loses the push', 'I2', ['offRef'], async s => {
  const [p, q, r] = [s.clone(), s.clone(), s.clone()];
  await s.go(p, () => s.aside(p));
  await s.go(p, () => s.claim(p));
  await s.until(p, 'pushed queue', () => s.acts.sync(p, true));
  s.world.fates.push('dropped');
  await s.go(q, () => s.combine(q));
  s.pass(13);
  await s.go(r, () => s.claim(r));
  await s.go(q, () => s.sync(q));
});

counterexample('#13 an entry lands after a later one of its clone', 'I2', ['wholeQueue', 'writerOrder'], async s => {
  const [p, q, r] = [s.clone(), s.clone(), s.clone()];
  await s.go(p, () => s.work(p));
  await s.go(p, () => s.aside(p));
  await s.until(p, 'push queue', () => s.acts.sync(p, true));
  await s.go(r, () => s.claim(r)); // from now on p's first entry is unlawful, until r gives the task back
  await s.until(p, 'pushed queue');
  p.fiber.crash();
  await s.go(q, () => s.combine(q));
  await s.go(r, () => s.acts.finish(r, s.task, 'release'));
  await s.go(r, () => s.sync(r));
  const again = s.sibling(p.site);
  await s.go(again, () => s.sync(again));
});

/** P's push to its queue is on its way when P lands directly; then it arrives. */
const staleQueue: Play = async s => {
  const [p, r] = [s.clone(), s.clone()];
  await s.go(p, () => s.aside(p));
  s.world.fates.push('late');
  await s.until(p, 'pushed queue', () => s.acts.sync(p, true));
  p.fiber.crash();
  await s.go(r, () => s.aside(r));
  await s.go(r, () => s.sync(r)); // or the entry would land as the very commit that is queued
  const again = s.sibling(p.site);
  await s.go(again, () => s.sync(again));
  s.world.arrive();
};

counterexample('#14 a queue ref that a late push brought back stays', 'I2', ['dropStale'], async s => {
  await staleQueue(s);
  const owner = s.sibling(s.world.sites[0]!);
  await s.go(owner, () => s.sync(owner));
  if (s.world.remote.refsNow('refs/ledgenter/main/queue/').size > 0)
    s.world.oracle.fail('I2', 'its owner left it there');
});

// Its number has landed too: only without either rule does it land.
const again: (keyof Rules)[] = ['dedupe', 'writerOrder'];
counterexample('#14 a queue ref that a late push brought back lands again', 'I2', again, async s => {
  await staleQueue(s);
  const q = s.clone();
  await s.go(q, () => s.combine(q));
});

counterexample('#15 a waiting release deletes the ref of the next claim', 'I1', ['ownNewRoot'], async s => {
  const [p, q] = [s.clone(), s.clone()];
  const sibling = s.sibling(p.site);
  await s.go(p, () => s.claim(p));
  await s.go(p, () => s.acts.finish(p, s.task, 'release'));
  await s.until(p, 'pushed claims', () => s.claim(p));
  await s.until(p, 'refs refs/ledgenter-local/main/claims');
  await s.go(sibling, () => s.sync(sibling));
  await s.go(p);
  await s.go(q, () => s.claim(q));
});

counterexample(
  '#16 work that waits stretches the lease in the book over a new claim',
  'I7',
  ['holderFence'],
  async s => {
    const [p, q] = [s.clone(), s.clone()];
    await s.go(p, () => s.claim(p));
    s.pass(9);
    await s.go(p, async () => s.acts.renew(p, (await s.hold(p))!));
    await s.go(p, () => s.work(p));
    await s.go(p, () => s.acts.finish(p, s.task, 'release'));
    s.pass(4);
    const ref = s.world.names.claim(s.task);
    s.world.remote.swapNow([{ ref, old: s.world.remote.refsNow(ref).get(ref)!, new: null }]); // by hand, with plain git
    await s.go(q, () => s.aside(q));
    await s.go(q, () => s.claim(q));
    await s.go(p, () => s.sync(p));
    await s.go(q, () => s.sync(q));
  },
);

counterexample(
  '#17 a claim entry that waited lands after its tenure was taken over and given up',
  'I7',
  ['claimFence'],
  async s => {
    const [q, r, late] = [s.clone(), s.clone(59_000), s.clone(-59_000)];
    await s.go(q, () => s.aside(q));
    await s.go(q, () => s.claim(q));
    s.pass(11.1);
    await s.go(r, () => s.claim(r));
    await s.go(r, () => s.acts.finish(r, s.task, 'release'));
    await s.go(r, () => s.sync(r));
    await s.go(late, () => s.aside(late));
    await s.go(late, () => s.claim(late));
    await s.go(q, () => s.sync(q));
    await s.go(late, () => s.sync(late));
  },
);

counterexample(
  '#18 an offline claim in the clone of a holder whose renewal is not in the book',
  'I7',
  ['provisionalSeen'],
  async s => {
    const p = s.clone();
    const sibling = s.sibling(p.site);
    await s.go(p, () => s.claim(p));
    s.pass(9);
    await s.go(p, async () => s.acts.renew(p, (await s.hold(p))!));
    s.pass(4);
    p.site.online = false;
    await s.go(sibling, () => s.acts.claimOffline(sibling, s.task));
    await s.go(p, () => s.work(p));
    p.site.online = true;
  },
);

counterexample('#19 a second note with the same words is taken for the first', 'I2', ['nonce'], async s => {
  const p = s.clone();
  await s.go(p, () => s.comment(p));
  await s.go(p, () => s.comment(p));
  await s.go(p, () => s.sync(p));
});
