import { code as fixed, inline } from '../../markdown.ts';
import { type CodeRef, codeRefRecord } from '../record.ts';
import { byTime, defineSection, type Items, listed, some } from './section.ts';

export const code = defineSection<Items<CodeRef & { id: string }>>({
  key: 'code',
  title: 'Code',
  read: async ({ context: { view }, id }) => some(byTime(await view.all(codeRefRecord, id)), 'last'),
  lines: items =>
    listed(items, ({ ref_type, sha, name, url, repo, state, live, moved_to, by }) => {
      const what = fixed(sha ?? name ?? url ?? '');
      const became = [
        state,
        live ? undefined : 'not reached any more',
        moved_to && `rewritten as ${moved_to.slice(0, 12)}`,
      ].filter(Boolean);
      const where = repo ? ` in ${inline(repo)}` : '';
      return `- ${ref_type} ${what}${where}${became.length > 0 ? ` (${became.join(', ')})` : ''}, by ${by}`;
    }),
});
