import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { LedgerError } from '../kernel/errors.ts';
import { urlFingerprint } from '../kernel/fingerprint.ts';
import { type Discovery, discover, runGit } from '../store/git/index.ts';
import type { Env } from './hosts.ts';

/** A URL's fingerprint; a path counts from `base` and without `..`, so that it is one name wherever it is written from. */
export function fingerprintFrom(base: string, url: string): string | undefined {
  const remote = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) || /^(?:[^@/\\:]+@)?[^/\\:]{2,}:/.test(url);
  return urlFingerprint(remote ? url : isAbsolute(url) ? normalize(url) : resolve(base, url));
}

/** Where the book of a home repository is kept on this machine: one bare clone, whoever uses it. */
export function homeFolder(url: string, base: string): string {
  const fingerprint = fingerprintFrom(base, url) ?? 'local/unnamed';
  const parts = fingerprint
    .split('/')
    .map(part => part.replace(/[^a-z0-9._-]/g, '-').replace(/^\.+/, '-'))
    .filter(part => part !== '');
  return `${join(homedir(), '.ledgenter', 'ledgers', ...parts)}.git`;
}

/** The repository that holds the book of a checkout with a home. @throws LedgerError NO_LEDGER when it was never set up here */
export async function openHome(url: string, base: string, env: Env): Promise<Discovery> {
  const folder = homeFolder(url, base);
  if (!existsSync(folder))
    throw new LedgerError('NO_LEDGER', 'the home repository of this checkout is not set up on this machine', {
      hint: 'ledgenter init --home <url>',
    });
  return discover(folder, env);
}

/** Makes the bare clone that keeps the book of `url`; nothing is fetched yet. */
export async function makeHome(url: string, base: string, env: Env): Promise<Discovery> {
  const folder = homeFolder(url, base);
  const absolute = existsSync(resolve(base, url)) ? resolve(base, url) : url;
  if (!existsSync(folder)) {
    await mkdir(dirname(folder), { recursive: true });
    await need(['init', '--quiet', '--bare', folder], base);
    await need(['--git-dir', folder, 'config', 'remote.origin.url', absolute], base);
  }
  return discover(folder, env);
}

/** Runs git or tells why it failed. */
export async function need(args: string[], cwd: string): Promise<string> {
  const run = await runGit(args, { cwd, timeoutMs: 30_000 });
  if (run.code === 0) return run.stdout.toString('utf8').trim();
  throw new LedgerError('READ_ONLY_REPOSITORY', `git ${args[0]}: ${run.stderr.trim().split('\n').at(-1) ?? 'failed'}`);
}
