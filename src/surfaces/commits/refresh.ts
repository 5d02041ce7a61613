import type { Context } from '../../kernel/operation.ts';
import type { CommitSite } from './site.ts';
import type { Told } from './told.ts';
import { watch } from './watch.ts';

/** Writes anew what the hooks know of git's configuration, and looks at the code for the first time where nobody did. */
export async function refresh(site: CommitSite, context: Context): Promise<Told> {
  await watch(site, context);
  return { said: [] };
}
