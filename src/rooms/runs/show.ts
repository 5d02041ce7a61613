import type { View } from '../../kernel/view.ts';
import { cut } from '../lists.ts';
import { type Run, runRecord } from './record.ts';

/** A run in answers: a long summary cut. */
export function shownRun(id: string, run: Run, full = false): Record<string, unknown> {
  const { summary, ...rest } = run;
  const short = summary === undefined || full ? undefined : cut(summary, 400);
  return {
    id,
    ...rest,
    ...(summary === undefined ? {} : { summary: short ?? summary }),
    ...(short === undefined ? {} : { truncated: true, whole: `ledgenter run get ${id} --full` }),
  };
}

export async function showRun(view: View, id: string): Promise<{ [key: string]: unknown }> {
  const run = await view.get(runRecord, id);
  return { run: run ? shownRun(id, run) : { id } };
}
