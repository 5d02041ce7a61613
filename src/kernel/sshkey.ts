import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64, toBase64 } from './base64.ts';
import { ed25519Problem, nistProblem } from './curves.ts';
import { rsaProblem } from './rsa.ts';

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
 * it is none, or one that proves nothing.
 */
export function parseSshKey(text: string): { key: string; fingerprint: string; blob: Uint8Array } | string {
  const line = text.trim();
  if (line.length > MAX_KEY) return 'is too long for a public key';
  if (/[\r\n]/.test(line)) return 'is more than one line';
  const [type = '', base64 = ''] = line.split(/[ \t]+/);
  if (!(SSH_KEY_TYPES as readonly string[]).includes(type))
    return `is no public key of a type that is checked here: ${SSH_KEY_TYPES.slice(0, 3).join(', ')} …`;
  const blob = fromBase64(base64);
  if (!blob || latin1(stringsOf(blob)?.[0]) !== type) return `is no ${type} key`;
  const problem = sshKeyProblem(blob);
  return problem ?? { key: `${type} ${base64}`, fingerprint: sshFingerprint(blob), blob };
}

/**
 * What is wrong with a public key blob: a part too many or too few, a number in another than its one form, a key that is
 * weak, or that everybody or nobody can sign with. Asked when a key is added and when a signature names it.
 */
export function sshKeyProblem(blob: Uint8Array): string | undefined {
  const [type, ...parts] = stringsOf(blob) ?? [];
  const name = latin1(type);
  const count = PARTS[name];
  if (count === undefined) return 'is of a type that is not checked here';
  if (parts.length !== count) return `is no ${name} key`;
  const [first, second] = parts as [Uint8Array, Uint8Array];
  if (name === 'ssh-rsa') {
    const [e, n] = [positive(first), positive(second)];
    return e && n ? rsaProblem(e, n) : 'is no ssh-rsa key';
  }
  if (name.includes('ed25519')) return ed25519Problem(first);
  const curve = latin1(first);
  return name.includes(`-${curve}`) && curve.startsWith('nistp') ? nistProblem(curve, second) : `is no ${name} key`;
}

/** Strings behind the type: numbers or a point, the name of the curve, the application of a security key. */
const PARTS: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ssh-rsa': 2,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
  'sk-ssh-ed25519@openssh.com': 2,
  'sk-ecdsa-sha2-nistp256@openssh.com': 3,
};

const latin1 = (bytes: Uint8Array | undefined): string => String.fromCharCode(...(bytes?.subarray(0, 64) ?? []));

/** All of a blob as strings with their lengths before them (RFC 4251 §5); undefined when it is not made so to its last byte. */
function stringsOf(blob: Uint8Array): Uint8Array[] | undefined {
  const out: Uint8Array[] = [];
  const numbers = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  for (let at = 0; at < blob.length; ) {
    if (out.length > 4 || at + 4 > blob.length) return undefined;
    const end = at + 4 + numbers.getUint32(at);
    if (end > blob.length) return undefined;
    out.push(blob.subarray(at + 4, end));
    at = end;
  }
  return out;
}

/** A positive number without the zero that only keeps it positive; undefined when it is not in its shortest form. */
function positive(bytes: Uint8Array): Uint8Array | undefined {
  const [head = 0x80, next = 0] = bytes;
  if (head > 0 && head < 0x80) return bytes;
  return head === 0 && next >= 0x80 ? bytes.subarray(1) : undefined;
}
