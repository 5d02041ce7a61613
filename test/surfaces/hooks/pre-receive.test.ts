import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const HOOK = fileURLToPath(new URL('../../../hooks/pre-receive', import.meta.url));
const noShell = spawnSync('sh', ['-c', ':']).status !== 0 && 'there is no sh';
const LINE = `${'0'.repeat(40)} ${'1'.repeat(40)} refs/ledgenter/main/book\n`;

/** A launcher that writes down how it was started and refuses; another one that takes everything. */
function programs(dir: string): { refuses: string; takes: string; told: () => string } {
  const [refuses, takes, log] = ['refuses.cjs', 'takes.cjs', 'log'].map(name => join(dir, name)) as [
    string,
    string,
    string,
  ];
  const note = `require('fs').writeFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(' ') + process.env.NODE_OPTIONS);`;
  writeFileSync(refuses, `${note}process.exit(77)`);
  writeFileSync(takes, '');
  return { refuses, takes, told: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') };
}

t.test(
  'an installed gate runs what its file names, whatever the one who pushes has set',
  { skip: noShell },
  async t => {
    const dir = t.testdir();
    const { refuses, takes, told } = programs(dir);
    const conf = join(dir, 'conf');
    writeFileSync(join(dir, 'breaks.cjs'), 'process.exit(0)');
    const env = {
      ...process.env,
      LEDGENTER_NODE: process.execPath,
      LEDGENTER_LAUNCHER: takes,
      ledgenter_node: process.execPath,
      ledgenter_launcher: takes,
      NODE_OPTIONS: `--require=${join(dir, 'breaks.cjs')}`,
    };
    const installed = () =>
      spawnSync('sh', ['-c', `ledgenter_stdin= ledgenter_conf='${conf}'; . '${HOOK}'`], { env, input: LINE });
    writeFileSync(conf, `node ${process.execPath}\nlauncher ${refuses}\n`);
    t.equal(installed().status, 1);
    t.equal(told(), 'verify --pre-receive', 'and no module of theirs came first');
    writeFileSync(conf, `node ${process.execPath}\n`);
    t.match(installed().stderr.toString(), /names no launcher/);
    writeFileSync(conf, `launcher ${refuses}\n`);
    t.equal(installed().status, 1, 'a node of the PATH, not theirs');
    t.equal(
      spawnSync('sh', ['-c', `ledgenter_conf='${conf}.gone'; . '${HOOK}'`], { env, input: LINE }).status,
      1,
      'shut without its file',
    );
  },
);

t.test('a hook that was copied by hand runs what the server says', { skip: noShell }, async t => {
  const { refuses, takes } = programs(t.testdir());
  const copied = (launcher: string, more: object = {}) =>
    spawnSync('sh', [HOOK], {
      env: { ...process.env, LEDGENTER_NODE: process.execPath, LEDGENTER_LAUNCHER: launcher, ...more },
      input: LINE,
    }).status;
  t.equal(copied(refuses), 1);
  t.equal(copied(takes), 0);
  t.equal(copied(refuses, { ledgenter_launcher: takes }), 1, 'names in lower case are its own');
});
