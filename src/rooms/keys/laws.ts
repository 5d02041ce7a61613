import { defineLaw, defineRecordLaw, type Law } from '../../kernel/law.ts';
import { inputHash, keyId, keyRecord } from './record.ts';

const enforcedBy = 'rooms/keys.test.ts';

export const keyLaws: Law[] = [
  defineRecordLaw({
    id: 'key.own',
    says: 'An idempotency key is kept only by the entry that used it, with its operation and input.',
    enforcedBy,
    on: keyRecord,
    check({ id, after }, { entry }) {
      const { key, op } = entry.intent;
      const used = key !== undefined && keyId(key) === id && after?.op === op && after.entry === entry.id;
      const own = used && after.input === inputHash(entry.intent);
      return own ? undefined : { message: `${id} keeps an idempotency key that its entry did not use` };
    },
  }),
  defineLaw({
    id: 'key.kept',
    says: 'An entry with an idempotency key keeps it, and no key is used twice.',
    enforcedBy,
    check({ entry, changes }) {
      const { key } = entry.intent;
      if (key === undefined) return undefined;
      const kept = changes.some(
        ({ def, id, before }) => def.kind === 'key' && id === keyId(key) && before === undefined,
      );
      return kept ? undefined : { code: 'KEY_REUSED', message: 'the idempotency key of this entry was used before' };
    },
  }),
];
