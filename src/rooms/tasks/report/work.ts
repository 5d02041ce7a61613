import { code, day, inline } from '../../markdown.ts';
import { logRecord, type WorkLog } from '../../work/record.ts';
import { byTime, defineSection, type Items, listed, short, some } from './section.ts';

/** Paths that a line names. */
const PATHS = 10;

/** What was done on the way. */
export const work = defineSection<Items<WorkLog & { id: string }>>({
  key: 'work',
  title: 'Work log',
  async read({ context: { view }, id }) {
    const all = byTime(await view.all(logRecord, id));
    return some(
      all.map(one => ({ ...one, text: short(one.text) })),
      'last',
    );
  },
  lines: items =>
    listed(items, entry => `- ${day(entry.at)} ${entry.by}, ${entry.kind}: ${inline(entry.text)}${detail(entry)}`),
});

/** What a command ended with, which commit and which files. */
export function detail({ command, exit_code, commit, todo_id, paths = [], more_paths = 0 }: WorkLog): string {
  const named = paths.slice(0, PATHS).map(({ path, change }) => `${change ? `${inline(change)} ` : ''}${code(path)}`);
  const left = paths.length - named.length + more_paths;
  const parts = [
    command && `${code(command)} ended with ${exit_code ?? 'no exit code'}`,
    commit && `commit ${code(commit.slice(0, 12))}`,
    todo_id,
    named.length > 0 && `${named.join(', ')}${left > 0 ? ` and ${left} more` : ''}`,
  ].filter(Boolean);
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}
