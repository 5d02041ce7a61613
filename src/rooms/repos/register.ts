import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { key } from '../../kernel/fields.ts';
import { urlFingerprint } from '../../kernel/fingerprint.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { find } from '../lookup.ts';
import { branchName, remoteUrl } from './fields.ts';
import { formProblem, moveProblem, slugOf } from './laws.ts';
import { type Repo, repoRecord } from './record.ts';
import { showRepo } from './show.ts';

export const register = defineOperation({
  name: 'repo.register',
  kind: 'write',
  summary: 'Name a repository that work is done in, or change its address or default branch',
  input: () =>
    z.strictObject({ slug: key(), remote_url: z.optional(remoteUrl()), default_branch: z.optional(branchName()) }),
  positional: 'slug',
  examples: [
    {
      cli: 'ledgenter repo register acme-parser --remote-url https://github.com/acme/parser --default-branch main',
      says: 'every checkout of it is known by that address, in whatever form',
    },
  ],
  subject: ({ slug }) => `registered the repository ${slug}`,
  async decide(view, { slug, remote_url, default_branch }, by) {
    const before = await find(view, repoRecord, slug);
    const fingerprint = remote_url === undefined ? (before?.fingerprint ?? `local/${slug}`) : fingerprintOf(remote_url);
    const { remote_url: old, ...rest } = before ?? { created_by: by.actor, created_at: by.at, updated_at: by.at };
    const address = remote_url ?? old;
    const after: Repo = {
      ...rest,
      fingerprint,
      ...(address === undefined || fingerprint.startsWith('local/') ? {} : { remote_url: address }),
      ...(default_branch === undefined ? {} : { default_branch }),
    };
    if (before && canonicalJson(before) === canonicalJson(after)) return { same: { repo: slug } };
    const problem = formProblem(slug, after);
    if (problem !== undefined) refuse('BAD_INPUT', problem);
    const other = await slugOf(view, fingerprint, slug);
    if (other !== undefined) {
      refuse('REFUSED', `${other} is that repository already (${fingerprint})`, {
        hint: `ledgenter repo query ${other}`,
      });
    }
    const moved = before && (await moveProblem(view, slug, before, after, by.actor));
    if (moved !== undefined) refuse('NOT_MAINTAINER', moved, { hint: 'register it under another slug' });
    return { files: [repoRecord.put(slug, { ...after, updated_at: by.at })], result: { repo: slug } };
  },
  show: ({ view }, { repo }) => showRepo(view, String(repo)),
});

function fingerprintOf(url: string): string {
  const fingerprint = url.startsWith('local/') ? url : urlFingerprint(url);
  return fingerprint ?? refuse('BAD_INPUT', `${url} names no repository`);
}
