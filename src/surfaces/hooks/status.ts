import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SiteCheck } from '../../exchange/site.ts';
import type { Context } from '../../kernel/operation.ts';
import { shortPath } from '../setup/setup.ts';
import { confOf, readConf } from './conf.ts';
import { type HooksConfig, readHooksConfig } from './config.ts';
import { folderAt, type HooksGround, hooksPort, packageHooks, pathsOf } from './ground.ts';
import { WAYS } from './install.ts';
import { readManifest } from './manifest.ts';
import { ALL_HOOKS, isOwnHook, passedHooks } from './names.ts';
import { stubsIn, wantedHooks } from './plan.ts';
import { isRunByPreCommit, keptFiles, lookAt, type Slot, slotsOf } from './slots.ts';
import { stubText, type Way } from './stub.ts';

/** One hook, and how it stands. */
export interface HookRow {
  hook: string;
  state: 'installed' | 'displaced' | 'outdated' | 'missing' | 'without package';
  says: string;
}

/** How the hooks of a repository stand. */
export interface HooksState {
  installed: boolean;
  way?: Way;
  rows: HookRow[];
  /** What keeps a hook from running, or from knowing what it must. */
  faults: string[];
  notes: string[];
  /** The package whose hooks run. */
  packages: string[];
}

const MEND = 'ledgenter hooks install';

