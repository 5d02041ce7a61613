import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import t from 'tap';
import { complete } from '../../src/surfaces/cli/completion.ts';
import { helpText } from '../../src/surfaces/cli/help.ts';
import { resolveCommand } from '../../src/surfaces/cli/resolve.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { makeRegistry } from '../../src/surfaces/registry.ts';
import { cleanEnv, ended, LAUNCHER, run } from './binary.ts';
import { play, SAMPLE } from './sample.ts';

const registry = makeRegistry(SAMPLE);
const has = (program: string) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

t.test('commands, flags and values complete from the registry', async t => {
  t.same(complete(registry, ['ta']), ['task']);
  t.same(complete(registry, ['task', '']), ['create', 'note', 'query']);
  t.same(complete(registry, ['task', 'cr']), ['create']);
  t.same(complete(registry, ['task', 'create', '--pri']), ['--priority']);
  t.same(complete(registry, ['task', 'query', '--status', '']), ['done', 'open']);
  t.same(complete(registry, ['task', 'query', '--mode', 's']), ['session']);
  t.same(complete(registry, ['ready', '--li']), ['--limit']);
  t.same(complete(registry, ['call', 'task_']), ['task_create', 'task_note', 'task_query']);
  t.same(complete(registry, ['help', 'pol']), ['policy']);
  t.same(complete(registry, ['completion', '']), ['bash', 'fish', 'zsh']);
  t.same(complete(registry, ['nothing', 'x']), []);
  t.ok(complete(registry, ['']).includes('whoami'));
});

t.test('short forms of two words are commands like any other', async t => {
  const all = makeRegistry(OPERATIONS);
  t.same(complete(all, ['task', 'canc']), ['cancel']);
  t.same(complete(all, ['task', 'cancel', '--reas']), ['--reason']);
  t.notOk(complete(all, ['']).some(word => word.includes(' ')));
  const found = resolveCommand(['task', 'reopen', 't-7k3q', '--reason', 'it broke'], all);
  t.match(found, { kind: 'operation', args: ['--status', 'open', 't-7k3q', '--reason', 'it broke'] });
  t.throws(() => resolveCommand(['task', 'reopne'], all), { message: /did you mean: task reopen/ });
  t.match(await helpText(all, ['task'], 100), /task cancel +short for task update --status cancelled/);
  t.match(await helpText(all, ['task', 'cancel'], 100), /Usage: ledgenter task update/);
  t.notMatch(await helpText(all, [], 100), 'task cancel');
});

t.test('a shell that has none is told which have', async t => {
  t.match(await play(['completion', 'tcsh']), { code: 64, err: /next: ledgenter completion/ });
  t.match(await play(['completion']), { code: 64, err: /which shell/ });
});

for (const shell of ['bash', 'zsh', 'fish'])
  t.test(`the script of ${shell} parses`, { skip: !has(shell) && `no ${shell} here` }, async t => {
    const script = join(t.testdir({}), 'script');
    writeFileSync(script, (await run(['completion', shell], t.testdirName)).out);
    const { code, err } = await ended(spawn(shell, ['-n', script], { env: cleanEnv() }));
    t.match([code, err], [0, '']);
  });

t.test(
  'bash completes `ledgenter task cl` through the built binary',
  { skip: !has('bash') && 'no bash here' },
  async t => {
    const dir = t.testdir({ bin: {} });
    const script = (await run(['completion', 'bash'], dir)).out;
    const wrapper = join(dir, 'bin', 'ledgenter');
    writeFileSync(wrapper, `#!/bin/sh\nexec "${process.execPath}" "${LAUNCHER}" "$@"\n`);
    chmodSync(wrapper, 0o755);
    writeFileSync(
      join(dir, 'try.bash'),
      `${script}\nCOMP_WORDS=(ledgenter task cl)\nCOMP_CWORD=2\n_ledgenter\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`,
    );
    const env = cleanEnv({ PATH: `${join(dir, 'bin')}${delimiter}${process.env.PATH}` });
    const { out } = await ended(spawn('bash', ['--norc', join(dir, 'try.bash')], { cwd: dir, env }));
    t.equal(out, 'claim\n');
  },
);
