import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64, toBase64 } from './base64.ts';

/** Key types whose signatures are checked; certificates are none (they say more than a key, and expire). */
export const SSH_KEY_TYPES = [
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
] as const;

/** Longest public key line, in characters: an RSA key of 16,384 bits has 2,800. */
const MAX_KEY = 4096;

/** `SHA256:…` of a public key blob, as `ssh-keygen -l` prints it. */
export function sshFingerprint(blob: Uint8Array): string {
  return `SHA256:${toBase64(sha256(blob)).replace(/=+$/, '')}`;
}

/**
 * A public key as `ssh-ed25519 AAAA…`, without comment (comments name machines) and options; what is wrong with it where
 * it is none.
 */
export function parseSshKey(text: string): { key: string; fingerprint: string; blob: Uint8Array } | string {
  const line = text.trim();
  if (line.length > MAX_KEY) return 'is too long for a public key';
  if (/[\r\n]/.test(line)) return 'is more than one line';
  const [type = '', base64 = ''] = line.split(/[ \t]+/);
  if (!(SSH_KEY_TYPES as readonly string[]).includes(type))
    return `is no public key of a type that is checked here: ${SSH_KEY_TYPES.slice(0, 3).join(', ')} …`;
  const blob = fromBase64(base64);
  if (!blob || innerType(blob) !== type) return `is no ${type} key`;
  return { key: `${type} ${base64}`, fingerprint: sshFingerprint(blob), blob };
}

/** The type that the blob itself names (RFC 4253 §6.6: a string with its length before it). */
function innerType(blob: Uint8Array): string | undefined {
  if (blob.length < 4) return undefined;
  const length = new DataView(blob.buffer, blob.byteOffset).getUint32(0);
  return length > 64 || blob.length <= 4 + length ? undefined : String.fromCharCode(...blob.subarray(4, 4 + length));
}
