import { canonicalJson } from '../../kernel/canonical.ts';
import { type Change, defineRecordLaw, type Finding, type Law, type Transition } from '../../kernel/law.ts';
import { isFork } from './forked.ts';
import { type ActorKey, parseKey } from './keys.ts';
import { unsignedFinding, unvouchedFinding } from './powers.ts';
import { isMaintainer } from './rank.ts';
import { type Actor, actorRecord } from './record.ts';
import { requiresSignatures, standingOf } from './standing.ts';

const enforcedBy = 'rooms/signatures.test.ts';

const same = (a: unknown, b: unknown): boolean => canonicalJson([a ?? null]) === canonicalJson([b ?? null]);

/** What is wrong with the keys themselves, whoever changed them. */
function formProblem(had: readonly ActorKey[], has: readonly ActorKey[], at: string): string | undefined {
  if (new Set(has.map(({ fingerprint }) => fingerprint)).size !== has.length) return 'a key stands there twice';
  for (const key of has) {
    if (had.some(one => same(one, key))) continue;
    const parsed = parseKey(key.key);
    if (typeof parsed === 'string') return `${key.fingerprint} ${parsed}`;
    if (!same({ ...parsed, added_at: at }, key)) return `${key.fingerprint} is not as its entry added it`;
  }
  return undefined;
}

async function mayChange({ id, before, after }: Change<Actor>, transition: Transition): Promise<Finding | undefined> {
  const { actor } = transition.entry.intent;
  const own = id === actor;
  if (!own && !(await isMaintainer(transition.before, actor)))
    return { code: 'NOT_MAINTAINER', message: `only ${id} or a maintainer changes the keys of ${id}` };
  const strict = await requiresSignatures(transition.before);
  if (own && strict && !before?.keys)
    return { code: 'NOT_MAINTAINER', message: `under require_signatures a maintainer gives ${id} its first key` };
  if (own && strict && !after?.keys)
    return { message: `under require_signatures ${id} keeps a key: add the next one before the last is removed` };
  const standing = await standingOf(transition);
  const signed = standing.state === 'proven' || standing.state === 'unchecked';
  // An agent that could name a key of a person would be that person from then on.
  if (!signed && before?.kind === 'human' && transition.entry.intent.kind !== 'human')
    return { code: 'HUMAN_ONLY', message: `keys of ${id}, a person, are changed by people, or signed` };
  if (own && strict && standing.state === 'proven' && !after?.keys?.some(one => one.fingerprint === standing.key))
    return { message: `under require_signatures ${id} signs the removal of a key with one that stays` };
  if (!own && before?.keys && !signed)
    return {
      code: 'NOT_SIGNED',
      message: `${id} has keys, so others change them only as a maintainer who has keys, and signed: ${standing.why}`,
      hint: 'git config ledgenter.sign true, then: ledgenter doctor',
    };
  // Its first key makes a maintainer one who rules over the keys of others.
  if (before?.role === 'maintainer' && !before.keys) return unvouchedFinding(transition, `the first key of ${id}`);
  return unsignedFinding(transition, 'a change of keys');
}

/** What the entry says that it does with keys. */
function saidProblem({ id, before, after }: Change<Actor>, { entry }: Transition): string | undefined {
  const { op, input } = entry.intent;
  const had = before?.keys ?? [];
  const has = after?.keys ?? [];
  const added = has.filter(key => !had.some(one => one.fingerprint === key.fingerprint));
  const removed = had.filter(key => !has.some(one => one.fingerprint === key.fingerprint));
  if (op === 'ledger.init' && !before && removed.length === 0 && added.length === 1) {
    const said = parseKey(String(input.key));
    return typeof said !== 'string' && said.fingerprint === added[0]!.fingerprint
      ? undefined
      : 'the entry adds another key';
  }
  if (input.actor !== id) return `the entry does not speak of ${id}`;
  const [more, less] = [added[0], removed[0]];
  if (op === 'actor.key_add' && removed.length === 0 && added.length === 1) {
    const said = parseKey(String(input.key));
    return typeof said !== 'string' && said.fingerprint === more!.fingerprint
      ? undefined
      : 'the entry adds another key';
  }
  if (op === 'actor.key_remove' && added.length === 0 && removed.length === 1)
    return input.fingerprint === less!.fingerprint ? undefined : 'the entry removes another key';
  return `an entry ${op} does not change keys so`;
}

export const keyLaws: Law[] = [
  defineRecordLaw({
    id: 'actor.keys',
    says: 'Keys of an actor are public keys under their own fingerprints, changed one at a time by `actor.key_add` and `actor.key_remove`, by that actor or a maintainer, those of a person by people or signed; whoever has keys signs such a change with one of them. Keys of an actor that has some are changed by others only as a maintainer with keys, signed, and once a maintainer has keys, so is the first key of another maintainer given. Under `require_signatures` an actor removes a key of its own with one that stays.',
    enforcedBy,
    on: actorRecord,
    async check(change, transition) {
      const { before, after } = change;
      if (!after || same(before?.keys, after.keys)) return undefined;
      const form = formProblem(before?.keys ?? [], after.keys ?? [], transition.entry.intent.at);
      if (form === undefined && (await isFork(transition))) return undefined; // actor.forked says whose they are
      const problem = form ?? saidProblem(change, transition);
      return problem === undefined ? mayChange(change, transition) : { message: problem };
    },
  }),
];
