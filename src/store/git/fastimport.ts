import { once } from 'node:events';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { personLine, plainMeta } from '../encoding/commit.ts';
import { checkTreePath, isOid, MAX_OBJECT } from '../encoding/names.ts';
import type { CommitMeta, FileEdit, Oid } from '../port.ts';
import { randomHex } from '../random.ts';
import { faultOf } from './faults.ts';
import { type RunOptions, startFault, startGit } from './run.ts';

export interface Step {
  edits: FileEdit[];
  meta: CommitMeta;
}

/**
 * A chain of commits through one `git fast-import` stream, in any object format. No ref is touched: fast-import wants
 * one to build on, gets one that does not exist, and is told to drop it before the end.
 * @param parents of the first commit; the others follow on it
 * @throws LedgerError; objects written before stay unreferenced
 */
export async function fastImport(
  options: RunOptions & { gitDir: string; zero: Oid },
  parents: readonly Oid[],
  steps: AsyncIterable<Step>,
): Promise<Oid[]> {
  const child = startGit(['fast-import', '--quiet', '--done', '--date-format=raw'], options);
  const ref = `refs/ledgenter-local/import-${randomHex(8)}`;
  let out = '';
  let err = '';
  const oids: Oid[] = [];
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    const lines = (out + text).split('\n');
    out = lines.pop()!;
    oids.push(...lines);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err = (err + text).slice(-8192);
  });
  let ended = false;
  const end = new Promise<number | null>((resolve, reject) => {
    child.once('error', error => reject(startFault(error, options.cwd)));
    child.once('close', (code, signal) => {
      if (signal) err += `\nended by ${signal}`;
      resolve(code);
    });
  }).finally(() => {
    ended = true;
  });
  end.catch(() => {});
  const send = async (text: string): Promise<void> => {
    if (!child.stdin.write(text)) await Promise.race([once(child.stdin, 'drain'), end]);
  };

  let count = 0;
  try {
    for await (const step of steps) {
      if (ended) break;
      count++;
      await send(commitCommand(ref, count, count === 1 ? parents : [], step));
    }
    child.stdin.end(count === 0 ? 'done\n' : `reset ${ref}\nfrom ${options.zero}\n\ndone\n`);
  } catch (error) {
    // Ended without `done`, git drops what it has and says so in a report, which is ours to remove.
    child.stdin.end();
    await end.catch(() => {});
    await removeReport(options.gitDir, child.pid);
    throw error;
  }
  const code = await end;
  if (code !== 0) {
    await removeReport(options.gitDir, child.pid);
    if (/not a commit|Not a valid commit|object not found|can't find/i.test(err))
      throw new LedgerError('BAD_LEDGER', `no such commit: ${parents.join(', ')}`);
    throw faultOf('git fast-import', err);
  }
  if (oids.length !== count || !oids.every(isOid))
    throw new LedgerError('INTERNAL', `git fast-import answered ${oids.length} ids for ${count} commits`);
  return oids;
}

function commitCommand(ref: string, mark: number, parents: readonly Oid[], { edits, meta }: Step): string {
  const { author, committer, message } = plainMeta(meta);
  const lines = [
    `commit ${ref}`,
    `mark :${mark}`,
    `author ${personLine(author)}`,
    `committer ${personLine(committer)}`,
  ];
  lines.push(data(message));
  parents.forEach((parent, i) => {
    lines.push(`${i === 0 ? 'from' : 'merge'} ${parent}`);
  });
  for (const { path, text } of edits) {
    checkTreePath(path);
    const quoted = `"${path.replace(/["\\]/g, '\\$&')}"`;
    if (text === null) lines.push(`D ${quoted}`);
    else lines.push(`M 100644 inline ${quoted}`, data(text, path));
  }
  lines.push('', `get-mark :${mark}`, '');
  return lines.join('\n');
}

function data(text: string, path?: string): string {
  const size = Buffer.byteLength(text);
  if (path !== undefined && size > MAX_OBJECT) throw new LedgerError('TOO_LARGE', `${path} is larger than 2 MB`);
  return `data ${size}\n${text}`;
}

async function removeReport(gitDir: string, pid: number | undefined): Promise<void> {
  if (pid !== undefined) await unlink(join(gitDir, `fast_import_crash_${pid}`)).catch(() => {});
}
