import { refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { type Release, releaseRecord } from './record.ts';

export interface Tagged {
  version: string;
  release: Release;
}

/** All releases, the newest first: each names the one before it. */
export async function chain(view: View): Promise<Tagged[]> {
  const all = new Map((await view.all(releaseRecord)).map(({ id, record }) => [id, record]));
  const named = new Set([...all.values()].map(({ previous }) => previous));
  const out: Tagged[] = [];
  let version = [...all.keys()].find(key => !named.has(key));
  for (let release = at(all, version); release && out.length < all.size; release = at(all, version)) {
    out.push({ version: version!, release });
    version = release.previous;
  }
  return out;
}

const at = (all: ReadonlyMap<string, Release>, version: string | undefined): Release | undefined =>
  version === undefined ? undefined : all.get(version);

/** @throws LedgerError NOT_FOUND */
export async function needRelease(view: View, version: string): Promise<Release> {
  return (
    (await find(view, releaseRecord, version)) ??
    refuse('NOT_FOUND', `there is no release ${version}`, { hint: 'ledgenter release query' })
  );
}
