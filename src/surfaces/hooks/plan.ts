import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBytes, sameBytes } from '../setup/bytes.ts';
import type { HooksConfig } from './config.ts';
import { folderAt, type HooksGround, packageHooks, pathsOf } from './ground.ts';
import { asBytes, asText, includedText, isIncluded, withoutSections, withSections } from './include.ts';
import type { Manifest } from './manifest.ts';
import { ALL_HOOKS, CLIENT_HOOKS, GATE, isOwnHook, passedHooks } from './names.ts';
import { type Act, lookAt, planStub, planUndo } from './slots.ts';
import { NEXT, passText, stubText, type Way } from './stub.ts';

/** A change of git's own configuration, which git may change too meanwhile. */
export interface ConfigAct {
  kind: 'config';
  file: string;
  was: string;
  becomes: string;
  change(text: string): string;
}

/** What has to happen, in this order. */
export interface Plan {
  acts: (Act | ConfigAct)[];
  /** What is not as it was before, and why. */
  stays: { file: string; why: string }[];
  /** What is known of it afterwards; undefined: nothing is ours any more. */
  manifest?: Manifest;
  /** The folder of hooks was made by us, and goes where it is empty afterwards. */
  made?: boolean;
}

/** Hooks of ours that this place is for. */
export const wantedHooks = ({ bare }: Pick<HooksGround, 'bare'>): string[] => (bare ? [GATE] : [...CLIENT_HOOKS]);

/** Hooks of ours that have a stub in a folder, under whatever name others gave it; not those that are only passed on. */
export function stubsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return ALL_HOOKS.filter(
    hook => isOwnHook(hook) && ['', '.legacy', '.old'].some(suffix => isOwnStub(join(folder, `${hook}${suffix}`))),
  );
}

const isOwnStub = (file: string): boolean =>
  lstatSync(file, { throwIfNoEntry: false })?.isFile() === true && lookAt(file).stub?.hooks !== undefined;

/** The way that fits what is there: git's own folder, unless it looks elsewhere, or the folder is a link to somebody else's. */
export function wayFor(ground: HooksGround, config: HooksConfig): Way {
  const isLink = lstatSync(pathsOf(ground).hooks, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return config.outside || isLink ? 'path' : 'folder';
}

/** What has to happen for our hooks to run here. @throws LedgerError REFUSED, BAD_INPUT */
export function planInstall(ground: HooksGround, config: HooksConfig, known: Manifest | undefined): Plan {
  const { hooks: folder, bin, conf } = pathsOf(ground);
  const way = wayFor(ground, config);
  const there = [...stubsIn(folder), ...stubsIn(bin), ...(known?.hooks ?? [])];
  const hooks = ALL_HOOKS.filter(
    hook => isOwnHook(hook) && (wantedHooks(ground).includes(hook) || there.includes(hook)),
  );
  const text = (hook: string) => stubText({ hook, way, hooks: packageHooks(ground.machine), conf });
  const other = way === 'folder' ? undoPath(ground, known) : undoFolder(ground);
  const made = known?.made === true || (way === 'folder' && !existsSync(folder));
  const base: Manifest = { way, hooks, ...(made ? { made } : {}) };
  if (way === 'folder') {
    const acts = hooks.flatMap(hook => planStub(folder, hook, text(hook)));
    return { acts: [...other.acts, ...acts], stays: other.stays, manifest: base };
  }
  const outside = folderAt(ground, config.outside?.folder ?? folder);
  const passed = passedHooks(hooks, hook => existsSync(join(outside, hook)));
  const gone = ALL_HOOKS.filter(hook => ![...hooks, ...passed].includes(hook));
  const entry = includeAct(ground, config, known);
  const added = entry?.added ?? known?.added;
  return {
    acts: [
      ...other.acts,
      ...hooks.flatMap(hook => planStub(bin, hook, text(hook))),
      ...passed.flatMap(hook => planStub(bin, hook, passText(hook))),
      ...gone.flatMap(hook => planUndo(bin, hook).acts),
      ...writeAct(pathsOf(ground).include, Buffer.from(includedText(bin))),
      // Last: from here on git looks there.
      ...(entry ? [entry.act] : []),
    ],
    stays: other.stays,
    manifest: { ...base, ...(added === undefined ? {} : { added }) },
  };
}

/** What has to happen for everything to be as it was before. */
export function planUninstall(ground: HooksGround, known: Manifest | undefined): Plan {
  const [path, folder] = [undoPath(ground, known), undoFolder(ground)];
  const made = known?.made === true ? { made: true } : {};
  return { acts: [...path.acts, ...folder.acts], stays: [...path.stays, ...folder.stays], ...made };
}

type Undo = Pick<Plan, 'acts' | 'stays'>;

function undoFolder(ground: HooksGround): Undo {
  const { hooks } = pathsOf(ground);
  const undone = ALL_HOOKS.map(hook => planUndo(hooks, hook));
  return { acts: undone.flatMap(({ acts }) => acts), stays: undone.flatMap(({ stays }) => stays) };
}

function undoPath(ground: HooksGround, known: Manifest | undefined): Undo {
  const { bin, include, config } = pathsOf(ground);
  const acts: Plan['acts'] = [];
  const stays: Plan['stays'] = [];
  // First: from here on git looks where it looked before.
  const was = readConfig(config);
  const change = (text: string) => withoutSections(text, known?.added === undefined ? undefined : asBytes(known.added));
  if (isIncluded(was)) acts.push({ kind: 'config', file: config, was, becomes: change(was), change });
  for (const hook of ALL_HOOKS) {
    const undone = planUndo(bin, hook);
    acts.push(...undone.acts);
    stays.push(...undone.stays, ...strangers(bin, hook));
  }
  if (existsSync(include)) acts.push({ kind: 'drop', file: include });
  return { acts, stays };
}

/** What another tool put into our folder has no other place that we know of. */
function strangers(bin: string, hook: string): Plan['stays'] {
  const found = [hook, `${hook}${NEXT}`].map(name => lookAt(join(bin, name))).filter(({ kind }) => kind === 'foreign');
  return found.map(({ file, tool = 'whoever made it' }) => ({
    file,
    why: `${tool} put it into our folder, where git no longer looks: install it again`,
  }));
}

function includeAct(ground: HooksGround, config: HooksConfig, known: Manifest | undefined) {
  const { config: file } = pathsOf(ground);
  const was = readConfig(file);
  if (config.ours && isIncluded(was)) return undefined;
  const old = known?.added === undefined ? undefined : asBytes(known.added);
  const change = (text: string) => withSections(withoutSections(text, old), ground.commonDir);
  const { text: becomes, added } = change(was);
  const act: ConfigAct = { kind: 'config', file, was, becomes, change: text => change(text).text };
  return { act, added: asText(added) };
}

const readConfig = (file: string): string => (existsSync(file) ? readFileSync(file, 'latin1') : '');

function writeAct(file: string, bytes: Buffer): Act[] {
  const was = readBytes(file);
  return sameBytes(was, bytes) ? [] : [{ kind: 'write', file, was, bytes }];
}
