import { type Revisions, revisionsPort } from '../../exchange/revisions.ts';
import { runGit } from '../../store/git/index.ts';
import { providePort } from './port.ts';

/** Commits of one repository, by git's own reading of names. @param gitDir absolute */
export function revisionsIn(gitDir: string): Revisions {
  const ask = async (args: readonly string[]): Promise<string | undefined> => {
    const run = await runGit(['rev-parse', ...args], { cwd: gitDir, gitDir });
    return run.code === 0 ? run.stdout.toString('utf8').trim() : undefined;
  };
  return {
    async commit(name) {
      const oid = await ask(['--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
      return oid !== undefined && /^[0-9a-f]{40,64}$/.test(oid) ? oid : undefined;
    },
    async root(commit) {
      const args = ['rev-list', '--first-parent', '--max-parents=0', commit, '--'];
      const run = await runGit(args, { cwd: gitDir, gitDir });
      return run.code === 0 ? run.stdout.toString('latin1').split('\n', 1)[0] : undefined;
    },
    shallow: async () => (await ask(['--is-shallow-repository'])) === 'true',
  };
}

export const revisionsSource = providePort(revisionsPort, ({ seat }) => revisionsIn(seat.discovery.location.commonDir));
