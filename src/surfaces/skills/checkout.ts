import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { runGit } from '../../store/git/index.ts';
import { replaceFile } from './disk.ts';

/** Slugs (lower case) below `folder` that the checkout tracks itself; `all` when something tracked stands in for the folder. */
export async function trackedSlugs(topLevel: string, folder: readonly string[]): Promise<Set<string> | 'all'> {
  const run = await runGit(['ls-files', '-z', '--', `:(icase,top)${folder[0]}`], { cwd: topLevel, timeoutMs: 30_000 });
  if (run.code !== 0) throw new LedgerError('NO_REPOSITORY', `git ls-files: ${run.stderr.trim()}`);
  const prefix = `${folder.join('/')}/`;
  const slugs = new Set<string>();
  for (const path of run.stdout.toString('utf8').toLowerCase().split('\0')) {
    if (path !== '' && prefix.startsWith(`${path}/`)) return 'all';
    if (path.startsWith(prefix)) slugs.add(path.slice(prefix.length).split('/')[0]!);
  }
  return slugs;
}

/** @throws LedgerError REFUSED when `folder` leads out of the checkout by a link, where a repository could have put it */
export function insideCheckout(topLevel: string, folder: string): void {
  let there = folder;
  for (;;) {
    try {
      const away = relative(realpathSync(topLevel), realpathSync(there));
      if (away !== '..' && !away.startsWith(`..${sep}`) && !/^[a-z]:/i.test(away)) return;
      throw new LedgerError('REFUSED', `${relative(topLevel, folder)} leads out of this checkout`, {
        hint: 'ledgenter skill sync',
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      there = dirname(there);
    }
  }
}

/** The line that hides the folder of a skill from git in every worktree. */
export function excludeLine(folder: readonly string[], slug: string): string {
  return `/${folder.join('/')}/${slug}/`;
}

/** The file behind a link: who keeps it elsewhere keeps the link. */
function excludeFile(commonDir: string): string {
  const file = join(commonDir, 'info', 'exclude');
  return existsSync(file) ? realpathSync(file) : file;
}

function readExclude(commonDir: string): string {
  try {
    return readFileSync(excludeFile(commonDir), 'utf8');
  } catch {
    return '';
  }
}

/** Adds the lines that are not there yet; says which it added. */
export async function exclude(commonDir: string, lines: readonly string[]): Promise<Set<string>> {
  const text = readExclude(commonDir);
  const there = new Set(text.split(/\r?\n/));
  const added = [...new Set(lines)].filter(line => !there.has(line));
  if (added.length > 0) {
    const open = text === '' || text.endsWith('\n') ? '' : '\n';
    await replaceFile(excludeFile(commonDir), `${text}${open}${added.join('\n')}\n`);
  }
  return new Set(added);
}

/** Takes lines away that {@link exclude} added. */
export async function include(commonDir: string, lines: ReadonlySet<string>): Promise<void> {
  const text = readExclude(commonDir);
  const kept = text.split('\n').filter(line => !lines.has(line.replace(/\r$/, '')));
  if (kept.join('\n') !== text) await replaceFile(excludeFile(commonDir), kept.join('\n'));
}
