import { MAX_LIST } from '../../tasks/record.ts';
import type { ImportedTask } from '../entry.ts';
import { bytes } from './texts.ts';

type Criteria = NonNullable<ImportedTask['criteria']>;

/** A list item, with or without a box: `- [x] text`, `* text`, `2. text`. */
const ITEM = /^\s{0,8}(?:[-*+]|\d{1,3}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;
/** Longest criteria text in bytes that is taken apart; more stands in a note. */
const MAX_CRITERIA = 32_000;

/** Each item of a list is a criterion, met where its box is ticked; a text without items is one criterion. */
export function criteriaOf(text: string, by: string, at: string): { criteria: Criteria; rest: string } {
  if (text.trim() === '') return { criteria: [], rest: '' };
  if (bytes(text) > MAX_CRITERIA) return { criteria: [], rest: text };
  const criteria: Criteria = [];
  const heads: string[] = [];
  for (const line of text.split('\n')) {
    const [, box, item] = ITEM.exec(line) ?? [];
    if (item !== undefined && item.trim() !== '') {
      criteria.push({ text: item.trim(), ...(box?.toLowerCase() === 'x' ? { met_by: by, met_at: at } : {}) });
    } else if (criteria.length > 0 && line.trim() !== '') {
      criteria.at(-1)!.text += `\n${line.trim()}`;
    } else if (line.trim() !== '') {
      heads.push(line.trim());
    }
  }
  if (criteria.length === 0) return { criteria: [{ text: text.trim() }], rest: '' };
  const over = criteria.splice(MAX_LIST).map(criterion => `- ${criterion.text}`);
  return { criteria, rest: [...heads, ...over].join('\n') };
}
