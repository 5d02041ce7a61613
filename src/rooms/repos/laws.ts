import { urlFingerprint } from '../../kernel/fingerprint.ts';
import { defineRecordLaw, type Law } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { isMaintainer } from '../actors/rank.ts';
import { authorFinding } from '../authored.ts';
import { type Repo, repoRecord } from './record.ts';

/** A repository that only paths lead to: by its slug, or by a hash of the path (urlFingerprint). */
const LOCAL = /^local\/[a-z0-9][a-z0-9._-]{0,63}$/;

/** The slug under which a repository with this fingerprint is registered, other than `but`. */
export async function slugOf(view: View, fingerprint: string, but?: string): Promise<string | undefined> {
  for (const { id, record } of await view.all(repoRecord)) {
    if (id !== but && record.fingerprint === fingerprint) return id;
  }
  return undefined;
}

/** Why the record cannot stand; undefined when it can. */
export function formProblem(slug: string, { remote_url, fingerprint }: Repo): string | undefined {
  if (remote_url === undefined)
    return LOCAL.test(fingerprint) ? undefined : `${slug} has no address for ${fingerprint}`;
  return urlFingerprint(remote_url) === fingerprint
    ? undefined
    : `${fingerprint} is not the fingerprint of ${remote_url}`;
}

/** Why `actor` may not let a slug name another repository: all links to it would lead there. `view` is the state before. */
export async function moveProblem(
  view: View,
  slug: string,
  before: Repo,
  after: Repo,
  actor: string,
): Promise<string | undefined> {
  if (before.fingerprint === after.fingerprint) return undefined;
  if (before.created_by === actor || (await isMaintainer(view, actor))) return undefined;
  return `${slug} is ${before.fingerprint}: only ${before.created_by} or a maintainer lets it name another repository`;
}

export const repoLaws: Law[] = [
  defineRecordLaw({
    id: 'repo.form',
    says: "A repository's fingerprint follows from its address, no two have the same, and author and times are those of their entries.",
    enforcedBy: 'rooms/repos.test.ts',
    on: repoRecord,
    async check({ id, before, after }, { after: view, entry }) {
      if (!after) return undefined; // record.kept names it
      const found = authorFinding(id, before, after, entry.intent);
      if (found) return found;
      const problem = formProblem(id, after);
      if (problem !== undefined) return { message: problem };
      if (before?.fingerprint === after.fingerprint) return undefined;
      const other = await slugOf(view, after.fingerprint, id);
      return other === undefined
        ? undefined
        : {
            message: `${other} is that repository already (${after.fingerprint})`,
            hint: `ledgenter repo query ${other}`,
          };
    },
  }),
  defineRecordLaw({
    id: 'repo.same',
    says: 'A slug comes to name another repository by its author or a maintainer only.',
    enforcedBy: 'rooms/repos.test.ts',
    on: repoRecord,
    async check({ id, before, after }, { before: view, entry }) {
      if (!before || !after) return undefined;
      const problem = await moveProblem(view, id, before, after, entry.intent.actor);
      return problem === undefined ? undefined : { code: 'NOT_MAINTAINER', message: problem };
    },
  }),
];
