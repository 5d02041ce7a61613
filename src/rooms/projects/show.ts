import type { View } from '../../kernel/view.ts';
import { cut } from '../lists.ts';
import { type Project, projectRecord } from './record.ts';

/** A project in lists and answers: the charter cut where it is long. */
export function row(project: string, record: Project): { project: string } & Record<string, unknown> {
  const { charter, ...rest } = record;
  const short = charter === undefined ? undefined : cut(charter, 400);
  return {
    project,
    ...rest,
    ...(charter === undefined ? {} : { charter: short ?? charter }),
    ...(short === undefined ? {} : { truncated: true, whole: `ledgenter project query --project ${project} --full` }),
  };
}

export async function showProject(view: View, project: string): Promise<{ [key: string]: unknown }> {
  const record = await view.get(projectRecord, project);
  return {
    project: record ? row(project, record) : { project },
    hints: { next: `ledgenter task create '<title>' --project ${project}` },
  };
}
