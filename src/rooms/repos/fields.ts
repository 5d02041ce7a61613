import * as z from 'zod/mini';
import { mark } from '../../kernel/fields.ts';
import { isFingerprint, plainUrl, urlFingerprint } from '../../kernel/fingerprint.ts';
import { isKey } from '../../kernel/record.ts';

/** Longest address of a repository, in UTF-16 units. */
const MAX_URL = 2_048;
/** What a path becomes: its fingerprint, so that no path is ever written down. */
const LOCAL = /^local\/[a-z0-9][a-z0-9._-]{0,63}$/;
/** A relative path means another place wherever it is read: only a whole one names a repository. */
const isPath = (text: string) => /^(\/|[a-z]:[\\/]|\\\\|file:\/\/\/)/i.test(text);
const isUrl = (text: string) => /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^(?:[^@/\\\s]+@)?[^/\\:\s]{2,}:/.test(text);

/**
 * An address as it may be kept: without user, password and query, a path or file URL as its fingerprint. Undefined for
 * what is no address.
 */
export function cleanUrl(url: string): string | undefined {
  const text = url.trim();
  if (text.length > MAX_URL) return undefined;
  if (LOCAL.test(text)) return text;
  if (isPath(text)) return urlFingerprint(text);
  const plain = plainUrl(text);
  return plain !== undefined && urlFingerprint(plain) !== undefined ? plain : undefined;
}

/**
 * What an input calls a repository: a slug as it stands; an address becomes its fingerprint before anything is kept, so
 * that neither its credentials nor a path get any further. Undefined for what names none.
 */
export function nameOf(text: string): string | undefined {
  const name = text.trim();
  if (isPath(name) || isUrl(name)) return urlFingerprint(name);
  const lower = name.toLowerCase();
  if (!lower.includes('/')) return isKey(lower) ? lower : undefined;
  if (LOCAL.test(lower)) return lower;
  const fingerprint = urlFingerprint(`https://${lower}`);
  return fingerprint !== undefined && isFingerprint(fingerprint) ? fingerprint : undefined;
}

/** A repository by slug, fingerprint or address. */
export const repoName = () =>
  mark(
    z.pipe(
      z.string().check(z.maxLength(MAX_URL)),
      z.transform((value: string, ctx) => {
        const name = nameOf(value);
        if (name === undefined)
          ctx.issues.push({ code: 'custom', message: 'is no slug, fingerprint or address of a repository', input: '' });
        return name ?? '';
      }),
    ),
    { key: true, of: 'repo', word: true },
  );

/** The address of a repository as somebody gives it. */
export const remoteUrl = () =>
  mark(
    z.pipe(
      z.string(),
      z.transform((value: string, ctx) => {
        const clean = cleanUrl(value);
        if (clean === undefined)
          ctx.issues.push({
            code: 'custom',
            message: 'is no address of a repository (https://host/team/name.git, git@host:team/name)',
            input: '',
          });
        return clean ?? '';
      }),
    ),
    { form: 'an address: https://host/team/name.git' },
  );

/** The same as a record holds it: what {@link cleanUrl} leaves as it is, and no path. */
export const storedUrl = () =>
  z.string().check(
    z.maxLength(MAX_URL),
    z.refine(url => cleanUrl(url) === url && !LOCAL.test(url), { error: 'is no address of a repository' }),
  );

/** A branch as git names it, roughly: no blank, no control character, no `..`. */
export const branchName = () =>
  mark(z.string().check(z.regex(/^(?!-)(?!.*\.\.)[^\s~^:?*[\\\p{Cc}]{1,200}$/u, { error: 'is no name of a branch' })), {
    verbatim: true,
  });

/** A folder or glob inside a repository: relative, with `/`, never out of it. */
export function isInside(path: string): boolean {
  if (path === '' || path.length > 200 || /[\\\p{Cc}]/u.test(path) || /^([a-z]:|~|\/)/i.test(path)) return false;
  return path.split('/').every(part => part !== '..' && part !== '.') && !path.includes('//');
}

export const insidePath = () =>
  z.string().check(z.refine(isInside, { error: 'is no path inside a repository (packages/web, src/**)' }));
