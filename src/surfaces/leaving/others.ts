import { runGit } from '../../store/git/index.ts';
import type { RepoMapFile } from '../repos/map.ts';
import type { Machine } from '../setup/machine.ts';
import { allManifests } from '../setup/manifest.ts';
import { shares } from '../setup/siblings.ts';

/** Checkouts that are looked at; more do not change the answer. */
const MOST = 50;

/**
 * Other repositories of this machine whose checkouts use a ledger: what was set up for the user serves them too. Known are
 * those on the map, and those in which a host was set up.
 */
export async function otherUsers(map: RepoMapFile, machine: Machine, commonDir: string): Promise<string[]> {
  const setUp = allManifests(machine.home).flatMap(({ here }) => here ?? []);
  const folders = [...new Set([...map.live().values(), ...setUp])].slice(0, MOST);
  const found: string[] = [];
  for (const folder of folders)
    if (folder !== machine.checkout?.topLevel && !(await shares(folder, commonDir)) && (await hasLedger(folder)))
      found.push(folder);
  return found;
}

async function hasLedger(cwd: string): Promise<boolean> {
  const asked = [
    ['for-each-ref', '--count=1', '--format=%(refname)', 'refs/ledgenter/', 'refs/heads/ledgenter/'],
    ['config', '--local', '--get', 'ledgenter.home'],
  ];
  const runs = await Promise.all(asked.map(args => runGit(args, { cwd, timeoutMs: 10_000 }).catch(() => undefined)));
  return runs.some(run => run?.code === 0 && run.stdout.length > 0);
}
