import { MAX_LOG_PATHS } from '../../rooms/work/record.ts';

/** Bytes of JSON that the paths of one entry may take: an intent takes 256 KB. */
const MAX_BYTES = 65_536;
/** UTF-16 units of one path. */
const MAX_PATH = 1_024;

export interface ChangedPath {
  path: string;
  change: string;
}

/** As many paths as one entry has room for, in order, and how many are left out. */
export function bounded(all: readonly ChangedPath[]): { paths: ChangedPath[]; more: number } {
  const paths: ChangedPath[] = [];
  let bytes = 0;
  for (const one of all) {
    if (one.path.length > MAX_PATH || paths.length === MAX_LOG_PATHS) continue;
    bytes += Buffer.byteLength(JSON.stringify(one));
    if (bytes > MAX_BYTES) break;
    paths.push(one);
  }
  return { paths, more: all.length - paths.length };
}
