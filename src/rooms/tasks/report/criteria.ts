import { find } from '../../lookup.ts';
import { code, inline, literal } from '../../markdown.ts';
import { proofRecord, unproven } from '../proofs.ts';
import { defineSection, type Items, listed, short, some } from './section.ts';

interface Shown {
  id: string;
  text: string;
  met: boolean;
  met_by?: string;
  met_at?: string;
  check?: string;
  /** The commit that it was proven at. */
  proven_at?: string;
  /** Why its proof does not count any more. */
  unproven?: string;
}

export const criteria = defineSection<Items<Shown>>({
  key: 'criteria',
  title: 'Acceptance criteria',
  async read({ context: { view }, id, task }) {
    const all: Shown[] = [];
    for (const criterion of task.criteria) {
      const { proof, text, check, ...rest } = criterion;
      const found = proof === undefined ? undefined : await find(view, proofRecord, proof, id);
      const why = found ? await unproven(view, id, criterion) : undefined;
      const told = {
        ...rest,
        text: short(text),
        ...(check === undefined ? {} : { check: short(check) }),
        ...(found ? { proven_at: found.commit } : {}),
        ...(why === undefined ? {} : { unproven: why }),
      };
      all.push(JSON.parse(JSON.stringify(told)) as Shown);
    }
    return some(all);
  },
  lines: items =>
    listed(items, ({ id, text, met, met_by, check, proven_at, unproven: why }) => {
      const by = met && met_by ? `, by ${literal(met_by)}` : '';
      const proven = proven_at ? `, proven at ${code(proven_at.slice(0, 12))}${why ? ` (${inline(why)})` : ''}` : '';
      return `- [${met ? 'x' : ' '}] ${id} ${inline(text)}${check ? `, checked by ${code(check)}` : ''}${by}${proven}`;
    }),
});
