import { cut } from '../../lists.ts';
import { find } from '../../lookup.ts';
import { code, inline, literal } from '../../markdown.ts';
import { proofRecord } from '../../tasks/proofs.ts';
import { definePart, MAX_ITEMS, MAX_TEXT } from './part.ts';

interface Met {
  text: string;
  met_by?: string;
  check?: string;
  /** The commit that it was proven at. */
  proven_at?: string;
}

/** What was asked of the task, and what shows that it holds. */
export const criteria = definePart<Met[]>({
  key: 'criteria',
  async read(view, id, task) {
    const met: Met[] = [];
    for (const { text, check, proof, met_by } of task.criteria.slice(0, MAX_ITEMS)) {
      const found = proof === undefined ? undefined : await find(view, proofRecord, proof, id);
      met.push({
        text: cut(text, MAX_TEXT) ?? text,
        ...(met_by === undefined ? {} : { met_by }),
        ...(check === undefined ? {} : { check: cut(check, MAX_TEXT) ?? check }),
        ...(found ? { proven_at: found.commit } : {}),
      });
    }
    return met.length === 0 ? undefined : met;
  },
  lines: all =>
    all.map(({ text, met_by, check, proven_at }) => {
      const proven = check && proven_at ? `, proven by ${code(check)} at ${code(proven_at.slice(0, 12))}` : '';
      return `holds: ${inline(text)}${met_by ? ` (${literal(met_by)})` : ''}${proven}`;
    }),
});
