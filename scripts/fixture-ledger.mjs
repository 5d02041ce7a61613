// Makes fixtures/ledgers/format-<n>.bundle: a small ledger with every kind of record, through the built binary. Run once a
// format, when it is released; after that the file stays as it is and test/e2e/formats.test.ts opens, verifies and extends it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './files.mjs';

const format = process.argv[2] ?? '1';
const folder = mkdtempSync(join(tmpdir(), 'ledgenter-fixture-'));
const env = {
  ...process.env,
  HOME: folder,
  USERPROFILE: folder,
  GIT_CONFIG_NOSYSTEM: '1',
  LEDGENTER_AUTOSYNC: 'false',
  LEDGENTER_KIND: 'human',
};

function git(...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

function run(actor, ...args) {
  const bin = join(root, 'bin', 'ledgenter.cjs');
  const { stdout, stderr } = spawnSync(process.execPath, [bin, ...args, '--json'], {
    cwd: folder,
    env: { ...env, LEDGENTER_ACTOR: actor },
    encoding: 'utf8',
  });
  const answer = JSON.parse(stdout || '{}');
  if (!answer.ok) throw new Error(`ledgenter ${args.join(' ')}: ${stdout}${stderr}`);
  return answer;
}

git('init', '--quiet', '.');
run('ada', 'init');
run('ada', 'project', 'create', 'web', '--title', 'The website');
const first = run(
  'ada',
  'task',
  'create',
  'Publish the page',
  '--project',
  'web',
  '--acceptance-criteria',
  'it opens',
  '--requires-evidence',
).task.id;
const second = run('ada', 'task', 'create', 'Announce it', '--depends-on', first, '--labels', 'news').task.id;
run(
  'ada',
  'task',
  'ask',
  '--origin-ask-ref',
  'github:acme/web#7',
  '--title',
  'The link is dead',
  '--idempotency-key',
  'ask-7',
);
run('bob', 'task', 'claim', first);
run('bob', 'task', 'note', first, '--text', 'half way');
run('bob', 'task', 'code-ref', first, '--ref-type', 'commit', '--sha', '0123456789abcdef0123456789abcdef01234567');
run('bob', 'attach', 'add', first, '--name', 'log.txt', '--content', 'all green');
run('bob', 'task', 'check', first, '--criterion', 'c1', '--met');
run('bob', 'task', 'update', first, '--status', 'done');
run('bob', 'task', 'claim', second, '--lease', '7d');
run('ada', 'ledger', 'policy', '--claim-grace', '30s');
run('ada', 'import', 'beads', join(root, 'fixtures', 'beads', 'sample.jsonl'), '--project', 'garden');
const { entries } = run('ada', 'verify');
git(
  'bundle',
  'create',
  '--quiet',
  join(root, 'fixtures', 'ledgers', `format-${format}.bundle`),
  'refs/ledgenter/main/book',
);
rmSync(folder, { recursive: true, force: true });
console.log(`format ${format}: ${entries} entries`);
