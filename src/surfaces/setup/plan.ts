import { realpathSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { runGit } from '../../store/git/index.ts';
import { type Bytes, fileBehind, hashOf, isReadOnly, missingFolders, readBytes, sameBytes } from './bytes.ts';
import { beforeOf, type Manifest, type Row } from './manifest.ts';
import { applyPart, hasPart, type Part, withdrawPart } from './part.ts';

/** What is to become of one file. */
export interface Change {
  part: Part;
  file: string;
  now: Bytes;
  after: Bytes;
  /** What the manifest says of it afterwards; undefined: nothing any more. */
  row?: Row;
  /** Folders to remove where they are empty afterwards. */
  folders: readonly string[];
  /** Why it stays as it is although it is not as setup would have it. */
  kept?: string;
  /** The line that hides it from git. */
  excluded?: string;
}

export const isPending = ({ now, after }: Change): boolean => !sameBytes(now, after);

/** Where it is written: the checkout hides what is not to be committed. */
export interface Ground {
  manifest: Manifest;
  /** Root of the checkout that nothing of ours may leave. */
  topLevel?: string;
  committed: boolean;
}

/** What has to change for every part to be there. @throws LedgerError BAD_INPUT, REFUSED, READ_ONLY_REPOSITORY */
export async function planSetup(parts: readonly Part[], ground: Ground): Promise<Change[]> {
  const changes: Change[] = [];
  for (const part of parts) changes.push(await planOne(part, ground));
  await refuseTracked(changes, ground);
  return guarded(changes);
}

async function planOne(part: Part, ground: Ground): Promise<Change> {
  const inside = insideOf(part, ground);
  const file = fileBehind(part.path, inside);
  const now = readBytes(file);
  const known = ground.manifest.files.get(file);
  const asWritten = known !== undefined && now !== null && hashOf(now) === known.after;
  const base = { part, file, now, folders: [], ...(known ? { row: known } : {}) };
  if (part.kind === 'whole' && now !== null && !asWritten && now.toString('utf8') !== part.text)
    return { ...base, after: now, kept: known ? 'you changed it' : 'it is not from setup' };
  const after = await applyPart(part, file, now);
  if (sameBytes(now, after)) return { ...base, after };
  const excluded = inside !== undefined && !ground.committed ? excludeLine(inside, file) : undefined;
  const before = !known || now === null ? now : asWritten ? beforeOf(known) : await withoutOurs(part, file, now, known);
  const row: Row = {
    what: part.what,
    before: before?.toString('base64') ?? null,
    after: hashOf(after),
    made: known?.made.length ? known.made : missingFolders(file),
    ...(known?.excluded === undefined ? {} : { excluded: known.excluded }),
  };
  return { ...base, after, row, ...(excluded === undefined ? {} : { excluded }) };
}

/** What has to change for nothing of ours to be there, each file as it was before where nobody else changed it. */
export async function planRemoval(parts: readonly Part[], ground: Ground): Promise<Change[]> {
  const changes: Change[] = [];
  const seen = new Set<string>();
  for (const part of parts) {
    const file = fileBehind(part.path, insideOf(part, ground));
    seen.add(file);
    changes.push(await removeOne(part, file, ground.manifest.files.get(file)));
  }
  for (const [file, row] of ground.manifest.files) {
    if (seen.has(file)) continue;
    // Another version wrote it, or settings moved: what it wrote is known by what it was for.
    const like = parts.find(part => part.what === row.what);
    if (like) changes.push(await removeOne({ ...like, path: file }, file, row));
    else
      changes.push({ part: parts[0]!, file, now: null, after: null, folders: [], kept: 'nothing is known of it', row });
  }
  return guarded(changes);
}

async function removeOne(part: Part, file: string, row: Row | undefined): Promise<Change> {
  const now = readBytes(file);
  const base = { part, file, now, folders: row?.made ?? [], ...(row?.excluded ? { excluded: row.excluded } : {}) };
  if (now === null) return { ...base, after: null };
  if (row && hashOf(now) === row.after) return { ...base, after: beforeOf(row) };
  if (part.kind === 'whole') {
    if (now.toString('utf8') === part.text) return { ...base, after: row ? beforeOf(row) : null };
    return { ...base, after: now, folders: [], ...(row ? { kept: 'you changed it: delete it yourself' } : {}) };
  }
  const after = await withoutOurs(part, file, now, row);
  return { ...base, after, folders: after === null ? base.folders : [] };
}

/** The file as it would be had nobody written ours; nothing, or as empty as it was, where nothing else is in it. */
async function withoutOurs(part: Part, file: string, now: Buffer, row: Row | undefined): Promise<Bytes> {
  if (!(await hasPart(part, file, now))) return now;
  const before = beforeOf(row);
  const after = await withdrawPart(part, file, now, before);
  const isEmpty = (bytes: Bytes) => /^\uFEFF?\s*(\{\s*\})?\s*$/.test(bytes?.toString('utf8') ?? '');
  return row && isEmpty(after) && isEmpty(before) ? before : after;
}

function insideOf(part: Part, { topLevel }: Ground): string | undefined {
  if (topLevel === undefined) return undefined;
  const away = relative(topLevel, part.path);
  return away.startsWith('..') || away === part.path ? undefined : topLevel;
}

/** The path as a pattern that means it alone. */
export const excludeLine = (topLevel: string, file: string): string =>
  `/${slashed(relative(realpathSync(topLevel), file)).replace(/[\\*?[\]]/g, '\\$&')}`;
const slashed = (path: string): string => path.split(sep).join('/');

/** A file that everybody gets with the next commit is no place for a path of this machine. */
async function refuseTracked(changes: readonly Change[], { topLevel, committed, manifest }: Ground): Promise<void> {
  if (topLevel === undefined || committed) return;
  const inside = changes.filter(
    change => isPending(change) && insideOf(change.part, { topLevel, committed, manifest }),
  );
  if (inside.length === 0) return;
  // As it is named, and where a folder that is a link leads.
  const paths = inside.flatMap(({ part, file }) => [part.path, file]);
  const names = [topLevel, realpathSync(topLevel)]
    .flatMap(root => paths.map(path => slashed(relative(root, path))))
    .filter(name => !name.startsWith('..') && !isAbsolute(name));
  const literal = [...new Set(names)].map(name => `:(top,literal)${name}`);
  const run = await runGit(['ls-files', '-z', '--', ...literal], { cwd: topLevel, timeoutMs: 30_000 });
  if (run.code !== 0) throw new LedgerError('NO_REPOSITORY', `git ls-files: ${run.stderr.trim()}`);
  const [tracked] = run.stdout.toString('utf8').split('\0');
  if (tracked)
    throw new LedgerError('REFUSED', `this checkout tracks ${tracked}: a path of this machine would be committed`, {
      hint: `ledgenter setup ${manifest.host}`,
    });
}

/** @throws LedgerError READ_ONLY_REPOSITORY when a file that is to change was made read-only */
function guarded(changes: Change[]): Change[] {
  for (const change of changes)
    if (isPending(change) && isReadOnly(change.file))
      throw new LedgerError('READ_ONLY_REPOSITORY', `${change.file} is read-only; nothing was written`, {
        hint: 'make it writable, then run the same command again',
      });
  return changes;
}
