import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { Players } from './players.ts';
import { readStory } from './story.ts';

const PAGE = fileURLToPath(new URL('../../docs/examples/staged.md', import.meta.url));
const noSsh = spawnSync('ssh-keygen', ['-?']).error !== undefined && 'there is no ssh-keygen';

t.test('the staged task in docs/examples/staged.md happens as it says', { skip: noSsh }, async t => {
  const steps = readStory(PAGE);
  t.ok(steps.length > 30, 'the page has steps');
  const players = new Players(t.testdir());
  t.teardown(() => players.close());
  await players.remotes(['sweeper']);
  await players.machine('grace', ['sweeper'], { person: true });
  await players.machine('builder', ['sweeper']);
  await players.machine('checker', ['sweeper']);
  for (const step of steps) {
    const { does, actor, line } = step;
    const what = does.kind === 'tool' ? does.tool : does.words.slice(0, 3).join(' ');
    const fault = await players.play(step);
    t.equal(fault, undefined, `staged.md:${line} ${actor}: ${what}`);
    if (fault) return; // what follows builds on it
  }
});
