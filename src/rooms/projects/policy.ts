import { canonicalJson } from '../../kernel/canonical.ts';
import type { View } from '../../kernel/view.ts';
import { isMaintainer } from '../actors/rank.ts';
import type { Project } from './record.ts';

/**
 * Why `actor` may not change who owns a project or what it asks of its tasks: a worker could lift a gate by way of
 * the project otherwise. `view` is the state before. Undefined when it may.
 */
export async function policyProblem(
  view: View,
  project: string,
  before: Project,
  after: Project,
  actor: string,
): Promise<string | undefined> {
  if (!isForeignPolicy(before, after, actor) || (await isMaintainer(view, actor))) return undefined;
  return `only ${before.owner ?? before.created_by} or a maintainer changes owner and policy of ${project}`;
}

/** True when owner or policy change, and by another than the owner: that is a maintainer's power. */
export function isForeignPolicy(before: Project, after: Project, actor: string): boolean {
  const same =
    canonicalJson([before.policy ?? {}, before.owner ?? '']) === canonicalJson([after.policy ?? {}, after.owner ?? '']);
  return !same && (before.owner ?? before.created_by) !== actor;
}
