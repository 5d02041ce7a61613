import type { View } from '../../kernel/view.ts';
import { introsOf } from '../intros/record.ts';
import { type LinkedFile, linkedFileRecord } from './record.ts';

/** Linked files shown with a task. */
const SHOWN = 20;

/** The files linked to a task, by path. */
export async function filesOf(view: View, task: string): Promise<(LinkedFile & { id: string })[]> {
  const all = (await view.all(linkedFileRecord, task)).map(({ id, record }) => ({ id, ...record }));
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What bears on a task by link: introductions to read first, and files; `{}` where there are none. */
export async function linkedTo(view: View, task: string): Promise<Record<string, unknown>> {
  const intros = await introsOf(view, task);
  const files = await filesOf(view, task);
  return {
    ...(intros.length === 0 ? {} : { introductions: intros }),
    ...(files.length === 0 ? {} : { files: files.slice(0, SHOWN).map(({ path, role }) => ({ path, role })) }),
    ...(files.length > SHOWN ? { more_files: files.length - SHOWN } : {}),
  };
}