/** Exit code 0 when every hook runs, 1 when none was installed, 78 when something is in its way. */
export async function hooksStatus(context: Context): Promise<{ [key: string]: unknown }> {
  const ground = await context.use(hooksPort);
  const { installed, way, rows, faults, notes, packages } = await stateOf(ground);
  return {
    installed,
    ...(way ? { way: WAYS[way] } : {}),
    ...(packages.length > 0 ? { package: packages.map(folder => shortPath(folder, ground.machine)).join(', ') } : {}),
    hooks: rows,
    faults: faults.length,
    ...(faults.length > 0 ? { wrong: faults } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(installed && faults.length === 0 ? {} : { hints: { next: MEND } }),
  };
}

/** The same in one line, for `doctor`. */
export async function checkOf(ground: HooksGround): Promise<SiteCheck> {
  const { installed, way, rows, faults } = await stateOf(ground);
  if (!installed) return { state: 'note', says: 'git hooks are not installed: commits are linked by hand', mend: MEND };
  if (faults.length > 0) {
    const more = faults.length > 1 ? `; ${faults.length - 1} more: ledgenter hooks status` : '';
    return { state: 'fault', says: `${faults[0]}${more}`, mend: MEND };
  }
  return { state: 'good', says: `${rows.length} git hooks run, by ${WAYS[way!]}` };
}

/** Looks at every hook. @throws LedgerError NO_REPOSITORY */
export async function stateOf(ground: HooksGround): Promise<HooksState> {
  const { hooks: folder, bin, manifest } = pathsOf(ground);
  const config = await readHooksConfig(ground);
  const [inFolder, inPath] = [stubsIn(folder), stubsIn(bin)];
  const known = existsSync(manifest) ? readManifest(ground) : undefined;
  const way: Way | undefined = known?.way ?? (inPath.length > 0 ? 'path' : inFolder.length > 0 ? 'folder' : undefined);
  if (!way) return { installed: false, rows: [], faults: [], notes: [], packages: [] };
  const wanted = new Set([...wantedHooks(ground), ...(known?.hooks ?? []), ...inFolder, ...inPath]);
  const names = ALL_HOOKS.filter(hook => isOwnHook(hook) && wanted.has(hook));
  const looked = names.map(hook => rowOf(hook, way, ground, config));
  const rows = looked.map(({ row }) => row);
  const packages = [...new Set(looked.flatMap(({ hooks }) => hooks ?? []))];
  const faults = [
    ...effectFaults(way, config),
    ...rows.filter(({ state }) => state !== 'installed').map(wrong),
    ...(way === 'path' ? unpassed(names, ground, config) : []),
  ];
  const notes = packages
    .filter(hooks => hooks !== packageHooks(ground.machine) && existsSync(hooks))
    .map(hooks => `they run another copy of ledgenter than this one: ${shortPath(hooks, ground.machine)}`);
  const kept = names.flatMap(hook =>
    keptFiles(way === 'folder' ? folder : bin, hook).map(({ file }) => ({ file, hook })),
  );
  for (const { file, hook } of kept)
    notes.push(`${shortPath(file, ground.machine)} does not run: another ${hook} was put in its place`);
  const conf = confFaults(ground, config);
  return {
    installed: true,
    way,
    rows,
    faults: [...faults, ...conf.faults],
    notes: [...notes, ...conf.notes],
    packages,
  };
}

const wrong = ({ hook, state, says }: HookRow): string => `${hook} ${state}: ${says}`;

function rowOf(hook: string, way: Way, ground: HooksGround, config: HooksConfig): { row: HookRow; hooks?: string } {
  const { hooks: folder, bin, conf } = pathsOf(ground);
  const slots = slotsOf(way === 'folder' ? folder : bin, hook);
  const byPreCommit = isRunByPreCommit(hook, slots);
  const ours = byPreCommit ? slots.legacy : slots.at;
  const state = (name: HookRow['state'], says: string) => ({ row: { hook, state: name, says } });
  if (ours.kind === 'none') return state('missing', 'there is no such file any more');
  if (ours.kind === 'foreign') {
    const aside = [slots.legacy, slots.old].some(slot => slot.kind === 'stub');
    return state(
      'displaced',
      `${ours.tool ?? 'another hook'} ${aside ? 'put ours aside' : 'stands in the place of ours'}`,
    );
  }
  const { hooks = '', own } = ours.stub!;
  const found = { hooks };
  if (!existsSync(join(hooks, hook)))
    return { ...state('without package', `${shortPath(hooks, ground.machine)} has no such hook`), ...found };
  if (own !== stubText({ hook, way, hooks, conf }))
    return { ...state('outdated', 'another version, or another place of this repository'), ...found };
  if (ours.executable === false) return { ...state('displaced', 'it is not executable'), ...found };
  // Inside of pre-commit its older copy is not run.
  const next: Slot = byPreCommit && slots.next.tool === 'pre-commit' ? { ...slots.next, kind: 'none' } : slots.next;
  const first = firstOf(hook, way, next, ground, config);
  const how = byPreCommit ? 'run by pre-commit' : '';
  return { ...state('installed', [how, first].filter(text => text !== '').join('; ')), ...found };
}

/** Who goes first. */
function firstOf(hook: string, way: Way, next: Slot, ground: HooksGround, config: HooksConfig): string {
  const { hooks } = pathsOf(ground);
  const chained = way === 'path' ? [lookAt(join(folderAt(ground, config.outside?.folder ?? hooks), hook))] : [];
  const found = [next, ...chained].filter(({ kind }) => kind !== 'none');
  return found
    .map(({ file, tool, executable }) =>
      executable
        ? `after ${tool ? `that of ${tool}` : shortPath(file, ground.machine)}`
        : `${shortPath(file, ground.machine)} is not executable and does not run, as before`,
    )
    .join('; ');
}

/** Hooks of the folder that was in effect, which came there since and which git would run without us. */
function unpassed(own: readonly string[], ground: HooksGround, config: HooksConfig): string[] {
  const { hooks, bin } = pathsOf(ground);
  const outside = folderAt(ground, config.outside?.folder ?? hooks);
  const isThere = (hook: string) => lookAt(join(outside, hook)).executable === true;
  return passedHooks(own, isThere)
    .filter(hook => isThere(hook) && lookAt(join(bin, hook)).kind === 'none')
    .map(hook => `${hook} of ${shortPath(outside, ground.machine)} is not passed on`);
}

/** Whether git looks where ours are. */
function effectFaults(way: Way, config: HooksConfig): string[] {
  const { worktree, outside, ours } = config;
  if (worktree)
    return [
      `this worktree has a core.hooksPath of its own (${worktree.value}): git config --worktree --unset core.hooksPath`,
    ];
  if (way === 'folder' && outside)
    return [`core.hooksPath is ${outside.value} (${outside.scope}): git does not look where our hooks are`];
  if (way === 'path' && !ours) return ['core.hooksPath does not name our folder any more'];
  return [];
}

function confFaults(ground: HooksGround, config: HooksConfig): { faults: string[]; notes: string[] } {
  const text = readConf(ground);
  if (text === undefined) return { faults: ['what the hooks read was removed'], notes: [] };
  const lineOf = (key: string) =>
    text
      .split('\n')
      .find(line => line.startsWith(`${key} `))
      ?.slice(key.length + 1);
  const gone = ['node', 'launcher'].filter(key => !statSync(lineOf(key) ?? '', { throwIfNoEntry: false })?.isFile());
  const faults = gone.map(key => `the ${key} that the hooks start is gone: ${lineOf(key) ?? 'none is named'}`);
  const { problems } = confOf(ground, config);
  return { faults, notes: problems };
}
