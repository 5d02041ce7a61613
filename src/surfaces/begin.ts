import { leftOpen } from '../exchange/begin.ts';
import type { Clone } from '../exchange/clone.ts';
import type { Begin, RepoContext } from '../kernel/entry.ts';
import type { Context, Who } from '../kernel/operation.ts';
import { redactText } from '../kernel/redact/text.ts';
import { beginSchema, repoSchema } from '../rooms/runs/begin.ts';
import { runGit } from '../store/git/index.ts';

/** Longest that git may look at the checkout, and most that it may say, in ms and bytes: a large one must not hold a note up. */
const LOOK_MS = 2_000;
const LOOK_BYTES = 16_384;

/**
 * What the first entry of a run says of it. One git process, and never a reason for a write to fail: what cannot be
 * told, or has not the form that an entry may carry, is left out.
 */
export async function describeRun(
  context: Context,
  cwd: string,
  exchange: () => Promise<Clone>,
): Promise<Begin | undefined> {
  const { who } = context;
  const [repo, closes] = await Promise.all([
    repoContext(who, cwd).catch(() => undefined),
    leftOpen(context, exchange).catch(() => []),
  ]);
  const begin: Begin = {
    kind: who.run.length > 1 ? 'subagent' : who.mode === 'loop' ? 'loop_tick' : 'session',
    ...(who.series === undefined ? {} : { series: who.series }),
    ...(who.host === undefined ? {} : { host: who.host }),
    ...(repo ? { repo } : {}),
    ...(closes.length > 0 ? { closes } : {}),
  };
  return beginSchema().safeParse(begin).success ? begin : undefined;
}

/** Where the code stands. Nothing of it passes the redactor later, so what looks like a secret stays out. */
async function repoContext({ checkout }: Who, cwd: string): Promise<RepoContext | undefined> {
  if (!checkout) return undefined;
  const whole: RepoContext = { ...checkout, ...(await headOf(cwd)) };
  const kept = Object.entries(whole).filter(
    ([name, value]) =>
      (typeof value !== 'string' || redactText(value).count === 0) &&
      repoSchema().safeParse({ fingerprint: whole.fingerprint, [name]: value }).success,
  );
  const repo = Object.fromEntries(kept) as Partial<RepoContext>;
  return repo.fingerprint === undefined ? undefined : (repo as RepoContext);
}

/** Branch, commit and whether tracked files were changed. */
async function headOf(cwd: string): Promise<Partial<RepoContext>> {
  const args = [
    'status',
    '--porcelain=v2',
    '--branch',
    '--untracked-files=no',
    '--ignore-submodules=all',
    '--no-renames',
  ];
  const run = await runGit(args, { cwd, timeoutMs: LOOK_MS, maxOutput: LOOK_BYTES });
  if (run.code !== 0 && run.killed !== 'output') return {};
  const lines = run.stdout.toString('utf8').split('\n');
  const told = (name: string): string | undefined =>
    lines.find(line => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length);
  const head = told('oid');
  const branch = told('head');
  return {
    ...(head === undefined || head === '(initial)' ? {} : { head }),
    ...(branch === undefined || branch === '(detached)' ? {} : { branch }),
    dirty: run.killed === 'output' || lines.some(line => /^[12u] /.test(line)),
  };
}
