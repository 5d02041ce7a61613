import * as z from 'zod/mini';
import { mark } from '../../kernel/fields.ts';
import { urlFingerprint } from '../../kernel/fingerprint.ts';

/** Longest address of a repository, in UTF-16 units. */
const MAX_URL = 2_048;
const SCHEME = /^(https?|ssh|git|git\+ssh):\/\/([^/\s]+)(\/[^\s]*)$/i;
const SCP = /^(?:([^@:/\s]+)@)?([a-z0-9][a-z0-9.-]+):(?!\/\/)([^\s\\]+)$/i;
/** What a path becomes: its fingerprint, so that no path is ever written down. */
const LOCAL = /^local\/[a-z0-9][a-z0-9._-]{0,63}$/;

/**
 * An address as it may be kept: without user, password and query (`git@` stays, every host's ssh user), a path or file
 * URL as its fingerprint. Undefined for what is no address.
 */
export function cleanUrl(url: string): string | undefined {
  const text = url.trim();
  if (text.length > MAX_URL) return undefined;
  if (LOCAL.test(text)) return text;
  const scheme = SCHEME.exec(text);
  if (scheme) {
    const [, protocol, host, path] = scheme;
    const user = /ssh/i.test(protocol!) && host!.startsWith('git@') ? 'git@' : '';
    return `${protocol!.toLowerCase()}://${user}${host!.replace(/^.*@/, '')}${path!.replace(/[?#].*$/, '')}`;
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) && !/^file:/i.test(text)) return undefined;
  const scp = SCP.exec(text);
  if (scp && !scp[3]!.includes('@')) return `${scp[1] === 'git' ? 'git@' : ''}${scp[2]}:${scp[3]}`;
  // A relative path means another place wherever it is read.
  return /^(\/|[a-z]:[\\/]|\\\\|file:\/\/\/)/i.test(text) ? urlFingerprint(text) : undefined;
}

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
            input: value,
          });
        return clean ?? value;
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
    machine: true,
  });

/** A folder or glob inside a repository: relative, with `/`, never out of it. */
export function isInside(path: string): boolean {
  if (path === '' || path.length > 200 || /[\\\p{Cc}]/u.test(path) || /^([a-z]:|~|\/)/i.test(path)) return false;
  return path.split('/').every(part => part !== '..' && part !== '.') && !path.includes('//');
}

export const insidePath = () =>
  z.string().check(z.refine(isInside, { error: 'is no path inside a repository (packages/web, src/**)' }));
