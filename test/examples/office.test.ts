import { fileURLToPath } from 'node:url';
import t from 'tap';
import { Players } from './players.ts';
import { readStory } from './story.ts';

const PAGE = fileURLToPath(new URL('../../docs/examples/office.md', import.meta.url));

t.test('the day at the office in docs/examples/office.md happens as it says', async t => {
  const steps = readStory(PAGE);
  t.ok(steps.length > 30, 'the page has steps');
  const players = new Players(t.testdir());
  t.teardown(() => players.close());
  await players.remotes(['home', 'parser', 'web']);
  await players.machine('planner', ['home', 'parser', 'web']);
  await players.machine('builder', ['parser', 'web']);
  await players.machine('reviewer', ['parser']);
  for (const step of steps) {
    const { does, actor, line } = step;
    const what = does.kind === 'tool' ? does.tool : does.words.slice(0, 3).join(' ');
    const fault = await players.play(step);
    t.equal(fault, undefined, `office.md:${line} ${actor}: ${what}`);
    if (fault) return; // what follows builds on it
  }
});
