// The one command that checks everything: format, lint, types, rings, generated files, build, tests. The last line is
// `N passed, N failed`: each step before the tests counts as one, each assertion of the tests as one.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { filesUnder, root } from './files.mjs';

const require = createRequire(import.meta.url);
/** Tests that are run by hand: `npm run bench`, `npm run races`. */
const BY_HAND = ['test/bench/', 'test/races/'];
/** Exhaustive ones, which take a third of the time together: with `npm test -- --all` only. */
const LONG = [
  'test/e2e/commits-odd.test.ts',
  'test/e2e/fuzz-others.test.ts',
  'test/e2e/fuzz.test.ts',
  'test/e2e/gate-flows.test.ts',
  'test/e2e/idempotency.test.ts',
  'test/e2e/isolation.test.ts',
  'test/model/seeds.test.ts',
];
const left = process.argv.includes('--all') ? [] : LONG;
const JOBS = Math.min(8, Math.max(2, availableParallelism()));
const started = Date.now();
let passed = 0;
let failed = 0;

/** The script behind a package's command, so that no shell and no .cmd file is needed. */
function command(name, bin = name) {
  const folder = dirname(require.resolve(`${name}/package.json`));
  const { bin: bins } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bins === 'string' ? bins : bins[bin]);
}

/** Runs a script in Node and answers its exit code and all it printed. */
function node(args) {
  return new Promise(resolve => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', part => (text += part));
    child.on('close', code => resolve({ code, text }));
  });
}

async function step(name, args) {
  const { code, text } = await node(args);
  if (code === 0) passed += 1;
  else failed += 1;
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (code !== 0) console.log(text.trim());
  return code === 0;
}

/** tap compiles its plugin set once an installation: .taprc leaves TypeScript to tsx. */
async function ensureTap() {
  const built = join(dirname(require.resolve('@tapjs/test/package.json')), 'test-built', 'dist', 'esm', 'index.js');
  if (existsSync(built) && !readFileSync(built, 'utf8').includes('"@tapjs/typescript"')) return;
  const { code, text } = await node([command('tap'), 'build']);
  if (code !== 0) console.log(text.trim());
}

async function tests() {
  const files = filesUnder('test', '.test.ts').filter(
    file => !BY_HAND.some(folder => file.startsWith(folder)) && !left.includes(file),
  );
  if (files.length === 0) return;
  await ensureTap();
  const { code, text } = await node([command('tap'), 'run', '--reporter=tap', `--jobs=${JOBS}`, ...files]);
  const summary = /^# \{ total: (\d+)(?:, pass: (\d+))?(?:, fail: (\d+))?/m.exec(text);
  const broken = Number(summary?.[3] ?? 0);
  passed += Number(summary?.[2] ?? 0);
  failed += code === 0 ? broken : Math.max(1, broken);
  if (code !== 0) console.log(failures(text));
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} tests in ${files.length} files`);
  if (left.length > 0) console.log(`       ${left.length} long files were left out: npm test -- --all`);
  console.log(slowest(text));
}

/** Where the time goes: the test files that take longest, in seconds. */
function slowest(text) {
  const times = [...text.matchAll(/^(?:not )?ok \d+ - (test\/\S+) # time=([\d.]+)ms/gm)].map(([, file, ms]) => [
    file,
    ms / 1000,
  ]);
  const most = times.sort((a, b) => b[1] - a[1]).slice(0, 12);
  return most.map(([file, seconds]) => `       ${seconds.toFixed(0)} s ${file}`).join('\n');
}

/** The failed assertions with what tap says of them, each under its file. */
function failures(text) {
  const lines = text.split(/\r?\n/);
  const out = [];
  for (const [index, line] of lines.entries()) {
    if (!/^\s*not ok /.test(line)) continue;
    const end = lines.findIndex((other, at) => at > index && /^\s*\.\.\.$/.test(other));
    const opens = /^\s*---$/.test(lines[index + 1] ?? '');
    out.push(...lines.slice(index, opens && end > 0 ? Math.min(end + 1, index + 40) : index + 1));
  }
  return out.length > 0 ? out.join('\n') : lines.slice(-40).join('\n');
}

/** Two steps at a time keep two cores busy. */
async function inPairs(steps) {
  const queue = [...steps];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await step(...next);
  };
  await Promise.all([worker(), worker()]);
}

await inPairs([
  ['types', [command('typescript', 'tsc'), '--noEmit']],
  ['format and lint', [command('@biomejs/biome', 'biome'), 'check', '--error-on-warnings', '.']],
  ['rings', [join(root, 'scripts', 'rings.mjs')]],
  ['build', [join(root, 'scripts', 'build.mjs')]],
  ['generated files', [join(root, 'scripts', 'generate.mjs'), '--check']],
]);
await tests();
console.log(`${Math.round((Date.now() - started) / 1000)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
