import { defineRecordLaw, type Law } from '../../kernel/law.ts';
import { believed } from '../actors/standing.ts';
import { releaseRecord } from './record.ts';
import { boundaryFinding, forwardFinding, whoFinding } from './rules.ts';

const enforcedBy = 'rooms/releases.test.ts';

export const releaseLaws: Law[] = [
  defineRecordLaw({
    id: 'release.form',
    says: 'A release is by the actor and of the time of its entry, and lies at a task as it was finished, at a commit, or both; a git tag is at a commit.',
    enforcedBy,
    on: releaseRecord,
    check({ id, before, after }, { entry, after: view }) {
      if (before || !after) return undefined; // append-only and record.kept name it
      const { actor, at } = entry.intent;
      if (after.by !== actor || after.at !== at) return { message: `${id}: author or time is not that of its entry` };
      return boundaryFinding(view, id, after);
    },
  }),
  defineRecordLaw({
    id: 'release.forward',
    says: 'A release follows the newest one that was there before it, one at a time, and lies at no task that an earlier one lies at, unless it was finished anew since.',
    enforcedBy,
    on: releaseRecord,
    check({ id, before, after }, { before: was, changes }) {
      if (before || !after) return undefined;
      if (changes.filter(({ def }) => def.kind === releaseRecord.kind).length > 1)
        return { message: `${id}: an entry tags one release` };
      return forwardFinding(was, id, after);
    },
  }),
  defineRecordLaw({
    id: 'release.who',
    says: 'Anyone tags a release, unless the policy `release_by` leaves it to people or to maintainers.',
    enforcedBy,
    on: releaseRecord,
    check: async ({ before, after }, transition) =>
      before || !after ? undefined : whoFinding(transition.before, await believed(transition)),
  }),
];
