import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { redactText } from '../../kernel/redact/text.ts';
import { safeText } from '../cli/terminal.ts';
import { firstLook } from '../commits/refresh.ts';
import { diffOf } from '../setup/diff.ts';
import { shortPath } from '../setup/setup.ts';
import { carryOut } from './carry.ts';
import { confOf, readConf, steady, writeHookConf } from './conf.ts';
import { type HooksConfig, readHooksConfig } from './config.ts';
import { type HooksGround, hooksPort, packageHooks, pathsOf } from './ground.ts';
import { asText } from './include.ts';
import { readManifest } from './manifest.ts';
import { type Plan, planInstall, planUninstall, wantedHooks } from './plan.ts';
import type { Way } from './stub.ts';

/** Characters of a diff in an answer. */
const DIFF_SHOWN = 12_000;

export interface HooksInput {
  dry_run?: boolean;
  yes?: boolean;
}

type Answer = { [key: string]: unknown };

/** How a person reads the two ways. */
export const WAYS: Readonly<Record<Way, string>> = {
  folder: 'the folder of hooks of this repository',
  path: 'core.hooksPath, before the folder that was in effect',
};

/** Shows what changes in the hooks of a repository, asks, and does it. */
export async function installHooks(context: Context, input: HooksInput): Promise<Answer> {
  const ground = await context.use(hooksPort);
  refuseUnfit(ground);
  const look = async (config?: HooksConfig) =>
    planInstall(ground, config ?? (await readHooksConfig(ground)), readManifest(ground));
  const config = await readHooksConfig(ground);
  const plan = await look(config);
  const conf = confOf(ground, config);
  const { way, hooks } = plan.manifest!;
  const about = { way: WAYS[way], hooks };
  const notes = [...conf.problems, ...notesOf(config)];
  const told = notes.length > 0 ? { notes } : {};
  const isFresh = readConf(ground) === conf.text && existsSync(pathsOf(ground).manifest);
  if (plan.acts.length === 0 && isFresh) {
    // Its time says up to when configuration is known.
    if (!input.dry_run) await writeHookConf(ground);
    return { ...about, ...rowsOf(plan, ground, ''), changed: false, ...told };
  }
  const agreed = await agree(ground, plan, input, 'install');
  if (agreed !== undefined) return { ...about, ...agreed, ...told };
  await carryOut(ground, plan, () => look());
  if (!ground.bare) await firstLook(context);
  return { ...about, ...rowsOf(plan, ground, ''), changed: true, ...told, hints: { next: 'ledgenter hooks status' } };
}

/** Shows how everything becomes as it was before, asks, and does it. */
export async function uninstallHooks(context: Context, input: HooksInput): Promise<Answer> {
  const ground = await context.use(hooksPort);
  const { plan, look } = removalOf(ground);
  if (!isInstalled(ground, plan)) return { ...rowsOf(plan, ground, ''), changed: false };
  const agreed = await agree(ground, plan, input, 'uninstall');
  if (agreed !== undefined) return agreed;
  await carryOut(ground, plan, look);
  return { ...rowsOf(plan, ground, ''), changed: true, hints: { next: 'ledgenter hooks install' } };
}

/** What an uninstall does here, for whoever leaves. */
export function removalOf(ground: HooksGround): { plan: Plan; look: () => Promise<Plan> } {
  const look = async () => planUninstall(ground, manifestOf(ground));
  return { plan: planUninstall(ground, manifestOf(ground)), look };
}

/** Everything can be undone without it too, but for the very bytes of a configuration that others changed since. */
function manifestOf(ground: HooksGround) {
  try {
    return readManifest(ground);
  } catch {
    return undefined;
  }
}

export function isInstalled(ground: HooksGround, plan: Plan): boolean {
  const { conf, manifest } = pathsOf(ground);
  return plan.acts.length > 0 || existsSync(conf) || existsSync(manifest);
}

/** The answer where nothing is to be written: a dry run, nobody to ask, or no. */
async function agree(ground: HooksGround, plan: Plan, input: HooksInput, verb: string): Promise<Answer | undefined> {
  const { machine } = ground;
  const diff = diffsOf(plan, ground);
  const shown =
    diff.length <= DIFF_SHOWN
      ? { diff: redactText(diff).text }
      : { diff: `${redactText(diff.slice(0, DIFF_SHOWN)).text}…`, truncated: true };
  if (input.dry_run) return { ...rowsOf(plan, ground, 'would be '), changed: false, ...shown };
  if (input.yes) return undefined;
  const no = { ...rowsOf(plan, ground, 'not '), changed: false, agreed: false };
  if (!machine.ask) {
    const hints = { next: `ledgenter hooks ${verb} --yes`, note: 'nothing was written: nobody could be asked' };
    return { ...no, ...shown, hints };
  }
  machine.say(`${safeText(diff)}\n`);
  const question = verb === 'install' ? 'Write this for the hooks of ledgenter?' : 'Take the hooks of ledgenter back?';
  return (await machine.ask(question, ['yes', 'no'])) === 'yes' ? undefined : no;
}

/** What becomes of each file, in words. */
export function rowsOf(
  { acts, stays }: Plan,
  { machine }: HooksGround,
  did: string,
): { files: object[]; stays?: string[] } {
  const files = acts.map(act => {
    if (act.kind === 'move') return { file: shortPath(act.from, machine), state: `${did}moved to ${basename(act.to)}` };
    if (act.kind === 'drop') return { file: shortPath(act.file, machine), state: `${did}removed` };
    return { file: shortPath(act.file, machine), state: `${did}${act.was === null ? 'made' : 'changed'}` };
  });
  const left = new Map(stays.map(({ file, why }) => [file, `${shortPath(file, machine)}: ${why}`]));
  return { files, ...(left.size > 0 ? { stays: [...left.values()] } : {}) };
}

/** One stub is shown whole: the others differ in the name. */
function diffsOf({ acts }: Plan, { machine }: HooksGround): string {
  const show = (file: string) => shortPath(file, machine);
  let isShown = false;
  const lines = acts.flatMap(act => {
    if (act.kind === 'move') return [`rename ${show(act.from)} => ${basename(act.to)}`];
    if (act.kind === 'drop') return [`remove ${show(act.file)}`];
    const [was, becomes] =
      act.kind === 'config'
        ? [asText(act.was), asText(act.becomes)]
        : [act.was?.toString('utf8'), act.bytes.toString('utf8')];
    const head = [`--- ${was === undefined ? 'nothing' : show(act.file)}`, `+++ ${show(act.file)}`];
    const isStub = act.kind === 'write' && act.was === null && becomes.startsWith('#!/bin/sh');
    if (isStub && isShown) return [...head, '(the same, for its own name)'];
    if (isStub) isShown = true;
    return [...head, ...diffOf(was, becomes)];
  });
  return lines.join('\n');
}

/** @throws LedgerError USAGE from npx; NOT_FOUND where this copy has no hooks */
function refuseUnfit(ground: HooksGround): void {
  steady(ground);
  const folder = packageHooks(ground.machine);
  const missing = wantedHooks(ground).find(hook => !statSync(join(folder, hook), { throwIfNoEntry: false })?.isFile());
  if (missing)
    throw new LedgerError('NOT_FOUND', `this copy of ledgenter has no ${join(folder, missing)}`, {
      hint: 'npm install -g ledgenter, then: ledgenter hooks install',
    });
}

function notesOf({ worktree }: HooksConfig): string[] {
  if (!worktree) return [];
  return [`this worktree has a core.hooksPath of its own (${worktree.value}): hooks of ledgenter do not run in it`];
}
