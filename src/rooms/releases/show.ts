import type { View } from '../../kernel/view.ts';
import { cut } from '../lists.ts';
import { find } from '../lookup.ts';
import { taskRecord } from '../tasks/record.ts';
import type { Release } from './record.ts';

/** Characters of a note that a list shows. */
const NOTE = 120;

/** A release as lists show it. */
export function listedRelease(
  version: string,
  { note, finished_at: _when, ...rest }: Release,
): { version: string } & object {
  const short = note?.replace(/\s+/g, ' ');
  return { version, ...rest, ...(short === undefined ? {} : { note: cut(short, NOTE) ?? short }) };
}

/** A release whole, with the title of the task that it lies at. */
export async function showRelease(view: View, version: string, release: Release): Promise<Record<string, unknown>> {
  const task = release.at_task === undefined ? undefined : await find(view, taskRecord, release.at_task);
  return { version, ...release, ...(task ? { at_task_title: task.title } : {}) };
}
