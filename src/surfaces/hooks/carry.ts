import { readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { LedgerError } from '../../kernel/errors.ts';
import { withLock } from '../../store/git/lock.ts';
import { replaceBytes } from '../setup/bytes.ts';
import { writeHookConf } from './conf.ts';
import { type HooksGround, makeOwnFolder, pathsOf } from './ground.ts';
import { editConfig } from './include.ts';
import { dropManifest, writeManifest } from './manifest.ts';
import type { Plan } from './plan.ts';

/** A hook that is not executable is none for git. */
const HOOK_MODE = 0o755;
const FILE_MODE = 0o644;

/**
 * Does what was agreed to. What is known of it is written before anything is touched and forgotten after everything is
 * back, so that a crash between leaves nothing that cannot be undone; a hook that is moved is whole at every moment.
 * @param again looks once more at what there is to do
 * @throws LedgerError BUSY when something changed since it was shown; READ_ONLY_REPOSITORY
 */
export async function carryOut(ground: HooksGround, plan: Plan, again: () => Promise<Plan>): Promise<void> {
  const { own, lock, bin, hooks } = pathsOf(ground);
  makeOwnFolder(ground, own);
  await withLock(lock, async () => {
    if (!isDeepStrictEqual(dataOf(await again()), dataOf(plan)))
      throw new LedgerError('BUSY', 'the hooks were changed by somebody else meanwhile; nothing was written');
    if (plan.manifest) {
      writeManifest(ground, plan.manifest);
      await writeHookConf(ground);
    }
    for (const act of plan.acts) await carry(act, ground);
    // Their folder stays where another tool put something into it.
    rmFolder(bin);
    // git had no folder of hooks before us.
    if (plan.made) rmFolder(hooks);
    if (!plan.manifest) forget(ground);
  });
  if (plan.manifest) return;
  rmFolder(own);
  dropCache(dirname(own));
  rmFolder(dirname(own));
}

/** What commands keep of git's configuration is kept where our folder is, and goes with it where there is no ledger. */
function dropCache(folder: string): void {
  const only = (inside: string, name: string) => isDeepStrictEqual(namesIn(inside), [name]);
  if (!only(folder, 'cache') || !only(join(folder, 'cache'), 'git-config.json')) return;
  rmSync(join(folder, 'cache'), { recursive: true, force: true });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const dataOf = ({ acts, stays, manifest }: Plan): unknown =>
  JSON.parse(JSON.stringify({ acts, stays, manifest: manifest ?? null }));

async function carry(act: Plan['acts'][number], ground: HooksGround): Promise<void> {
  if (act.kind === 'config') return editConfig(act.file, act.change);
  const { include, bin } = pathsOf(ground);
  if (act.kind === 'write') {
    if (dirname(act.file) === bin) makeOwnFolder(ground, bin);
    return replaceBytes(act.file, act.was, act.bytes, act.file === include ? FILE_MODE : HOOK_MODE);
  }
  const file = act.kind === 'move' ? act.from : act.file;
  try {
    if (act.kind === 'move') renameSync(act.from, act.to);
    else rmSync(act.file, { force: true });
  } catch (error) {
    throw new LedgerError(
      'READ_ONLY_REPOSITORY',
      `${file} cannot be ${act.kind === 'move' ? 'moved' : 'removed'}: ${(error as Error).message}`,
    );
  }
}

/** Files of ours that nothing was put away for. */
function forget(ground: HooksGround): void {
  const { own, conf } = pathsOf(ground);
  for (const name of readdirSync(own))
    if (/^(stdin\.\d+|conf\..*\.tmp|linked|look-again|code-seen-.*|code-.*\.json(\..*\.tmp)?)$/.test(name))
      rmSync(join(own, name), { force: true, recursive: true });
  rmSync(conf, { force: true });
  dropManifest(ground);
}

function rmFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // something is in it, or it was never made
  }
}
