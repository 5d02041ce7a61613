import { crypto } from '../random.ts';

export type ObjectType = 'blob' | 'tree' | 'commit';
export type ObjectFormat = 'sha1' | 'sha256';

type OneShot = (algorithm: string, data: string | Uint8Array, encoding: 'hex') => string;

/** The object id that git gives these bytes. */
export function hashObject(type: ObjectType, body: Buffer, format: ObjectFormat = 'sha1'): string {
  const head = `${type} ${body.length}\0`;
  const whole = Buffer.allocUnsafe(head.length + body.length);
  whole.write(head, 0, 'latin1');
  body.copy(whole, head.length);
  // Node ≥ 20.12 hashes small data in one call, at half the cost of a Hash object.
  const { hash } = crypto() as { hash?: OneShot };
  return hash ? hash(format, whole, 'hex') : crypto().createHash(format).update(whole).digest('hex');
}
