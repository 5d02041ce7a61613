import * as z from 'zod/mini';
import { actor } from '../../kernel/fields.ts';
import { defineOperation, definePort, refuse } from '../../kernel/operation.ts';
import { find } from '../lookup.ts';
import { MAX_KEYS, parseKey, publicKey } from './keys.ts';
import { needMaintainer } from './rank.ts';
import { actorRecord } from './record.ts';

/** The public key that git would sign with here. @throws LedgerError NOT_SIGNED when there is none */
export interface OwnKeySource {
  publicKey(): Promise<string>;
}
export const ownKeyPort = definePort<OwnKeySource>('own-key');

interface Input {
  actor: string;
  key?: string | undefined;
}

export const keyAdd = defineOperation<Input>({
  name: 'actor.key_add',
  kind: 'write',
  summary: 'Name a public key with which an actor signs; without one, the key that git signs with here',
  input: () => z.strictObject({ actor: actor(), key: z.optional(publicKey()) }),
  positional: 'actor',
  examples: [
    { cli: 'ledgenter actor key-add me', says: 'from now on this key proves what is yours' },
    { cli: 'ledgenter actor key-add grace --key -', says: 'a maintainer names the key of another, from stdin' },
  ],
  subject: input => `added a key of ${input.actor}`,
  async placed(context, input) {
    if (input.key !== undefined) return input;
    if (input.actor !== context.who.actor)
      refuse('BAD_INPUT', `the key of ${input.actor} is not known here`, {
        hint: `ledgenter actor key-add ${input.actor} --key "<public key>"`,
      });
    const key = await (await context.use(ownKeyPort)).publicKey();
    return { ...input, key };
  },
  async decide(view, { actor: id, key }, by) {
    const parsed = parseKey(key ?? '');
    if (typeof parsed === 'string') return refuse('BAD_INPUT', `key ${parsed}`);
    if (id !== by.actor) await needMaintainer(view, by.actor, `adds a key of ${id}`);
    const before = await find(view, actorRecord, id);
    if (!before && id !== by.actor)
      refuse('NOT_FOUND', `no actor ${id}`, { hint: `ledgenter actor register ${id} --kind human` });
    const result = { actor: id, fingerprint: parsed.fingerprint };
    const keys = before?.keys ?? [];
    if (keys.some(({ fingerprint }) => fingerprint === parsed.fingerprint)) return { same: result };
    if (keys.length >= MAX_KEYS)
      refuse('REFUSED', `${id} has ${MAX_KEYS} keys already`, {
        hint: `ledgenter actor key-remove ${id} --fingerprint <fingerprint>`,
      });
    const start = before ?? { kind: by.kind, role: 'member' as const, created_at: by.at };
    const after = { ...start, keys: [...keys, { ...parsed, added_at: by.at }] };
    return { files: [actorRecord.put(id, after)], result };
  },
});
