import { canonicalReference } from '../../kernel/intake.ts';
import { canonicalUrl } from '../../kernel/intake-url.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { nameOf } from '../repos/fields.ts';
import { repoRecord } from '../repos/record.ts';
import type { Pointed } from './refs.ts';

/** What hosts put between a repository and the number of a pull request. */
const PULL =
  /^(https?:\/\/[^?#]+?\/(?:-\/)?(?:pull|pulls|merge_requests|pull-requests|pullrequest)\/\d{1,15})(?:[/?#]|$)/i;

/** The address of a pull request and nothing more: no user, query, fragment or page below it. Undefined for another. */
export function prUrl(text: string): string | undefined {
  const plain = canonicalUrl(text.trim())?.text;
  return plain === undefined ? undefined : PULL.exec(plain)?.[1];
}

/**
 * The one name of a pull request, by its name or its address: `github:org/repo#12`, `gitlab:group/repo!12`. Undefined
 * where neither tells the repository, or its host is neither.
 */
export function prName({ name, url }: { name?: string | undefined; url?: string | undefined }): string | undefined {
  for (const text of [name, url]) {
    if (text === undefined) continue;
    const found = canonicalReference(/^https?:/i.test(text) ? (prUrl(text) ?? '') : text);
    if ('ref' in found && /^(?:github:.+#|gitlab:.+!)\d+$/.test(found.ref)) return found.ref;
  }
  return undefined;
}

/** What tells two pull requests apart: their canonical names, else their addresses. */
export function prKey(ref: { name?: string | undefined; url?: string | undefined }): string | undefined {
  return prName(ref) ?? (ref.url === undefined ? undefined : prUrl(ref.url));
}

/** The fingerprint of the repository of a pull request: `github/org/repo`. */
export function prRepo(name: string): string | undefined {
  const [, channel, path] = /^(github|gitlab):(.+)[#!]\d+$/.exec(name) ?? [];
  if (path === undefined) return undefined;
  // Of a host of its own, the name says which: github:git.example.com/org/repo#12.
  const [first] = path.split('/');
  const elsewhere = first!.includes('.') && path.split('/').length > 2;
  return elsewhere ? path : `${channel}/${path}`;
}

/**
 * A ref to a pull request under its canonical name, where that is known (from its name, its address, or number and
 * repository), and with its address alone, whatever page of it was given.
 */
export async function named<R extends Pointed>(view: View, ref: R): Promise<R> {
  if (ref.ref_type !== 'pr') return ref;
  const name = prName(ref) ?? (await numbered(view, ref));
  const url = ref.url === undefined ? undefined : prUrl(ref.url);
  return { ...ref, ...(name === undefined ? {} : { name }), ...(url === undefined ? {} : { url }) };
}

async function numbered(view: View, { name, repo }: Pointed): Promise<string | undefined> {
  const number = /^[#!]?(\d{1,15})$/.exec(name ?? '')?.[1];
  const called = repo === undefined ? undefined : nameOf(repo);
  if (number === undefined || called === undefined) return undefined;
  const fingerprint = called.includes('/') ? called : (await find(view, repoRecord, called))?.fingerprint;
  const [host = '', ...path] = fingerprint?.split('/') ?? [];
  const kind = /^(github|gitlab)(?:\.|$)/.exec(host)?.[1];
  if (kind === undefined) return undefined;
  const where = host === kind ? path.join('/') : fingerprint;
  return prName({ name: `${kind}:${where}${kind === 'github' ? '#' : '!'}${number}` });
}
