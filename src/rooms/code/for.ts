import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { mark } from '../../kernel/fields.ts';
import { type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { bearingOn } from '../decisions/bearing.ts';
import { type CodeSite, codeSite, type SiteCommit } from './ports.ts';
import { placeOf } from './refs.ts';
import { type Owner, ownersOf, ownersOfFile, SHORT } from './whose.ts';

/** Commits of a file that are looked at, the last ones first. */
const COMMITS = 20;
/** Lines that may be asked for at once. */
const MAX_LINES = 1_000;
/** Tasks that are shown. */
const TASKS = 20;

const place = () => mark(z.string().check(z.minLength(1), z.maxLength(1_024)), { verbatim: true });

const input = () =>
  z.strictObject({
    at: z.optional(place()),
    /** A file, whatever its name looks like. */
    file: z.optional(place()),
    lines: z.optional(
      mark(z.string().check(z.regex(/^\d{1,9}(-\d{1,9})?$/, { error: 'are no lines (12, 10-20)' })), {
        machine: true,
        form: 'lines: 12, 10-20',
      }),
    ),
  });
type Input = z.infer<ReturnType<typeof input>>;

/** What is asked about. */
type Target =
  | { kind: 'commit'; sha: string }
  | { kind: 'file'; path: string; there: boolean }
  | { kind: 'lines'; path: string; from: number; to: number };

export const taskFor = defineOperation({
  name: 'task.for',
  kind: 'read',
  summary: 'Why code is there: the tasks and rulings behind a commit, a file or lines of it (src/zone.ts:10-20)',
  input,
  positional: 'at',
  examples: [
    { cli: 'ledgenter task for HEAD~2', says: 'the tasks of a commit' },
    { cli: 'ledgenter task for src/zone.ts:12', says: 'who put that line there, and for what' },
    { cli: 'ledgenter task for --file odd:name --lines 10-20', says: 'a file whose name looks like something else' },
  ],
  exit: ({ tasks }) => ((tasks as unknown[]).length === 0 ? EXIT.no : EXIT.ok),
  async query(context, given) {
    const site = await context.use(codeSite);
    const target = await targetOf(site, given);
    const { commits, uncommitted, left } = await found(site, target);
    const { owners, unknown } = await ownersOf(context, commits, site.trailer);
    const all = target.kind === 'commit' ? owners : await withFiles(context, owners, target);
    const shown = all.slice(0, TASKS);
    const ruled = await bearingOn(context, shown, target.kind === 'commit' ? [] : [target.path]);
    const next = shown[0] ? `ledgenter task get ${shown[0].id}` : hintFor(commits, unknown);
    return {
      ...told(target),
      ...(uncommitted.length === 0 ? {} : { uncommitted }),
      tasks: shown.map(({ id, task, by, commits: through }) => ({
        id,
        title: task.title,
        status: task.status,
        who: task.hold?.actor ?? task.assignee,
        by,
        ...(through.length === 0 ? {} : { commits: through.slice(0, 3) }),
      })),
      commits: commits.slice(0, COMMITS).map(({ sha, at, author, subject }) => ({
        sha: sha.slice(0, SHORT),
        at,
        author,
        subject,
      })),
      ...(unknown.length === 0 ? {} : { unknown: unknown.slice(0, TASKS) }),
      ...ruled,
      ...(site.shallow ? { shallow: true } : {}),
      ...(left || all.length > shown.length || commits.length > COMMITS ? { truncated: true } : {}),
      hints: {
        next,
        ...(site.shallow ? { history: 'git fetch --unshallow' } : {}),
        ...(ruled.rulings ? { rulings: 'ledgenter decision get <decision_id>' } : {}),
      },
    };
  },
});

/** A name that is both counts as the file: `HEAD` and the like are no files, and a branch has a longer name too. */
async function targetOf(site: CodeSite, { at, file, lines }: Input): Promise<Target> {
  if ((at === undefined) === (file === undefined))
    refuse('BAD_INPUT', 'name a commit, or a file: one of them', { hint: 'ledgenter help task for' });
  if (file !== undefined) return fileTarget(site.file(file), lines);
  const whole = inside(site, at!);
  if ('path' in whole && whole.exists) return fileTarget(whole, lines);
  const named = lines === undefined ? placeOf(at!) : { path: at! };
  if (named.from !== undefined) {
    const part = inside(site, named.path);
    if ('path' in part && part.exists) return linesTarget(part.path, named.from, named.to!);
  }
  const sha = lines === undefined ? await site.commit(at!) : undefined;
  if (sha !== undefined) return { kind: 'commit', sha };
  if (lines !== undefined && (await site.commit(at!)) !== undefined)
    refuse('BAD_INPUT', `${at} is a commit, and lines are of a file`, {
      hint: `ledgenter task for --file '<path>' --lines ${lines}`,
    });
  if ('problem' in whole) throw whole.problem;
  if ((await site.history(whole.path, 1)).length > 0) return fileTarget(whole, lines);
  return refuse('NOT_FOUND', `${at} is no commit and no file here`, {
    hint: `ledgenter task for --file '<path>'`,
  });
}

function inside(site: CodeSite, text: string): { path: string; exists: boolean } | { problem: unknown } {
  try {
    return site.file(text);
  } catch (problem) {
    return { problem };
  }
}

function fileTarget({ path, exists }: { path: string; exists: boolean }, lines: string | undefined): Target {
  if (lines === undefined) return { kind: 'file', path, there: exists };
  const [from, to = from] = lines.split('-').map(Number) as [number, number?];
  return linesTarget(path, from, to);
}

/** A path as a shell takes it for one word. */
const quoted = (path: string): string => (/^[\w./@%+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

function linesTarget(path: string, from: number, to: number): Target {
  if (from < 1 || to < from)
    refuse('BAD_INPUT', `${from}-${to} are no lines: the first is 1`, { hint: `ledgenter task for ${quoted(path)}` });
  if (to - from >= MAX_LINES)
    refuse('TOO_LARGE', `at most ${MAX_LINES} lines at once`, {
      hint: `ledgenter task for --file ${quoted(path)} --lines ${from}-${from + MAX_LINES - 1}`,
    });
  return { kind: 'lines', path, from, to };
}

/** What git tells of it; `left`: of some commits it told nothing. */
async function found(
  site: CodeSite,
  target: Target,
): Promise<{ commits: SiteCommit[]; uncommitted: string[]; left: boolean }> {
  const whole = { uncommitted: [], left: false };
  if (target.kind === 'commit') return { commits: await site.commits([target.sha]), ...whole };
  if (target.kind === 'file') {
    const commits = await site.history(target.path, COMMITS);
    // No commit has it: it is new, all of it.
    return { commits, uncommitted: commits.length === 0 && target.there ? ['all'] : [], left: false };
  }
  const lines = await site.blame(target.path, target.from, target.to);
  const shas = new Set(lines.flatMap(({ sha }) => (sha === null ? [] : [sha])));
  const commits = await site.commits([...shas]);
  const uncommitted = spans(lines.filter(({ sha }) => sha === null).map(({ line }) => line));
  return { commits, uncommitted, left: commits.length < shas.size };
}

/** Line numbers in order → `10-12`, `15`. */
function spans(lines: readonly number[]): string[] {
  const out: [number, number][] = [];
  for (const line of lines) {
    const last = out.at(-1);
    if (last?.[1] === line - 1) last[1] = line;
    else out.push([line, line]);
  }
  return out.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`));
}

async function withFiles(
  context: Context,
  owners: readonly Owner[],
  target: Exclude<Target, { kind: 'commit' }>,
): Promise<Owner[]> {
  const lines = target.kind === 'lines' ? ([target.from, target.to] as const) : undefined;
  const known = new Set(owners.map(({ id }) => id));
  const more = await ownersOfFile(context, target.path, lines);
  return [...owners, ...more.filter(({ id }) => !known.has(id))];
}

function told(target: Target): { [key: string]: unknown } {
  if (target.kind === 'commit') return { commit: target.sha };
  if (target.kind === 'file') return { file: target.path };
  const { path, from, to } = target;
  return { file: path, lines: from === to ? String(from) : `${from}-${to}` };
}

/** Nothing is known: how it will be. */
function hintFor([commit]: readonly SiteCommit[], unknown: readonly string[]): string {
  if (unknown.length > 0) return 'ledgenter sync';
  const sha = commit?.sha.slice(0, SHORT);
  return sha === undefined
    ? 'ledgenter task query'
    : `ledgenter task code-ref <task_id> --ref-type commit --sha ${sha}`;
}
