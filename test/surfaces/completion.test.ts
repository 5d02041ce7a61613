import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import t from 'tap';
import { complete } from '../../src/surfaces/cli/completion.ts';
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
