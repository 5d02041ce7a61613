import type { Context } from '../../kernel/operation.ts';
import { repoRecord } from '../../rooms/repos/record.ts';
import { branches, tryGit } from './git.ts';
import { repoHere } from './link.ts';
import type { CommitSite } from './site.ts';

/** Names that a default branch has where nothing says which it is. */
const USUAL = ['main', 'master', 'trunk', 'develop'];

/**
 * The default branch: what the ledger says of this repository, what `origin` says, `init.defaultBranch`, the only branch there
 * is, a usual name. Undefined when nothing tells.
 */
export async function defaultBranch(site: CommitSite, context: Context): Promise<string | undefined> {
  const repo = await repoHere(site, context);
  const record = repo === undefined || repo.includes('/') ? undefined : await context.view.get(repoRecord, repo);
  if (record?.default_branch !== undefined) return record.default_branch;
  const head = (await tryGit(site.cwd, ['symbolic-ref', '-q', 'refs/remotes/origin/HEAD']))?.trim();
  if (head) return head.replace(/^refs\/remotes\/origin\//, '');
  const local = [...(await branches(site.cwd)).keys()].filter(ref => ref.startsWith('refs/heads/'));
  const names = local.map(ref => ref.slice('refs/heads/'.length));
  if (names.length === 1) return names[0];
  const wanted = (await tryGit(site.cwd, ['config', '--get', 'init.defaultBranch']))?.trim();
  return [wanted, ...USUAL].find(name => name !== undefined && names.includes(name));
}

/** The tips of the default branch: here, and where remotes have it. */
export async function defaultTips(site: CommitSite, context: Context): Promise<string[]> {
  const name = await defaultBranch(site, context);
  if (name === undefined) return [];
  const found = [...(await branches(site.cwd))].filter(
    ([ref]) =>
      ref === `refs/heads/${name}` || (ref.startsWith('refs/remotes/') && ref.split('/').slice(3).join('/') === name),
  );
  return [...new Set(found.map(([, sha]) => sha))];
}
