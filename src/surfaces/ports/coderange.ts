import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitOf, endsOf } from '../../exchange/revisions.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { type CodeCommit, codeHistory } from '../../rooms/code/commits.ts';
import { isTrailerName, TRAILER } from '../../rooms/code/trailers.ts';
import { runGit } from '../../store/git/index.ts';
import { providePort } from './port.ts';
import { revisionsIn } from './revisions.ts';

/** Commits of one range; a branch has fewer, and a mistaken range has the whole history. */
const MAX_COMMITS = 5_000;

export const commitsSource = providePort(codeHistory, ({ options: { place, setting } }) => {
  const trailer = setting('trailer') ?? TRAILER;
  if (!isTrailerName(trailer))
    throw new LedgerError('BAD_INPUT', `ledgenter.trailer is no name of a trailer: ${JSON.stringify(trailer)}`, {
      hint: `git config ledgenter.trailer ${TRAILER}`,
    });
  return {
    trailer,
    async between(range) {
      const gitDir = place.repository?.gitDir;
      if (gitDir === undefined) throw place.problem ?? new LedgerError('NO_REPOSITORY', 'not inside a git repository');
      const [base, head] = endsOf(range);
      if (base === '') throw new LedgerError('BAD_INPUT', `not a range of commits: ${range.slice(0, 100)}`);
      const revisions = revisionsIn(gitDir);
      const ends = await Promise.all([commitOf(revisions, base), commitOf(revisions, head)]);
      const args = ['log', '-z', '--encoding=UTF-8', '--format=%H%n%P%n%B', `--max-count=${MAX_COMMITS + 1}`];
      const run = await runGit([...args, ends.join('..'), '--'], { cwd: gitDir, gitDir });
      if (run.code !== 0) throw new LedgerError('BAD_INPUT', `git could not list ${range.slice(0, 100)}`);
      const commits = run.stdout.toString('utf8').split('\0').filter(Boolean).map(commitIn);
      if (commits.length > MAX_COMMITS)
        throw new LedgerError('TOO_LARGE', `${range.slice(0, 100)} has more than ${MAX_COMMITS} commits`, {
          hint: 'name a base that is nearer',
        });
      const cut = cutOff(place.repository!.commonDir);
      if (commits.some(({ oid }) => cut.has(oid)))
        throw new LedgerError('NOT_FOUND', `the history is cut off within ${range.slice(0, 100)}`, {
          hint: 'git fetch --depth=2147483647 --filter=tree:0 <remote>',
        });
      return commits;
    },
  };
});

/** Commits whose parents a shallow clone does not have. */
function cutOff(commonDir: string): Set<string> {
  try {
    return new Set(readFileSync(join(commonDir, 'shallow'), 'utf8').split('\n'));
  } catch {
    return new Set(); // a whole clone
  }
}

/** An id, the ids of the parents, the message. */
function commitIn(text: string): CodeCommit {
  const [oid = '', parents = '', ...message] = text.split('\n');
  return { oid, parents: parents.split(' ').filter(Boolean).length, message: message.join('\n') };
}
