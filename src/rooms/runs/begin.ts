import * as z from 'zod/mini';
import { type Begin, RUN_KINDS } from '../../kernel/entry.ts';
import { isId } from '../../kernel/ids.ts';
import { lazy } from '../../kernel/lazy.ts';
import { isKey } from '../../kernel/record.ts';

/** Runs that one entry may close for others. */
export const MAX_CLOSED = 20;

/** A name that a launcher gives to its runs: it goes into entries as it is, so nothing else fits. */
export const SERIES = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/** `github/acme/app`, `git.example.com/team/app`, `local/k3q9z7m2x4`: what `urlFingerprint` answers. */
const FINGERPRINT = /^[a-z0-9[][^\s\\@]{0,298}$/;
/** A URL or `host:path` as git writes it, without user names but `git`, and never a path of this machine. */
const REMOTE_URL = /^(?:(?:https?|ssh|git):\/\/[^\s@\\/]+\/[^\s@\\]+|(?:git@)?[^\s@\\/:]{2,}:(?!\/\/)[^\s@\\]+)$/i;
/** A branch name: git allows none of the characters left out. */
const BRANCH = /^(?!\/)[^\s~^:?*[\\\p{C}]{1,255}$/u;

const word = (form: RegExp) => z.string().check(z.regex(form));

export const repoSchema = lazy(() =>
  z.strictObject({
    fingerprint: word(FINGERPRINT),
    remote_url: z.optional(word(REMOTE_URL).check(z.maxLength(500))),
    branch: z.optional(word(BRANCH)),
    head: z.optional(word(/^[0-9a-f]{40,64}$/)),
    dirty: z.optional(z.boolean()),
  }),
);

/** What an intent may say of the run that it begins: closed forms only, because nothing here passes the redactor. */
export const beginSchema = lazy(
  (): z.ZodMiniType<Begin> =>
    z.strictObject({
      kind: z.enum(RUN_KINDS),
      series: z.optional(word(SERIES)),
      host: z.optional(z.string().check(z.refine(isKey))),
      repo: z.optional(repoSchema()),
      closes: z.optional(
        z.array(z.string().check(z.refine(id => isId('r', id)))).check(z.minLength(1), z.maxLength(MAX_CLOSED)),
      ),
    }) as unknown as z.ZodMiniType<Begin>,
);
