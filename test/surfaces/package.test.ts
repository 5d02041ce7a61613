import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { cleanEnv, ended, LAUNCHER } from './binary.ts';

const root = dirname(dirname(LAUNCHER));
/** npm as the Node installation has it, started without a shell. */
const npm = [
  process.env.npm_execpath ?? '',
  join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  '/usr/share/nodejs/npm/bin/npm-cli.js',
].find(path => path.endsWith('.js') && existsSync(path));

t.test(
  'the packed tarball installs alone, offline, and runs',
  { skip: npm === undefined && 'npm is not beside node' },
  async t => {
    const dir = t.testdir({ pack: {}, app: { 'package.json': '{"name":"app","private":true}' } });
    const env = cleanEnv({ npm_config_cache: join(dir, 'cache'), npm_config_update_notifier: 'false' });
    const run = (cwd: string, ...args: string[]) => ended(spawn(process.execPath, [npm!, ...args], { cwd, env }));
    await run(root, 'pack', '--ignore-scripts', '--pack-destination', join(dir, 'pack'));
    const [tarball] = readdirSync(join(dir, 'pack'));
    t.match(tarball, /^ledgenter-.*\.tgz$/);
    const installed = await run(
      join(dir, 'app'),
      'install',
      '--offline',
      '--no-audit',
      '--no-fund',
      join(dir, 'pack', tarball!),
    );
    t.equal(installed.code, 0, installed.err);
    const home = join(dir, 'app', 'node_modules', 'ledgenter');
    t.same(
      readdirSync(join(dir, 'app', 'node_modules')).filter(name => !name.startsWith('.')),
      ['ledgenter'],
      'nothing else is needed',
    );
    const version = await ended(spawn(process.execPath, [join(home, 'bin', 'ledgenter.cjs'), '--version'], { env }));
    t.equal(version.out.trim(), JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version);
    t.equal((await ended(spawn(process.execPath, [join(home, 'bin', 'ledgenter.cjs'), 'help'], { env }))).code, 0);
    t.match(readFileSync(join(home, 'dist', 'THIRD_PARTY_LICENSES.txt'), 'utf8'), /zod [\d.]+ \(MIT\)[\s\S]*Copyright/);
    t.match(readFileSync(join(home, 'LICENSE'), 'utf8'), /Apache License/);
  },
);
