import * as z from 'zod/mini';
import { mark, text } from '../../kernel/fields.ts';
import { isKey } from '../../kernel/record.ts';

/** The name of a skill as https://agentskills.io/specification has it: what every host takes for a folder and a command. */
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const MAX_SLUG = 64;
/** Longest description that hosts read (same specification), in characters. */
const MAX_DESCRIPTION = 1_024;

/** True for the slug of a skill; it is a folder name, so device names of Windows are none. */
export function isSlug(slug: string): boolean {
  return slug.length <= MAX_SLUG && SLUG.test(slug) && isKey(slug);
}

/**
 * What a reader cannot see or a terminal would act on: control characters but tab and line feed, separators, marks that
 * turn the writing direction, byte order marks, half pairs, and the tag characters in which text can be hidden from people.
 */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\u{e0000}-\u{e007f}]/u;

export const slug = () =>
  mark(
    z.pipe(
      z.string(),
      z.transform((value: string, ctx) => {
        const lower = value.trim().toLowerCase();
        if (!isSlug(lower))
          ctx.issues.push({
            code: 'custom',
            message: 'is no name of a skill: a-z 0-9 and single -, at most 64 characters',
            input: value,
          });
        return lower;
      }),
    ),
    { key: true },
  );

/** One line that says what the skill does and when to use it. */
export const description = () =>
  z.string().check(
    z.refine(value => value.trim() !== '', { error: 'is empty' }),
    z.refine(value => [...value].length <= MAX_DESCRIPTION, {
      error: `is longer than ${MAX_DESCRIPTION} characters`,
    }),
    z.refine(value => !/[\t\r\n]/.test(value), { error: 'has a line break or tab' }),
    z.refine(value => !HIDDEN.test(value), { error: 'has a control or hidden character' }),
  );

/** A body as it is kept: its lines end in line feeds. */
export const keptBody = () => {
  const kept = text();
  return kept.check(z.refine(value => !HIDDEN.test(value), { error: 'has a control or hidden character' }));
};

/** A body as it is given; line ends are made one before it is kept. */
export const body = () =>
  mark(
    text().check(
      z.refine(value => !HIDDEN.test(value.replace(/\r\n?/g, '\n')), { error: 'has a control or hidden character' }),
    ),
    { long: true },
  );
