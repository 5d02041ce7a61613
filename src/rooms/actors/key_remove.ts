import * as z from 'zod/mini';
import { actor, mark } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { find } from '../lookup.ts';
import { needMaintainer } from './rank.ts';
import { actorRecord } from './record.ts';

const fingerprint = () =>
  mark(
    z.string().check(z.regex(/^(?:SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40})$/, { error: 'is no fingerprint of a key' })),
    { machine: true, form: 'SHA256:… of an ssh key, 40 hex digits of an OpenPGP key' },
  );

export const keyRemove = defineOperation({
  name: 'actor.key_remove',
  kind: 'write',
  summary: 'Take a key of an actor out: what it signed before stays proven, nothing that lands later is',
  input: () => z.strictObject({ actor: actor(), fingerprint: fingerprint() }),
  positional: 'actor',
  examples: [
    {
      cli: 'ledgenter actor key-remove me --fingerprint SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
      says: 'a key that was lost or replaced',
    },
  ],
  subject: input => `removed a key of ${input.actor}`,
  async decide(view, input, by) {
    if (input.actor !== by.actor) await needMaintainer(view, by.actor, `removes a key of ${input.actor}`);
    const before = await find(view, actorRecord, input.actor);
    const keys = before?.keys ?? [];
    const left = keys.filter(key => key.fingerprint !== input.fingerprint);
    if (!before || left.length === keys.length)
      return refuse('NOT_FOUND', `${input.actor} has no key ${input.fingerprint}`, { hint: 'ledgenter actor query' });
    const { keys: _all, ...rest } = before;
    const after = { ...rest, ...(left.length > 0 ? { keys: left } : {}) };
    return { files: [actorRecord.put(input.actor, after)], result: { ...input } };
  },
});
