import type { Ledgers } from '../../exchange/ledgers.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { OfficeOptions } from '../compose.ts';
import { need } from '../home.ts';
import { readPlace } from '../place.ts';
import type { Seat } from '../seat.ts';
import { branchKey, branchLedgers, branchOf, currentLedger, DEFAULT_LEDGER } from './current.ts';
import { remember } from './memory.ts';
import { ledgersIn } from './names.ts';

/** The ledgers of the repository that keeps the book, and which of them is in use in the checkout. */
export function makeLedgers(seat: Seat, { place, env, ledger }: OfficeOptions): Ledgers {
  const now = () => readPlace(place.cwd, env);
  const gitDir = (): string => {
    if (place.repository) return place.repository.gitDir;
    throw new LedgerError('NO_REPOSITORY', 'no worktree here could remember a ledger', {
      hint: 'ledgenter --ledger <ledger> whoami',
    });
  };
  return {
    current: ledger,
    async standing() {
      const here = await now();
      return currentLedger(here, { flags: {}, env, config: here.config });
    },
    names: () => ledgersIn(seat),
    open: (name, options) => (name === seat.ledger && !options ? seat : seat.beside(name)).clone(options),
    branch: async () => branchOf(await now()),
    branches: () => branchLedgers(place),
    remember: async name => remember(gitDir(), name === DEFAULT_LEDGER ? undefined : name),
    async giveBranch(branch, name) {
      gitDir();
      // A branch without a commit yet is one too, while it is checked out.
      const known = (await branchOf(place)) === branch || (await exists(branch, seat.checkout));
      if (!known)
        throw new LedgerError('NOT_FOUND', `there is no branch ${JSON.stringify(branch)} here`, {
          hint: 'git branch --list',
        });
      await need(['config', '--local', branchKey(branch), name], seat.checkout);
    },
  };
}

const exists = (branch: string, cwd: string): Promise<boolean> =>
  need(['show-ref', '--verify', '--quiet', `refs/heads/${branch}`], cwd).then(
    () => true,
    () => false,
  );
