import { writePort } from '../../exchange/writing.ts';
import type { Context } from '../../kernel/operation.ts';
import { epochMs } from '../../kernel/time.ts';
import { codeSite } from '../../rooms/code/ports.ts';
import { sameCommit } from '../../rooms/code/refs.ts';
import { codeRefRecord } from '../../rooms/tasks/record.ts';
import { nextAfter } from '../../rooms/work/log.ts';
import { scannedOperation } from '../../rooms/work/measured.ts';
import { bounded } from './bounded.ts';
import { changedFor } from './changes.ts';
import { groundOf } from './ground.ts';

/** Commits that the answer shows. */
const SHOWN = 20;

/**
 * Asks git what was changed for a task and writes it in the work log.
 * @throws LedgerError NOT_FOUND, NOT_HOLDER, REFUSED, NO_REPOSITORY, BUSY, TOO_LARGE
 */
export async function scan(
  context: Context,
  { task_id: id }: { task_id: string },
): Promise<{ [key: string]: unknown }> {
  const { view, signal } = context;
  const { root, task } = await groundOf(context, id, `ledgenter work scan ${id}`);
  const refs = (await view.all(codeRefRecord, id)).map(({ record }) => record);
  const linked = refs.filter(ref => ref.ref_type === 'commit' && ref.live && ref.sha).map(ref => ref.sha!);
  const { trailer } = await context.use(codeSite);
  const since = task.hold === undefined ? undefined : epochMs(task.hold.since);
  const found = await changedFor(root, { id, since, linked, trailer, signal });
  const { commits, head, uncommitted } = found;
  const { paths, more } = bounded(found.paths);
  const next = await nextAfter(context, id);
  const shown = {
    commits: commits.slice(0, SHOWN).map(({ sha, subject }) => ({ sha: sha.slice(0, 12), subject })),
    paths,
    ...(more > 0 ? { more_paths: more } : {}),
    ...(uncommitted > 0 ? { uncommitted } : {}),
  };
  if (paths.length === 0) return { ...shown, unchanged: true, hints: { next } };
  const write = await context.use(writePort);
  const answer = await write(scannedOperation, {
    task_id: id,
    text: `${counted(commits.length, 'commit')}, ${counted(paths.length + more, 'path')}, ${uncommitted} not committed`,
    paths,
    ...(more > 0 ? { more_paths: more } : {}),
    ...(head === undefined ? {} : { commit: head }),
  });
  const { log_id, redacted, landed, queued, parked } = answer;
  const loose = commits.find(({ sha }) => !linked.some(one => sameCommit(one, sha)));
  return {
    log_id,
    ...shown,
    ...(redacted === undefined ? {} : { redacted }),
    landed,
    ...(queued === undefined ? {} : { queued }),
    ...(parked === undefined ? {} : { parked }),
    hints: { next: loose ? `ledgenter task code-ref ${id} --ref-type commit --sha ${loose.sha}` : next },
  };
}

const counted = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;
