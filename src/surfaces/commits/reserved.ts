import type { Context } from '../../kernel/operation.ts';
import type { CommitSite } from './site.ts';
import type { Told } from './told.ts';

export async function reserved(_site: CommitSite, _context: Context): Promise<Told> {
  return { said: [] };
}
