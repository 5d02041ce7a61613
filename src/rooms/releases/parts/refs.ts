import { code, inline } from '../../markdown.ts';
import { codeRefRecord } from '../../tasks/record.ts';
import { definePart, MAX_ITEMS } from './part.ts';

interface Ref {
  ref_type: string;
  name: string;
  repo?: string;
  state?: string;
}
interface Refs {
  refs: Ref[];
  more?: number;
}

/** Live code refs: commits first, as evidence goes. */
export const refs = definePart<Refs>({
  key: 'code',
  async read(view, id) {
    const live = (await view.all(codeRefRecord, id)).filter(({ record }) => record.live);
    const rank = (type: string): number => (type === 'commit' ? 0 : type === 'pr' ? 1 : 2);
    const sorted = live.sort(
      (a, b) => rank(a.record.ref_type) - rank(b.record.ref_type) || (a.record.at + a.id < b.record.at + b.id ? -1 : 1),
    );
    if (sorted.length === 0) return undefined;
    const shown = sorted.slice(0, MAX_ITEMS).map(({ record: { ref_type, sha, name, url, repo, state } }) => ({
      ref_type,
      name: sha ?? name ?? url ?? '',
      ...(repo === undefined ? {} : { repo }),
      ...(state === undefined ? {} : { state }),
    }));
    return { refs: shown, ...(shown.length < sorted.length ? { more: sorted.length - shown.length } : {}) };
  },
  lines({ refs: all, more }) {
    const named = all.map(({ ref_type, name, repo, state }) => {
      const short = ref_type === 'commit' ? name.slice(0, 12) : name;
      return `${ref_type} ${code(short)}${repo ? ` in ${inline(repo)}` : ''}${state ? ` (${state})` : ''}`;
    });
    return [`code: ${[...named, ...(more ? [`and ${more} more`] : [])].join(', ')}`];
  },
});
