import { canonicalJson } from '../../kernel/canonical.ts';
import { type Change, defineLaw, defineRecordLaw, type Finding, type Law, type Transition } from '../../kernel/law.ts';
import { ledgerRecord } from '../ledger/record.ts';
import { find } from '../lookup.ts';
import { isNew } from './enrol.ts';
import { actorForked, isFork } from './forked.ts';
import { actorMaintained } from './maintained.ts';
import { unsignedFinding, unvouchedFinding } from './powers.ts';
import { isMaintainer } from './rank.ts';
import { type Actor, actorRecord } from './record.ts';

const enforcedBy = 'rooms/actors.test.ts';

/** What a maintainer may not do without a signature; keys have a law of their own. */
async function rankFinding(
  { id, before, after }: Pick<Change<Actor>, 'id' | 'before'> & { after: Actor },
  transition: Transition,
): Promise<Finding | undefined> {
  const ranks = before?.role !== after.role || before.kind !== after.kind;
  const rest = ({ keys: _keys, ...record }: Actor): string => canonicalJson(record);
  const foreign = id !== transition.entry.intent.actor && (!before || rest(before) !== rest(after));
  if (!ranks && !foreign) return undefined;
  const rises = after.role === 'maintainer' && before?.role !== 'maintainer';
  const what = `a change of ${id}`;
  return rises || (ranks && before?.keys) ? unvouchedFinding(transition, what) : unsignedFinding(transition, what);
}

export const actorLaws: Law[] = [
  defineLaw({
    id: 'actor.known',
    says: 'The actor of an entry is in the book.',
    enforcedBy,
    async check({ entry, after }) {
      const { actor } = entry.intent;
      return (await find(after, actorRecord, actor)) ? undefined : { message: `actor ${actor} is not in the book` };
    },
  }),
  defineRecordLaw({
    id: 'actor.role',
    says: 'A new actor enters itself as a member, with the kind and time of its entry; the rest is a maintainer’s, signed where that maintainer has keys; the first to initialise the ledger is its maintainer. Once a maintainer has keys, only one who has makes maintainers, and changes role and kind of actors with keys.',
    enforcedBy,
    on: actorRecord,
    async check({ id, before, after }, transition) {
      if (!after || (await isFork(transition))) return undefined; // record.kept names it, and actor.forked
      const { intent } = transition.entry;
      if (before && before.created_at !== after.created_at) return { message: `${id} entered at another time` };
      if (!before && after.created_at !== intent.at) return { message: `${id} did not enter at the time of its entry` };
      const own = id === intent.actor;
      if (own && !before && after.kind !== intent.kind) return { message: `${id} enters with the kind of its entry` };
      if (await isMaintainer(transition.before, intent.actor)) return rankFinding({ id, before, after }, transition);
      if (own && !before && after.role === 'member') return undefined;
      if (own && before && before.role === after.role && before.kind === after.kind) return undefined;
      const founds = own && (await isNew(transition.before)) && !(await isNew(transition.after));
      if (founds && transition.changes.some(({ def }) => def.kind === ledgerRecord.kind)) return undefined;
      return { code: 'NOT_MAINTAINER', message: `only a maintainer enters or changes ${id}` };
    },
  }),
  defineRecordLaw({
    id: 'actor.said',
    says: 'Kind, role and name of an actor are what the entry says of it: an entry of a maintainer that says nothing of them changes none.',
    enforcedBy: 'rooms/signatures.test.ts',
    on: actorRecord,
    async check({ id, before, after }, transition) {
      const { entry } = transition;
      if (!after || (await isFork(transition))) return undefined; // record.kept names it, and actor.forked
      const { op, actor, input } = entry.intent;
      const own = id === actor;
      // Who writes first enters itself, and is the maintainer of a ledger that it initialises.
      const role = own && op === 'ledger.init' ? after.role : 'member';
      const was: Partial<Actor> = before ?? { role, kind: own ? after.kind : 'agent' };
      const said = op === 'actor.register' && input.actor === id ? input : {};
      for (const name of ['role', 'kind', 'name'] as const) {
        if (after[name] !== (said[name] ?? was[name]))
          return { message: `the entry does not say that the ${name} of ${id} is ${after[name]}` };
      }
      return undefined;
    },
  }),
  actorForked,
  actorMaintained,
];
