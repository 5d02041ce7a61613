import { canonicalJson } from '../../kernel/canonical.ts';
import { type Change, defineLaw } from '../../kernel/law.ts';
import { ledgerRecord } from '../ledger/record.ts';
import { isUsable, maintainers } from './powers.ts';
import { type Actor, actorRecord } from './record.ts';
import { requiresSignatures } from './standing.ts';

const isOf = (change: Change): change is Change<Actor> => change.def.kind === actorRecord.kind;

/** A maintainer who goes, or whose keys are others now. */
function weakened({ before, after }: Change<Actor>): boolean {
  if (before?.role !== 'maintainer') return false;
  return after?.role !== 'maintainer' || canonicalJson([before.keys ?? []]) !== canonicalJson([after.keys ?? []]);
}

export const actorMaintained = defineLaw({
  id: 'actor.maintained',
  says: 'A ledger that has a maintainer keeps one, and under `require_signatures` one who has a key whose signatures are taken: nobody could ever change its settings again.',
  enforcedBy: 'rooms/signatures.test.ts',
  async check({ changes, after }) {
    const touched = changes.some(change => (isOf(change) ? weakened(change) : change.def.kind === ledgerRecord.kind));
    if (!touched) return undefined;
    const strict = await requiresSignatures(after);
    if (!strict && !changes.some(change => isOf(change) && weakened(change))) return undefined;
    const left = await maintainers(after);
    if (left.length === 0)
      return {
        message: 'the ledger would be left without a maintainer',
        hint: 'ledgenter actor register <actor> --role maintainer',
      };
    if (!strict || left.some(({ keys }) => keys?.some(isUsable))) return undefined;
    return {
      message: 'under require_signatures the ledger would be left without a maintainer who can sign',
      hint: 'ledgenter actor key-add <maintainer> --key "<public key>"',
    };
  },
});
