import { createHash } from 'node:crypto';

/** A public key line that nobody has the private half of, and its fingerprint; equal seeds give equal keys. */
export function sshKey(seed: string | number): { key: string; fingerprint: string } {
  const string = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const point = createHash('sha256').update(String(seed)).digest();
  const blob = Buffer.concat([string(Buffer.from('ssh-ed25519')), string(point)]);
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { key: `ssh-ed25519 ${blob.toString('base64')}`, fingerprint: `SHA256:${digest}` };
}
