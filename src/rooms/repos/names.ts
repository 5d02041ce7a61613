import { urlFingerprint } from '../../kernel/fingerprint.ts';
import { refuse } from '../../kernel/operation.ts';
import { isKey } from '../../kernel/record.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { slugOf } from './laws.ts';
import { type Repo, repoRecord } from './record.ts';

/** The slug of a registered repository by its slug, its fingerprint or an address of it; undefined when there is none. */
export async function repoNamed(view: View, name: string): Promise<string | undefined> {
  const text = name.trim();
  const key = text.toLowerCase();
  if (isKey(key) && (await find(view, repoRecord, key))) return key;
  return (await slugOf(view, key)) ?? (await slugOf(view, urlFingerprint(text) ?? ''));
}

/** @throws LedgerError NOT_FOUND */
export async function needRepo(view: View, name: string): Promise<{ slug: string; repo: Repo }> {
  const slug = await repoNamed(view, name);
  const repo = slug === undefined ? undefined : await view.get(repoRecord, slug);
  if (slug === undefined || !repo) {
    refuse('NOT_FOUND', `there is no repository ${JSON.stringify(name.slice(0, 80))}`, {
      hint: `ledgenter repo register ${isKey(name) ? name : '<slug>'} --remote-url <url>`,
    });
  }
  return { slug, repo };
}
