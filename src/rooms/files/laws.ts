import { defineRecordLaw, type Law } from '../../kernel/law.ts';
import { pathProblem, plainPath } from '../decisions/paths.ts';
import { linkedFileRecord, MAX_FILES } from './record.ts';

/** Why a path names no file or folder of the repository; undefined when it does. */
export function fileProblem(path: string): string | undefined {
  if (/[*?]/.test(path)) return 'is a pattern: link a file or a folder';
  return pathProblem(path) ?? (path === plainPath(path) ? undefined : 'is written another way');
}

export const fileLaws: Law[] = [
  defineRecordLaw({
    id: 'file.form',
    says: `A linked file names one file or folder inside the repository, each path once and at most ${MAX_FILES} of a task, and is by the actor and of the time of the entry that wrote it; its path never changes.`,
    enforcedBy: 'rooms/files.test.ts',
    on: linkedFileRecord,
    async check({ id, before, after, parent }, { entry, after: view }) {
      if (!after || parent === undefined) return undefined; // record.kept names it
      const { actor, at } = entry.intent;
      if (after.by !== actor || after.at !== at) return { message: `${id} is by ${after.by}, its entry by ${actor}` };
      const problem = fileProblem(after.path);
      if (problem !== undefined) return { code: 'BAD_INPUT', message: `${id}: the path ${problem}` };
      if (before && before.path !== after.path) return { message: `${id}: the path of a linked file never changes` };
      const all = await view.all(linkedFileRecord, parent);
      if (all.length > MAX_FILES) return { code: 'TOO_LARGE', message: `${parent} has more than ${MAX_FILES} files` };
      const twice = all.some(other => other.id !== id && other.record.path === after.path);
      return twice ? { message: `${id}: ${after.path} is linked to ${parent} already` } : undefined;
    },
  }),
];
