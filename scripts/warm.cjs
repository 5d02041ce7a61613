// Makes the V8 code caches in dist/: loads each bundle as the launcher does, runs what users run most in a throw-away
// repository, so that the functions these commands need are compiled, and keeps what V8 has then.
'use strict';
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { Module } = require('node:module');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { Script } = require('node:vm');

const dist = join(__dirname, '..', 'dist');
const loaded = new Map();

function load(name) {
  const known = loaded.get(name);
  if (known) return known.module.exports;
  const filename = join(dist, name);
  const script = new Script(Module.wrap(readFileSync(filename, 'utf8')), { filename });
  const module = { exports: {} };
  loaded.set(name, { script, module });
  const require_ = id => (id.startsWith('./') ? load(id.slice(2)) : require(id));
  script.runInThisContext()(module.exports, require_, module, filename, dist);
  return module.exports;
}

/** The commands whose functions are worth keeping; each may fail, as some do before a ledger exists. */
const COMMANDS = [
  ['--version'],
  ['init'],
  ['task', 'create', 'First'],
  ['whoami'],
  ['task', 'query', '--ready'],
  ['ready', '--json'],
  ['task', 'claim', '--offline'],
];

async function run(argv, cwd) {
  const { main, processWorld } = load('cli.cjs');
  const text = [];
  const sink = { write: part => text.push(part) };
  const env = {
    ...process.env,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: join(cwd, 'none'),
    LEDGENTER_ACTOR: 'warm',
    LEDGENTER_AUTOSYNC: 'false',
  };
  const stdin = { isTTY: false, read: async () => '' };
  await main({ ...processWorld(argv), cwd, env, stdin, stdout: sink, stderr: sink });
  return text.join('');
}

async function warm() {
  const folder = mkdtempSync(join(tmpdir(), 'ledgenter-build-'));
  try {
    spawnSync('git', ['init', '-q', folder], { stdio: 'ignore' });
    for (const argv of COMMANDS) await run(argv, folder);
    const id = /t-[0-9a-z]{10}/.exec(await run(['task', 'query', '--json'], folder))?.[0];
    if (id) {
      await run(['task', 'get', id], folder);
      await run(['task', 'note', id, '--text', 'a note'], folder);
    }
    keep(['cli.cjs']);
    for (const name of readdirSync(dist)) if (name.endsWith('.cjs')) load(name);
    keep([...loaded.keys()].filter(name => name !== 'cli.cjs'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function keep(names) {
  for (const name of names) {
    const entry = loaded.get(name);
    if (entry) writeFileSync(join(dist, `${name}.cache`), entry.script.createCachedData());
  }
}

warm().then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
