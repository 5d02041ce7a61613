import * as z from 'zod/mini';
import { choice, key, mark, title } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { type By, defineOperation, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { type ActorKey, MAX_KEYS, parseKey, publicKey } from '../actors/keys.ts';
import { ACTOR_KINDS, type Actor, actorRecord, ROLES } from '../actors/record.ts';
import { fingerprint, ledgerName, namespace, tipOid } from './fields.ts';
import { ledgerRecord } from './record.ts';

/** People that one fork takes along at most. */
const MAX_ACTORS = 1_000;

const person = () =>
  z.strictObject({
    actor: key(),
    kind: choice(ACTOR_KINDS),
    role: choice(ROLES),
    name: z.optional(mark(title(), { machine: true })),
    keys: z.optional(z.array(publicKey()).check(z.minLength(1), z.maxLength(MAX_KEYS))),
  });
export type ForkedActor = z.infer<ReturnType<typeof person>>;

export const forkInput = lazy(() =>
  z.strictObject({
    from: ledgerName(),
    tip: tipOid(),
    namespace: namespace(),
    authority: z.optional(fingerprint()),
    policies: z.optional(mark(z.record(z.string(), z.union([z.boolean(), z.string(), z.number()])), { machine: true })),
    actors: z.array(person()).check(z.maxLength(MAX_ACTORS)),
  }),
);
export type ForkInput = z.infer<ReturnType<typeof forkInput>>;

/**
 * The first entry of a ledger that comes from another: who decides, what is asked of its tasks and who rules in it are as
 * they were there, or a fork would be a way around them. Work stays where its history is.
 */
export const fork = defineOperation<ForkInput>({
  name: 'ledger.fork',
  kind: 'write',
  internal: true,
  summary: 'Begin a ledger with the settings and people of another',
  input: forkInput,
  examples: [{ cli: 'ledgenter ledger fork feature-a', says: 'a ledger of its own for a long-lived branch' }],
  subject: ({ from, tip }) => `forked the ledger from ${from} at ${tip.slice(0, 12)}`,
  async decide(view, said, by) {
    const before = await view.get(ledgerRecord, 'ledger');
    if (!before) refuse('NO_LEDGER', 'there is no ledger to begin');
    const result = { from: said.from, tip: said.tip };
    if (before.namespace !== undefined) {
      if (before.forked_from?.ledger === said.from) return { same: result };
      refuse('REFUSED', `the ledger ${before.ledger} was begun already`, { hint: 'ledgenter ledger list' });
    }
    const { namespace, authority, policies } = said;
    return {
      files: [
        ledgerRecord.put('ledger', {
          ...before,
          namespace,
          ...(authority === undefined ? {} : { authority }),
          ...(policies === undefined ? {} : { policies }),
          forked_from: { ledger: said.from, tip: said.tip },
        }),
        ...said.actors.map(one => actorRecord.put(one.actor, forkedActor(one, by))),
      ],
      result,
    };
  },
});

/** Who comes along, as the book of the fork has them from its first entry on. */
export function forkedActor({ kind, role, name, keys }: ForkedActor, { at }: Pick<By, 'at'>): Actor {
  const parsed = (keys ?? []).map((text): ActorKey => {
    const one = parseKey(text);
    if (typeof one === 'string') refuse('BAD_INPUT', `a key ${one}`);
    return { ...one, added_at: at };
  });
  return {
    kind,
    role,
    created_at: at,
    ...(name === undefined ? {} : { name }),
    ...(parsed.length === 0 ? {} : { keys: parsed }),
  };
}

/** Who comes along: everybody but agents that say nothing beyond their name, who enter themselves with their first entry. */
export async function peopleOf(view: View): Promise<ForkedActor[]> {
  const all = await view.all(actorRecord);
  return all
    .filter(({ record: { kind, role, name, keys } }) => kind === 'human' || role === 'maintainer' || keys || name)
    .map(({ id, record: { kind, role, name, keys } }) => ({
      actor: id,
      kind,
      role,
      ...(name === undefined ? {} : { name }),
      ...(keys ? { keys: keys.map(one => one.key) } : {}),
    }));
}
