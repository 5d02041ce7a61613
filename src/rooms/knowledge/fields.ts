import * as z from 'zod/mini';
import { idOf, mark, word } from '../../kernel/fields.ts';
import { MAX_TAGS } from './record.ts';

export const knowledgeId = () => idOf('knowledge');
export const project = () => mark(z.string().check(z.maxLength(64)), { machine: true });
export const tags = () => z.array(word()).check(z.maxLength(MAX_TAGS));

/** Tags as they are kept: lower case, sorted, each once. */
export function plainTags(given: readonly string[]): string[] {
  return [...new Set(given.map(tag => tag.trim().toLowerCase()))].sort((a, b) => (a < b ? -1 : 1));
}
