import * as z from 'zod/mini';
import { idOf, mark, text, word } from '../../kernel/fields.ts';
import { MAX_LIST } from './record.ts';

export const taskId = () => idOf('task');
export const priority = () => z.int().check(z.minimum(0), z.maximum(4));
export const labels = () => z.array(word()).check(z.maxLength(MAX_LIST));
export const criteria = () => z.array(z.strictObject({ text: text() })).check(z.maxLength(MAX_LIST));
export const criterionId = () =>
  mark(z.string().check(z.regex(/^c[1-9][0-9]{0,3}$/, { error: 'is no criterion (c1)' })), {
    machine: true,
    word: true,
  });

/** Web address; credentials in it are the redactor's business. */
export const webUrl = () =>
  z.string().check(z.regex(/^https?:\/\/\S+$/, { error: 'is no http address' }), z.maxLength(2_048));

/** Each once, sorted. */
export function once(names: readonly string[]): string[] {
  return [...new Set(names.map(name => name.trim()))].sort((a, b) => (a < b ? -1 : 1));
}
