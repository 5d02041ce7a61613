import * as z from 'zod/mini';
import { lazy } from './lazy.ts';
import { isDate, parseInstant } from './time.ts';

/** Forms that records share: as they are kept, not as they may be given (those are in `fields.ts`). */
export const clock = lazy(() =>
  z.string().check(z.refine(value => parseInstant(value) === value, { error: 'is no stored time' })),
);
export const day = lazy(() => z.string().check(z.refine(isDate, { error: 'is no date' })));
/** Who or what, as somebody called it. */
export const name = lazy(() => z.string().check(z.minLength(1), z.maxLength(200)));
export const sha256 = lazy(() => z.string().check(z.regex(/^[0-9a-f]{64}$/)));
/** Whole or shortened. */
export const commit = lazy(() => z.string().check(z.regex(/^[0-9a-f]{7,64}$/)));
