import { newestPage } from '../lists.ts';
import { defineTable } from '../rows.ts';
import { type CodeRef, codeRefRecord } from '../tasks/record.ts';
import type { CodeFilter, CodeIndex, CodeRow } from './ports.ts';
import { prName, prRepo } from './prs.ts';
import { MIN_SHA, sameCommit } from './refs.ts';

export const codeTable = defineTable<CodeRef, Omit<CodeRow, 'id'>>({
  def: codeRefRecord,
  version: 1,
  row: ({ by: _who, ...ref }, _id, owner) => ({ ...ref, task_id: owner! }) as Omit<CodeRow, 'id'>,
});

/** The index over rows, whoever keeps them. */
export function codeIndexOf(rows: readonly CodeRow[]): CodeIndex {
  let commits: { sha: string; row: CodeRow }[] | undefined;
  const sorted = () => {
    commits ??= rows
      .flatMap(row => (row.ref_type === 'commit' && row.sha !== undefined ? [{ sha: row.sha, row }] : []))
      .sort((a, b) => (a.sha < b.sha ? -1 : 1));
    return commits;
  };
  const matching = (filter: CodeFilter): CodeRow[] =>
    newestPage(
      rows.filter(row => matches(row, filter)),
      'at',
      { limit: rows.length },
    ).items;
  return {
    async bySha(shas) {
      const found = new Set<CodeRow>();
      for (const sha of shas) for (const row of named(sorted(), sha)) found.add(row);
      return [...found];
    },
    async query(filter, page) {
      const wanted = rows.filter(row => matches(row, filter));
      const { items, ...rest } = newestPage(wanted, 'at', page);
      return { rows: items, ...rest };
    },
    rows: async filter => matching(filter),
  };
}

/** Those whose sha begins with `sha`, and those whose shorter sha it begins with: all stand together in the order of text. */
function* named(commits: readonly { sha: string; row: CodeRow }[], sha: string): Generator<CodeRow> {
  if (sha.length < MIN_SHA) return;
  let low = 0;
  for (let high = commits.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (commits[middle]!.sha < sha.slice(0, MIN_SHA)) low = middle + 1;
    else high = middle;
  }
  for (const start = sha.slice(0, MIN_SHA); commits[low]?.sha.startsWith(start); low++) {
    if (sameCommit(commits[low]!.sha, sha)) yield commits[low]!.row;
  }
}

function matches(row: CodeRow, { task_id, ref_type, live, repo, state, sha }: CodeFilter): boolean {
  return (
    (task_id === undefined || row.task_id === task_id) &&
    (ref_type === undefined || row.ref_type === ref_type) &&
    (live === undefined || row.live === live) &&
    (state === undefined || row.state === state) &&
    (sha === undefined || (row.sha !== undefined && sameCommit(row.sha, sha))) &&
    (repo === undefined || [repo].flat().includes(repoOf(row) ?? ''))
  );
}

/** The name of its repository as it was given; of a pull request that names none, the fingerprint in its own name. */
function repoOf({ repo, ref_type, name, url }: CodeRow): string | undefined {
  if (repo !== undefined) return repo;
  const pr = ref_type === 'pr' ? prName({ name, url }) : undefined;
  return pr === undefined ? undefined : prRepo(pr);
}
