import * as z from 'zod/mini';
import { hasLoneSurrogate } from '../../kernel/canonical.ts';
import { duration, idOf, key, mark } from '../../kernel/fields.ts';
import { MAX_LEASE_MS } from '../../kernel/hold.ts';
import { parseDuration } from '../../kernel/time.ts';
import { pathProblem, plainPath } from '../decisions/paths.ts';
import { MAX_PATHS } from './record.ts';

export const reservationId = () => idOf('reservation');

/** A path or pattern that must stay itself: what looks like a secret in it is refused, not changed. */
export const reservedPath = () =>
  mark(
    z.pipe(
      z.string(),
      z.transform((value: string, ctx) => {
        const path = plainPath(value.normalize('NFC'));
        const problem = hasLoneSurrogate(path) ? 'has half a surrogate pair' : pathProblem(path);
        if (problem !== undefined) ctx.issues.push({ code: 'custom', message: problem, input: value });
        return path;
      }),
    ),
    { verbatim: true, word: true, inRepo: true },
  );

export const reservedPaths = () => z.array(reservedPath()).check(z.minLength(1), z.maxLength(MAX_PATHS));

/** The name of what only one may do at a time: `deploy`. */
export const slot = () => mark(key(), { verbatim: true, word: true });

export const lease = () =>
  mark(
    duration().check(z.refine(text => (parseDuration(text) ?? 0) <= MAX_LEASE_MS, { error: 'is longer than 7 days' })),
    { machine: true, form: 'a duration up to 7d: 30m, 2h' },
  );
