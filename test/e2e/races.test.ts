import t, { type Test } from 'tap';
import { claimNext } from '../races/claim-next.ts';
import { crowd } from '../races/crowd.ts';
import { oneWinner } from '../races/one-winner.ts';
import type { Outcome } from '../races/race.ts';
import { createAtOnce, stampede } from '../races/stampede.ts';
import { Stage } from './stage.ts';

function shown(t: Test, { figures, faults }: Outcome): void {
  t.comment(JSON.stringify(figures));
  t.same(faults, []);
}

t.test(
  '16 processes over 4 clones claim one task: one wins each round, the losers exit 75 and name it and its lease',
  async t => {
    const outcome = await oneWinner(new Stage(t.testdir()), { processes: 16, clones: 4, rounds: 4 });
    shown(t, outcome);
    t.match(outcome.figures, { won: 4, lost: 60 });
  },
);

t.test(
  'as many clones as ready tasks claim the next one at once: all get another, in at most 8 pushes and 4 on average',
  async t => {
    const outcome = await claimNext(new Stage(t.testdir()), { clones: 10 });
    shown(t, outcome);
    t.equal(outcome.figures.different, 10);
  },
);

t.test('20 processes create a task each in one clone at once: 20 tasks', async t => {
  const outcome = await createAtOnce(new Stage(t.testdir()), { processes: 20 });
  shown(t, outcome);
  t.equal(outcome.figures.tasks, 20);
});

t.test('a stampede of local processes: every write lands once, at most 3 decides an entry on average', async t => {
  shown(t, await stampede(new Stage(t.testdir()), { processes: 24, each: 2 }));
});

t.test(
  'a crowd of clones lands one entry each: at most 3 pushes a clone on average, all in one linear book',
  async t => {
    shown(t, await crowd(new Stage(t.testdir()), { clones: 12 }));
  },
);
