import * as crypto from 'node:crypto';

export type ObjectType = 'blob' | 'tree' | 'commit';
export type ObjectFormat = 'sha1' | 'sha256';

type OneShot = (algorithm: string, data: string | Uint8Array, encoding: 'hex') => string;
/** Node ≥ 20.12 hashes small data in one call, at half the cost of a Hash object. */
const oneShot = (crypto as { hash?: OneShot }).hash;

/** The object id that git gives these bytes. */
export function hashObject(type: ObjectType, body: Buffer, format: ObjectFormat = 'sha1'): string {
  const head = `${type} ${body.length}\0`;
  const whole = Buffer.allocUnsafe(head.length + body.length);
  whole.write(head, 0, 'latin1');
  body.copy(whole, head.length);
  return oneShot ? oneShot(format, whole, 'hex') : crypto.createHash(format).update(whole).digest('hex');
}
