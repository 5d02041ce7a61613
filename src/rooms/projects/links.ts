import type { Finding } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { repoRecord } from '../repos/record.ts';
import type { Project } from './record.ts';

/** What is wrong with the repositories a project names; undefined when nothing is. */
export async function linksProblem(view: View, project: string, { repos = [] }: Project): Promise<Finding | undefined> {
  const primary = repos.filter(link => link.role === 'primary');
  if (primary.length > 1) {
    return {
      message: `${project} has the primary repository ${primary[0]!.repo} already`,
      hint: `ledgenter repo link ${project} --repo ${primary[0]!.repo} --role secondary`,
    };
  }
  const order = repos.map(({ repo, role }) => `${role === 'primary' ? 0 : 1} ${repo}`);
  const names = new Set(repos.map(({ repo }) => repo));
  if (names.size !== repos.length || order.some((name, i) => i > 0 && order[i - 1]! >= name)) {
    return { message: `${project} names a repository twice or out of order` };
  }
  for (const { repo, paths = [] } of repos) {
    if (!(await find(view, repoRecord, repo)))
      return { code: 'NOT_FOUND', message: `there is no repository ${repo}`, hint: `ledgenter repo register ${repo}` };
    if (paths.some((path, i) => i > 0 && paths[i - 1]! >= path))
      return { message: `${repo}: a path stands twice or out of order` };
  }
  return undefined;
}
