import t, { type Test } from 'tap';
import { fromHandToHand, oneAnswers } from '../races/handoff.ts';
import type { Outcome } from '../races/race.ts';
import { Stage } from './stage.ts';

function shown(t: Test, { figures, faults }: Outcome): void {
  t.comment(JSON.stringify(figures));
  t.same(faults, []);
}

t.test(
  '16 processes over 4 clones claim one handoff to four recipients: one wins each round, the losers exit 75 and name it',
  async t => {
    const outcome = await oneAnswers(new Stage(t.testdir()), { processes: 16, clones: 4, rounds: 3 });
    shown(t, outcome);
    t.match(outcome.figures, { won: 3, lost: 45 });
  },
);

t.test(
  'held work goes from hand to hand: a third who claims all the time never gets it, who gave it away writes no more',
  async t => {
    const outcome = await fromHandToHand(new Stage(t.testdir()), { moves: 2 });
    shown(t, outcome);
    t.ok(outcome.figures.tries! > 3, 'the third tried');
  },
);
