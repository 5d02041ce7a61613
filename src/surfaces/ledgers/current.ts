import { join } from 'node:path';
import { isLedgerName } from '../../book/refs.ts';
import type { CurrentLedger } from '../../exchange/ledgers.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { readText } from '../../store/git/files.ts';
import { runGit } from '../../store/git/index.ts';
import type { Place } from '../place.ts';
import { type Signs, setting } from '../who.ts';
import { remembered } from './memory.ts';

/** The ledger of a repository in which nobody said anything else. */
export const DEFAULT_LEDGER = 'main';

type Said = Pick<Signs, 'env' | 'config'> & { flags: Pick<Signs['flags'], 'ledger'> };

/**
 * Which ledger is in use here: the one that is named (flag, `LEDGENTER_LEDGER`, `ledgenter.ledger`), else that of the branch
 * that is checked out, else the one that this worktree remembers, else `main`. Nothing of it lies in the working tree or
 * in a commit, so no checkout, pull or merge of branches changes it for anybody.
 * @throws LedgerError BAD_INPUT when what is named can be no ledger
 */
export async function currentLedger(place: Place, { flags, env, config }: Said): Promise<CurrentLedger> {
  const named = setting({ env, config }, 'ledger', flags.ledger);
  if (named !== undefined) {
    const because = flags.ledger ? 'flag' : env.LEDGENTER_LEDGER ? 'environment' : 'configuration';
    if (isLedgerName(named)) return { name: named, because };
    throw new LedgerError(
      'BAD_INPUT',
      `${JSON.stringify(named.slice(0, 80))} can be no ledger: a-z 0-9 -, at most 31`,
      {
        hint: because === 'configuration' ? 'git config ledgenter.ledger main' : 'ledgenter ledger list',
      },
    );
  }
  const { repository } = place;
  const branch = hasBranchLedgers(place) ? await branchOf(place) : undefined;
  const own = branch === undefined ? undefined : config(branchKey(branch));
  if (branch !== undefined && own !== undefined && isLedgerName(own)) return { name: own, because: 'branch', branch };
  const kept = repository && remembered(repository.gitDir);
  return kept === undefined ? { name: DEFAULT_LEDGER, because: 'default' } : { name: kept, because: 'worktree' };
}

/**
 * The variable that gives a branch its ledger. In git's own section of the branch, so that it goes with the branch when
 * that is renamed or deleted.
 */
export const branchKey = (branch: string): string => `branch.${branch}.ledgenter`;

/** The branches that have a ledger of their own. */
export function branchLedgers({ discovery }: Pick<Place, 'discovery'>): { branch: string; ledger: string }[] {
  const config = discovery?.config;
  return (config?.names() ?? []).flatMap(name => {
    const branch = /^branch\.(.+)\.ledgenter$/s.exec(name)?.[1];
    const ledger = config?.get(name);
    return branch !== undefined && ledger !== undefined && isLedgerName(ledger) ? [{ branch, ledger }] : [];
  });
}

/** Most repositories have none, and then HEAD is not read. */
const hasBranchLedgers = (place: Place): boolean => branchLedgers(place).length > 0;

/** The branch that is checked out, or that a rebase works on; undefined where HEAD is at no branch. */
export async function branchOf({ repository, discovery, cwd }: Place): Promise<string | undefined> {
  if (!repository || !discovery) return undefined;
  const { gitDir } = repository;
  // There HEAD is a file that says nothing.
  if (discovery.location.refFormat === 'reftable') {
    const run = await runGit(['symbolic-ref', '-q', 'HEAD'], { cwd, timeoutMs: 10_000 });
    return run.code === 0 ? nameIn(run.stdout.toString('utf8')) : undefined;
  }
  const head = nameIn(readText(join(gitDir, 'HEAD')));
  if (head !== undefined) return head;
  for (const folder of ['rebase-merge', 'rebase-apply']) {
    const name = nameIn(readText(join(gitDir, folder, 'head-name')));
    if (name !== undefined) return name;
  }
  return undefined;
}

const nameIn = (text: string | undefined): string | undefined =>
  /^(?:ref: )?refs\/heads\/([^\r\n]+)/.exec(text ?? '')?.[1];
