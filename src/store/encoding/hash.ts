import { createHash } from 'node:crypto';

export type ObjectType = 'blob' | 'tree' | 'commit';
export type ObjectFormat = 'sha1' | 'sha256';

/** The object id that git gives these bytes. */
export function hashObject(type: ObjectType, body: Buffer, format: ObjectFormat = 'sha1'): string {
  return createHash(format).update(`${type} ${body.length}\0`, 'latin1').update(body).digest('hex');
}
