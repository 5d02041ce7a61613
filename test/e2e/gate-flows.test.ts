import t, { type Test } from 'tap';
import { crowd } from '../races/crowd.ts';
import { fromHandToHand, oneAnswers } from '../races/handoff.ts';
import { oneWinner } from '../races/one-winner.ts';
import type { Outcome } from '../races/race.ts';
import { GatedStage, starts } from './gated.ts';

function shown(t: Test, stage: GatedStage, { figures, faults }: Outcome): void {
  t.comment(JSON.stringify({ ...figures, gate: starts(stage) }));
  t.same(faults, []);
  t.ok(starts(stage) > 0, 'the gate was asked');
}

t.test(
  'races of real clones have the same ends before a gate: one winner, all landed, nobody told of a law',
  async t => {
    await t.test('one task', async t => {
      const stage = new GatedStage(t.testdir());
      shown(t, stage, await oneWinner(stage, { processes: 6, clones: 3, rounds: 2 }));
    });
    await t.test('one handoff', async t => {
      const stage = new GatedStage(t.testdir());
      shown(t, stage, await oneAnswers(stage, { processes: 6, clones: 3, rounds: 1 }));
    });
    await t.test('held work goes from hand to hand', async t => {
      const stage = new GatedStage(t.testdir());
      shown(t, stage, await fromHandToHand(stage, { moves: 2 }));
    });
    await t.test('a crowd, through the queue', async t => {
      const stage = new GatedStage(t.testdir());
      shown(t, stage, await crowd(stage, { clones: 5 }));
    });
  },
);
