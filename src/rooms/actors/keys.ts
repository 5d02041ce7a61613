import * as z from 'zod/mini';
import { mark } from '../../kernel/fields.ts';
import { MAX_ARMORED, parseGpgKey } from '../../kernel/openpgp.ts';
import { parseSshKey } from '../../kernel/sshkey.ts';

/** Keys of one actor at most. */
export const MAX_KEYS = 20;

/** A key with which an actor signs entries. */
export interface ActorKey {
  type: 'ssh' | 'gpg';
  /** ssh: type and base64, without comment; gpg: the armored public key. */
  key: string;
  fingerprint: string;
  /** Time of the entry that added it. */
  added_at: string;
}

export const keysSchema = () =>
  z
    .array(
      z.strictObject({
        type: z.enum(['ssh', 'gpg']),
        key: z.string().check(z.maxLength(MAX_ARMORED + 1)),
        fingerprint: z.string().check(z.maxLength(100)),
        added_at: z.string(),
      }),
    )
    .check(z.minLength(1), z.maxLength(MAX_KEYS));

/** A public key as somebody hands it in → as the ledger keeps it; what is wrong with it where it is none. */
export function parseKey(text: string): Omit<ActorKey, 'added_at'> | string {
  // Before anything else is said of it: whoever pastes one must hear that it is out in the open.
  if (/PRIVATE KEY/.test(text)) return 'is a private key: it stays with you, give the public one (.pub)';
  if (/^\s*-----BEGIN PGP /.test(text)) {
    const parsed = parseGpgKey(text);
    return typeof parsed === 'string' ? parsed : { type: 'gpg', ...parsed };
  }
  const parsed = parseSshKey(text);
  return typeof parsed === 'string' ? parsed : { type: 'ssh', key: parsed.key, fingerprint: parsed.fingerprint };
}

/** The key as it is kept, so that the entry carries no comment: comments name machines. */
export const publicKey = () =>
  mark(
    z.pipe(
      z.string().check(z.maxLength(20_000)),
      z.transform((value: string, ctx) => {
        const parsed = parseKey(value);
        if (typeof parsed !== 'string') return parsed.key;
        ctx.issues.push({ code: 'custom', message: parsed, input: value });
        return value;
      }),
    ),
    { machine: true, long: true, form: 'a public key: ssh-ed25519 AAAA…, or an armored OpenPGP key' },
  );
