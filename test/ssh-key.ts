import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

/** PKCS #8 around the 32 bytes that an ed25519 key is made of (RFC 8410). */
const HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A public key line and its fingerprint; equal seeds give equal keys. */
export function sshKey(seed: string | number): { key: string; fingerprint: string } {
  const string = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const secret = Buffer.concat([HEAD, createHash('sha256').update(String(seed)).digest()]);
  const pair = createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' });
  const point = Buffer.from(createPublicKey(pair).export({ format: 'jwk' }).x!, 'base64url');
  const blob = Buffer.concat([string(Buffer.from('ssh-ed25519')), string(point)]);
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { key: `ssh-ed25519 ${blob.toString('base64')}`, fingerprint: `SHA256:${digest}` };
}
