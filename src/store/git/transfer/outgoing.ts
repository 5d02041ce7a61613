import { once } from 'node:events';
import { open, rename, rm } from 'node:fs/promises';
import { LedgerError } from '../../../kernel/errors.ts';
import type { ObjectFormat } from '../../encoding/hash.ts';
import type { Oid } from '../../port.ts';
import { randomHex } from '../../random.ts';
import { faultOf } from '../faults.ts';
import { type RunOptions, startGit } from '../run.ts';
import { headText } from './bundle.ts';

/**
 * Settings under which equal refs give equal bytes, whatever packs the repository has: every delta is found anew by one
 * thread, and nothing that was compressed before is taken over. The same git is needed for it, and the same zlib.
 */
const SAME = ['-c', 'pack.threads=1', '-c', 'pack.compression=6', '-c', 'pack.window=10', '-c', 'pack.depth=50'];
const ANEW = ['--no-reuse-delta', '--no-reuse-object', '--delta-base-offset', '--no-use-bitmap-index'];

/**
 * Writes all that `refs` reach as one git bundle, whole or not at all: it takes the place of `file` at the very end.
 * @returns bytes written
 * @throws LedgerError BAD_LEDGER when objects are missing here; NO_ROOM, READ_ONLY_REPOSITORY of the file system
 */
export async function writeBundle(
  run: RunOptions & { gitDir: string; objectFormat: ObjectFormat },
  refs: ReadonlyMap<string, Oid>,
  file: string,
  progress?: (bytes: number) => void,
): Promise<number> {
  const temporary = `${file}.${randomHex(6)}.tmp`;
  const handle = await open(temporary, 'wx').catch(error => {
    throw faultOf('writing the export', error);
  });
  const { gitDir, objectFormat, signal, ...rest } = run;
  const env = { ...rest.env, GIT_NO_LAZY_FETCH: '1' };
  const child = startGit([...SAME, 'pack-objects', '--stdout', '--revs', '--quiet', ...ANEW], { ...rest, gitDir, env });
  const abort = (): void => void child.kill('SIGTERM');
  signal?.addEventListener('abort', abort, { once: true });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err = (err + text).slice(-8192);
  });
  const closed = once(child, 'close');
  closed.catch(() => {});
  try {
    const head = Buffer.from(headText(objectFormat, refs), 'latin1');
    await handle.write(head);
    let size = head.length;
    child.stdin.end(`${[...new Set(refs.values())].sort().join('\n')}\n`);
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      await handle.write(chunk);
      size += chunk.length;
      progress?.(size);
    }
    const [code] = (await closed) as [number | null];
    if (signal?.aborted) throw new LedgerError('CANCELLED', 'stopped; nothing was written');
    if (code !== 0) throw packFault(err);
    await handle.sync();
    await handle.close();
    await rename(temporary, file);
    return size;
  } catch (error) {
    child.kill('SIGTERM');
    await handle.close().catch(() => {});
    await rm(temporary, { force: true });
    throw faultOf('writing the export', error);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function packFault(err: string): LedgerError {
  if (/missing|bad object|unable to read|could not/i.test(err))
    return new LedgerError('BAD_LEDGER', 'objects of the book are missing here: nothing was exported');
  return faultOf('git pack-objects', err);
}
