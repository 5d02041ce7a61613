// Makes the V8 code caches in dist/: loads each bundle as the launcher does, runs what users run most in a throw-away
// repository, so that the functions these commands need are compiled, and keeps what V8 has then.
'use strict';
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { Script } = require('node:vm');

const [dist, phase] = process.argv.slice(2);
const loaded = new Map();

/** As the launcher does it, letter for letter: a cache belongs to one text. */
const wrapped = source => `(function (exports, require, module, __filename, __dirname) {${source}\n})`;

function load(name) {
  const known = loaded.get(name);
  if (known) return known.module.exports;
  const filename = join(dist, name);
  const script = new Script(wrapped(readFileSync(filename, 'latin1')), { filename });
  const module = { exports: {} };
  loaded.set(name, { script, module });
  const require_ = id => (id.startsWith('./') ? load(id.slice(2)) : require(id));
  script.runInThisContext()(module.exports, require_, module, filename, dist);
  return module.exports;
}

/**
 * What to run in this process before its caches are kept. The hot bundle keeps what reads need and no more: reading
 * its cache costs 1 ms for every 200 KB, so functions of writes in it cost every read 2 ms and save a write 4.
 */
const PHASES = {
  reads: {
    commands: id => [['--version'], ['whoami'], ['task', 'query', '--ready'], ['ready', '--json'], ['task', 'get', id]],
    keep: name => name === 'cli.cjs',
  },
  writes: {
    commands: id => [
      ['task', 'note', id, '--text', 'a note'],
      ['task', 'create', 'Second'],
      ['help', 'task', 'create'],
    ],
    keep: name => ['mcp.cjs', 'objects.cjs', 'yargs.cjs', 'search.cjs'].includes(name),
  },
};

const settings = folder => ({
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: join(folder, 'none'),
  LEDGENTER_ACTOR: 'warm',
  LEDGENTER_AUTOSYNC: 'false',
  LEDGENTER_SIGN: 'false',
});

/** A repository with a ledger and one task, made by another process. Answers the task's id, undefined without git. */
function prepare(folder) {
  const env = settings(folder);
  spawnSync('git', ['init', '-q', folder], { env, stdio: 'ignore' });
  const run = (...args) =>
    spawnSync(process.execPath, ['-e', START, ...args], { cwd: folder, env, encoding: 'utf8' }).stdout;
  run('init');
  return /t-[0-9a-z]{10}/.exec(run('task', 'create', 'First'))?.[0];
}
/** `node -e` leaves no script in argv. */
const START = `process.argv.splice(1, 0, ''); require(${JSON.stringify(join(dist, 'cli.cjs'))}).start();`;

/** Runs one command line in this process; what it prints is dropped. */
async function run(argv, cwd) {
  const { main, processWorld } = load('cli.cjs');
  const sink = { write: () => true };
  const stdin = { isTTY: false, read: async () => '' };
  await main({ ...processWorld({ stdout: sink, stderr: sink }, argv), cwd, env: settings(cwd), stdin });
}

async function warm({ commands, keep }) {
  const folder = mkdtempSync(join(tmpdir(), 'ledgenter-build-'));
  try {
    const id = prepare(folder);
    for (const argv of commands(id ?? 't-0000')) await run(argv, folder);
    for (const name of readdirSync(dist)) {
      if (!name.endsWith('.cjs') || !keep(name)) continue;
      load(name);
      writeFileSync(join(dist, `${name}.cache`), loaded.get(name).script.createCachedData());
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

warm(PHASES[phase]).then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
