import { LedgerError } from '../../kernel/errors.ts';
import { failureText, lastLine, runGit } from '../../store/git/index.ts';

/** Longest that making a tag may take, in ms: signing asks nobody, but an agent of keys may be slow. */
const BOUND_MS = 30_000;
/** Bytes of a tag object that are looked at. */
const MOST = 256 * 1024;

export interface GitTag {
  /** The tag object. */
  oid: string;
  /** It was there already, made by an earlier try at the same release. */
  was: boolean;
}

const refOf = (name: string): string => `refs/tags/${name}`;
const lineOf = (version: string): string => `Ledgenter-Release: ${version}`;

const git = (cwd: string, args: readonly string[], input?: string) =>
  runGit(args, { cwd, timeoutMs: BOUND_MS, maxOutput: MOST, ...(input === undefined ? {} : { input }) });

/**
 * An annotated tag of a release, signed where git is configured so. One that an interrupted try left is taken as it is.
 * @param name a key: lower case, nothing that git takes for an option
 * @throws LedgerError REFUSED when another tag has the name, or git makes none
 */
export async function makeTag(cwd: string, name: string, commit: string, note: string | undefined): Promise<GitTag> {
  const there = await tagAt(cwd, name);
  if (there !== undefined) {
    if (await isOurs(cwd, there, name, commit)) return { oid: there, was: true };
    throw new LedgerError('REFUSED', `there is a git tag ${name} already`, { hint: `git show ${name}` });
  }
  const words = [name, ...(note === undefined ? [] : [note]), lineOf(name)].join('\n\n');
  const made = await git(
    cwd,
    ['tag', '--annotate', '--cleanup=verbatim', '--file=-', '--', name, commit],
    `${words}\n`,
  );
  const oid = made.code === 0 ? await tagAt(cwd, name) : undefined;
  if (oid !== undefined) return { oid, was: false };
  throw new LedgerError(
    'REFUSED',
    `git made no tag ${name}, and nothing was released: ${lastLine(failureText(made))}`,
    {
      hint: `git tag --annotate --message ${name} ${name} ${commit}`,
    },
  );
}

/** Takes a tag away that was just made, if it is still that one. */
export async function dropTag(cwd: string, name: string, oid: string): Promise<void> {
  await git(cwd, ['update-ref', '--no-deref', '-d', refOf(name), oid]);
}

async function tagAt(cwd: string, name: string): Promise<string | undefined> {
  const found = await git(cwd, ['rev-parse', '--verify', '--quiet', '--end-of-options', refOf(name)]);
  const oid = found.stdout.toString('utf8').trim();
  return found.code === 0 && oid !== '' ? oid : undefined;
}

async function isOurs(cwd: string, oid: string, name: string, commit: string): Promise<boolean> {
  const read = await git(cwd, ['cat-file', 'tag', oid]);
  const text = read.code === 0 ? read.stdout.toString('utf8') : '';
  return text.startsWith(`object ${commit}\n`) && text.split('\n').includes(lineOf(name));
}
