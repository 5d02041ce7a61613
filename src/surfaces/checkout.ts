import { basename } from 'node:path';
import { plainUrl } from '../kernel/fingerprint.ts';
import type { Who } from '../kernel/operation.ts';
import { isKey } from '../kernel/record.ts';
import { fingerprintFrom } from './home.ts';
import type { Place } from './place.ts';

/**
 * The repository that a process stands in, by its fingerprint: of `origin`, else of the remote the ledger is mapped to
 * or the first one; without remotes `local/<folder>`. Read from the configuration that discovery has: no process is
 * started, and no path is ever in it. Undefined outside a repository.
 */
export function checkoutOf(place: Place, mapped: string | undefined): Who['checkout'] {
  const { repository, discovery } = place;
  if (!repository || !discovery) return undefined;
  const base = repository.topLevel ?? repository.commonDir;
  const remotes = discovery.config.remotes();
  const remote =
    remotes.find(({ name }) => name === 'origin') ?? remotes.find(({ name }) => name === mapped) ?? remotes[0];
  const fingerprint = remote && fingerprintFrom(base, remote.url);
  if (fingerprint !== undefined) {
    // A path is told by its fingerprint alone.
    const remote_url = fingerprint.startsWith('local/') ? undefined : plainUrl(remote!.url);
    return { fingerprint, ...(remote_url === undefined ? {} : { remote_url }) };
  }
  const slug = slugOf(basename(base));
  return slug === undefined ? undefined : { fingerprint: `local/${slug}` };
}

/** A folder's name as the slug of a repository. */
export function slugOf(name: string): string | undefined {
  const slug = name
    .toLowerCase()
    .replace(/\.git$/, '')
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '')
    .slice(0, 64);
  return isKey(slug) ? slug : undefined;
}
