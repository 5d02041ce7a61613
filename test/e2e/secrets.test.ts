import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { homePaths } from '../kernel/home-paths.ts';
import { secretShapes } from '../kernel/secret-shapes.ts';
import { Stage } from './stage.ts';

/** Tasks of one entry: below its limit of 256 KB with private keys in them. */
const BATCH = 40;

t.test('no secret and no home path reaches an object, here or at the remote', async t => {
  const stage = new Stage(t.testdir());
  const hub = await stage.remote();
  const clone = await stage.clone(hub, 'clone');
  await stage.ok(clone, ['init']);
  const shapes = secretShapes();
  const homes = homePaths();
  t.ok(shapes.length >= 300 && homes.length >= 100, `${shapes.length} secrets, ${homes.length} paths`);
  const texts = [...shapes.map(({ text }) => text), ...homes.map(({ text }) => text)];
  let redacted = 0;
  for (let start = 0; start < texts.length; start += BATCH) {
    const tasks = texts.slice(start, start + BATCH).map((text, index) => ({
      key: `k${index}`,
      title: oneLine(`see ${text}`) ?? 'a long one',
      description: `Found this:\n\n${text}\n\nand that is all.`,
      labels: ['leak'],
      acceptance_criteria: [{ text: `no ${text.slice(0, 2000)} is left` }],
    }));
    const input = JSON.stringify({ tasks });
    redacted += (await stage.ok(clone, ['call', 'task_create_many', '-'], { input })).redacted;
  }
  t.ok(redacted >= texts.length, `the answers say redacted: ${redacted}`);
  const { tasks } = await stage.ok(clone, ['task', 'query', '--limit', '1']);
  const url = 'https://anna:hunter2secret@example.com/pull/1';
  await stage.ok(clone, ['task', 'code-ref', tasks[0].id, '--ref-type', 'pr', '--url', url]);
  await stage.ok(clone, ['sync']);
  for (const [where, place] of [
    ['here', clone],
    ['at the remote', hub],
  ] as const) {
    const objects = await everything(stage, place);
    const found = shapes.filter(
      ({ text, secret }) => objects.includes(secret ?? text) || objects.includes(escaped(secret ?? text)),
    );
    t.same(
      found.map(({ kind }) => kind),
      [],
      `secrets ${where}`,
    );
    t.same(
      homes.filter(({ text }) => objects.includes(text) || objects.includes(escaped(text))).map(({ text }) => text),
      [],
      `home paths ${where}`,
    );
    t.notMatch(objects, /hunter2secret/, `URL credentials ${where}`);
  }
  writeFileSync(join(clone, 'after.txt'), '');
});

/** Titles are one line of at most 200 characters. */
function oneLine(text: string): string | undefined {
  const line = text.replace(/\s+/g, ' ');
  return [...line].length <= 150 ? line : undefined;
}

/** As it stands inside a JSON string. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The content of every blob and commit of a repository. */
async function everything(stage: Stage, cwd: string): Promise<string> {
  return stage.git(cwd, 'cat-file', '--batch-all-objects', '--batch', '--buffer');
}
