import type { View } from '../../kernel/view.ts';
import { type Repo, repoRecord } from './record.ts';

/** A repository as answers show it; a surface may lay this machine's own path over it, by the fingerprint. */
export function row(repo: string, record: Repo): { repo: string; fingerprint: string } & Record<string, unknown> {
  const { created_by: _by, created_at: _at, updated_at: _then, ...rest } = record;
  return { repo, ...rest };
}

export async function showRepo(view: View, repo: string, next?: string): Promise<{ [key: string]: unknown }> {
  const record = await view.get(repoRecord, repo);
  return {
    repo: record ? row(repo, record) : { repo },
    hints: { next: next ?? `ledgenter repo link <project> --repo ${repo}` },
  };
}
