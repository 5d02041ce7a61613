import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { runProcess } from './hands.ts';

/** The folders of one demo: a bare remote and a clone for each agent, beside each other. */
export interface Stage {
  folder: string;
  hub: string;
  office: string;
  clones: string[];
  /** What was cloned. */
  source: string;
}

/** Runs git in a folder; a failure is told with git's own last words. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runProcess('git', args, cwd, {
    ...process.env,
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  });
  if (code === 0) return stdout.trim();
  throw new LedgerError('INTERNAL', `git ${args[0]} failed: ${stderr.trim().split('\n').at(-1) ?? ''}`);
}

/** Clones `repo` (default: this product's own repository, or a copy of its files where it has no `.git`). */
export async function setStage(repo: string | undefined, root: string, agents: number): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'ledgenter-demo-'));
  const hub = join(folder, 'hub.git');
  const source = repo ?? (existsSync(join(root, '.git')) ? root : await copyOf(root, join(folder, 'source')));
  if (repo !== undefined && !existsSync(repo))
    throw new LedgerError('NOT_FOUND', `no repository at ${repo}`, { hint: 'ledgenter demo --repo <path>' });
  await git(folder, 'clone', '--quiet', '--bare', '--no-hardlinks', source, hub);
  // A pushed branch a clone: the hub's own checks stay as they are, and every accepted push leaves a line.
  await git(hub, 'config', 'core.logAllRefUpdates', 'always');
  const office = join(folder, 'office');
  const clones = Array.from({ length: agents }, (_, index) => join(folder, `agent-${index + 1}`));
  for (const [index, clone] of [office, ...clones].entries()) {
    await git(folder, 'clone', '--quiet', hub, clone);
    if (index > 0) await git(clone, 'switch', '--quiet', '--create', `agent-${index}`);
  }
  return { folder, hub, office, clones, source };
}

/** A repository made of the package's files, for an installation from a tarball. */
async function copyOf(root: string, to: string): Promise<string> {
  await mkdir(to, { recursive: true });
  for (const name of ['README.md', 'package.json']) {
    if (existsSync(join(root, name))) await cp(join(root, name), join(to, name));
  }
  await writeFile(join(to, 'DEMO.md'), 'A repository for the demo.\n');
  await git(to, 'init', '--quiet', '--initial-branch=main');
  await git(to, 'add', '.');
  await git(
    to,
    '-c',
    'user.name=demo',
    '-c',
    'user.email=demo@ledgenter.invalid',
    'commit',
    '--quiet',
    '-m',
    'Files of the package',
  );
  return to;
}
