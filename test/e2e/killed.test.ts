import t from 'tap';
import { killedExchanging, killedWriting } from '../races/killed.ts';
import { Stage } from './stage.ts';

t.test(
  'SIGKILL at random moments of writing: fsck and verify clean, acknowledged writes there, the next command works',
  async t => {
    const { figures, faults } = await killedWriting(new Stage(t.testdir()), { writes: 15 });
    t.same(faults, []);
    t.ok(figures.killed! > 0, 'some really died');
  },
);

t.test(
  'SIGKILL at random moments of claims, releases and syncs: the same agent goes on, all books stay one',
  async t => {
    const { figures, faults } = await killedExchanging(new Stage(t.testdir()), { rounds: 4 });
    t.same(faults, []);
    t.ok(figures.killed! > 0, 'some really died');
  },
);
