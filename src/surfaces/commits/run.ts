import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from '../../kernel/operation.ts';
import { trailersOf } from '../../rooms/code/trailers.ts';
import { close } from './closing.ts';
import { log } from './git.ts';
import { type Followings, named, taskNamed, trailerOf, write } from './link.ts';
import type { RunName } from './operation.ts';
import { carry } from './push.ts';
import { composed, follow, MAX_PAIRS, pairsOf } from './rewritten.ts';
import { type CommitSite, commitSite } from './site.ts';
import type { Told } from './told.ts';
import { watch } from './watch.ts';

/** What git called, with what it gave. */
export async function runHook(context: Context, hook: RunName, args: readonly string[]): Promise<Told> {
  const site = await context.use(commitSite);
  switch (hook) {
    case 'post-commit':
      return { said: await committed(site, context) };
    case 'post-rewrite':
      return { said: await rewritten(site, context) };
    case 'post-merge':
    case 'post-checkout':
      return { said: await watch(site, context) };
    case 'pre-push':
      return carry(site, context, args[0]);
    case 'commit-msg':
      return checked(site, context, args[0] ?? '');
    case 'pre-commit':
      return (await import('./reserved.ts')).reserved(site);
  }
}

/** Links the commit that was just made, and does what its `Closes:` asks for. */
async function committed(site: CommitSite, context: Context): Promise<string[]> {
  const commits = await log(site.cwd, ['--max-count=1', 'HEAD']);
  const { all, closes, unknown } = await named(site, context, commits);
  const { wrote, refused } = await write(site, all);
  const said = await close(site, context, closes, true);
  return [...wrote, ...refused, ...said, ...unknown.map(text => `no task begins with ${text}; ledgenter task query`)];
}

async function rewritten(site: CommitSite, context: Context): Promise<string[]> {
  const pairs = composed(pairsOf(await site.stdin(MAX_PAIRS)));
  const pending: Followings = new Map();
  await follow(site, context, pairs, pending);
  return watch(site, context, { pending, force: true });
}

/** Longest message of a commit that is looked at, in bytes. */
const MAX_MESSAGE = 1 << 20;

/** Strict mode: whatever the message names must be there. */
async function checked(site: CommitSite, context: Context, file: string): Promise<Told> {
  const text = readFileSync(resolve(site.cwd, file)).subarray(0, MAX_MESSAGE).toString('utf8');
  const { tasks, closes } = trailersOf(text, trailerOf(site));
  for (const name of new Set([...tasks, ...closes]))
    if ((await taskNamed(context.view, name)) === undefined)
      return { said: [`refused: no task begins with ${name} (ledgenter.strict); ledgenter task query`], refused: true };
  return { said: [] };
}
