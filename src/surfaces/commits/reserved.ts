import { check } from '../../rooms/reservations/check.ts';
import type { CommitSite } from './site.ts';
import type { Told } from './told.ts';

/** Lines at most: a commit over a whole folder meets one reservation many times. */
const SHOWN = 5;

interface Conflict {
  path: string;
  by: string;
  until: string;
  reason?: string;
  task_id?: string;
}

/** Tells of staged paths that another run keeps; makes git stop where that was asked for. */
export async function reserved(site: CommitSite): Promise<Told> {
  const answer = (await site.perform(check, { staged: true })) as unknown as { clear: boolean; conflicts: Conflict[] };
  if (answer.clear) return { said: [] };
  const refuses = /^refuse$/i.test(site.setting('reservations') ?? '');
  const said = answer.conflicts.slice(0, SHOWN).map(({ path, by, until, reason, task_id }) => {
    const why = [task_id, reason].filter(one => one !== undefined).join(', ');
    return `${path} is reserved by ${by} until ${until}${why === '' ? '' : ` (${why})`}`;
  });
  if (answer.conflicts.length > SHOWN)
    said.push(`and ${answer.conflicts.length - SHOWN} more; ledgenter reserve check --staged`);
  if (!refuses) return { said };
  return { said: [...said, 'refused (ledgenter.reservations=refuse); ledgenter reserve query'], refused: true };
}
