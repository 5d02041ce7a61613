import { join, relative, sep } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { requiresSignatures } from '../../rooms/actors/standing.ts';
import { ledgerRecord } from '../../rooms/ledger/record.ts';
import { isSlug } from '../../rooms/skills/fields.ts';
import { type Skill, skillRecord } from '../../rooms/skills/record.ts';
import { safeLine, safeText } from '../cli/terminal.ts';
import { apply, type Ground } from './apply.ts';
import { excludeLine, insideCheckout, trackedSlugs } from './checkout.ts';
import { manifestPath, readManifest } from './manifest.ts';
import { HOST_NAMES, hostNamed, userFolder, usualHosts } from './places.ts';
import { type Item, type Owner, ownedBy, type PlanParts, plan } from './plan.ts';
import type { SkillSite } from './site.ts';
import { diffLines } from './text.ts';

export interface SyncInput {
  skill?: string[] | undefined;
  host?: string[] | undefined;
  here?: boolean | undefined;
  status?: boolean | undefined;
  dry_run?: boolean | undefined;
  yes?: boolean | undefined;
  replace?: string[] | undefined;
}

/** Characters of the difference in an answer; a person who is asked sees all of it. */
const DIFF_SHOWN = 16_000;
/** Where the ledger does not ask for signatures: some may be proven, and nobody checks which here. */
const UNPROVEN = 'names are unproven: entries need no signature';

/** Brings the skills of the ledger to where hosts read them: shows what would change, asks, writes. */
export async function syncSkills(
  { view, who }: Pick<Context, 'view' | 'who'>,
  input: SyncInput,
  site: SkillSite,
): Promise<{ [key: string]: unknown }> {
  const skills = await skillsOf(view, [...(input.skill ?? []), ...(input.replace ?? [])]);
  const owner = await ownerOf(view, site);
  const { parts, ground } = await where(input, site, owner, who.host, skills);
  const items = plan(parts);
  refuseTracked(items, input);
  const show = (file: string): string => shortPath(file, site, input.here === true);
  const pending = items.filter(item => item.act === 'write' || item.act === 'remove');
  const rows = (did: ReadonlyMap<Item, string>) => items.map(item => rowOf(item, did, show));
  if (input.status) return answer(rows(new Map()), items, pending.length);
  const doubt = (await requiresSignatures(view)) ? '' : UNPROVEN;
  const diff = pending.map(item => diffOf(item, show, doubt)).join('\n');
  if (input.dry_run) return { ...answer(rows(new Map()), items, pending.length), dry_run: true, ...cutDiff(diff) };
  const agreed = await agree(items, pending, { diff, doubt }, input, site);
  if (agreed === 'nobody')
    return {
      ...answer(rows(new Map()), items, pending.length),
      ...cutDiff(diff),
      written: 0,
      hints: { next: command(input, '--yes'), note: 'nothing was written: nobody could be asked' },
    };
  const doing = agreed === 'no' ? [] : items.filter(item => agreed(item));
  const did = await apply(doing, owner, ground);
  for (const item of pending) if (!did.has(item)) did.set(item, held(item, agreed === 'no'));
  const left = pending.filter(item => !/^(written|removed)/.test(did.get(item)!)).length;
  return { ...answer(rows(did), items, left), written: pending.length - left };
}

const held = (item: Item, refused: boolean): string =>
  refused ? 'not written' : `not written: a host would run commands in it; name it: --skill ${item.skill}`;

/** Nobody to ask and no --yes; a no; or which items are agreed to. A blanket yes does not cover text that a host runs. */
async function agree(
  items: readonly Item[],
  pending: readonly Item[],
  { diff, doubt }: { diff: string; doubt: string },
  input: SyncInput,
  site: SkillSite,
): Promise<'nobody' | 'no' | ((item: Item) => boolean)> {
  if (pending.length === 0) return () => true;
  if (input.yes) return item => !item.runs || item.act !== 'write' || input.skill?.includes(item.skill) === true;
  if (!site.ask) return 'nobody';
  site.say(`${safeText(diff)}\n`);
  for (const { skill, host, state, skip } of items)
    if (skip) site.say(`${safeLine(`${skill} (${host}) is left alone: ${state}, ${skip}`)}\n`);
  const writes = pending.filter(item => item.act === 'write').length;
  const question = `Write ${writes} and remove ${pending.length - writes} of these files?${doubt && ` ${doubt}`}`;
  return (await site.ask(question, ['yes', 'no'])) === 'yes' ? () => true : 'no';
}

async function skillsOf(view: View, named: readonly string[]): Promise<Map<string, Skill>> {
  // No law lets another name in; a folder is made of it, so it is looked at again.
  const all = (await view.all(skillRecord)).filter(({ id }) => isSlug(id));
  const skills = new Map(all.map(({ id, record }) => [id, record]));
  const unknown = named.find(slug => !skills.has(slug));
  if (unknown !== undefined)
    throw new LedgerError('NOT_FOUND', `there is no skill ${unknown}`, { hint: 'ledgenter skill query' });
  return skills;
}

export async function ownerOf(view: View, { book, ledger }: Pick<SkillSite, 'book' | 'ledger'>): Promise<Owner> {
  const authority = (await view.get(ledgerRecord, 'ledger'))?.authority;
  return { ledger, book, ...(authority === undefined ? {} : { authority }) };
}

/** The files that a sync is about, and what it needs to write them. */
async function where(
  input: SyncInput,
  site: SkillSite,
  owner: Owner,
  running: string | undefined,
  skills: Map<string, Skill>,
): Promise<{ parts: PlanParts; ground: Ground }> {
  const here = input.here === true;
  if (here && !site.checkout)
    throw new LedgerError('NO_REPOSITORY', 'there is no checkout here: --here writes into one', {
      hint: 'ledgenter skill sync',
    });
  const path = manifestPath(site, here);
  const manifest = readManifest(path);
  const hosts = input.host ?? (here ? ['claude'] : hostsOf(site, manifest, owner, running));
  if (hosts.length === 0)
    throw new LedgerError('USAGE', `no agent host was found on this machine; name one of ${HOST_NAMES.join(', ')}`, {
      hint: 'ledgenter skill sync --host claude',
    });
  const targets: PlanParts['targets'] = [];
  for (const host of new Set(hosts)) targets.push(await targetOf(host, site, here));
  const parts: PlanParts = {
    skills,
    targets,
    manifest,
    owner,
    replace: new Set(input.replace),
    ...(input.skill || input.replace ? { only: new Set([...(input.skill ?? []), ...(input.replace ?? [])]) } : {}),
  };
  const ground: Ground = here
    ? {
        manifest: path,
        commonDir: site.checkout!.commonDir,
        line: (host, slug) => excludeLine(hostNamed(host).checkout, slug),
      }
    : { manifest: path };
  return { parts, ground };
}

function hostsOf(
  site: SkillSite,
  manifest: PlanParts['manifest'],
  owner: Owner,
  running: string | undefined,
): string[] {
  const before = [...manifest.values()].filter(row => ownedBy(row, owner)).map(row => row.host);
  return usualHosts(site.home, site.env, before, running);
}

async function targetOf(name: string, site: SkillSite, here: boolean): Promise<PlanParts['targets'][number]> {
  const host = hostNamed(name);
  if (!here) {
    const folder = userFolder(host, site.home, site.env);
    return { host: name, file: slug => join(folder, slug, 'SKILL.md'), tracked: new Set() };
  }
  const { topLevel } = site.checkout!;
  const folder = join(topLevel, ...host.checkout);
  insideCheckout(topLevel, folder);
  const tracked = await trackedSlugs(topLevel, host.checkout);
  return { host: name, file: slug => join(folder, slug, 'SKILL.md'), tracked };
}

/** What was asked for by name and must not be done is refused, not passed over. */
function refuseTracked(items: readonly Item[], { skill, replace, status }: SyncInput): void {
  const named = new Set([...(skill ?? []), ...(replace ?? [])]);
  const one = items.find(item => item.state === 'tracked' && named.has(item.skill));
  if (one && !status)
    throw new LedgerError('REFUSED', `this checkout tracks a skill ${one.skill} of its own`, {
      hint: `ledgenter skill sync --skill ${one.skill}`,
    });
}

function answer(rows: object[], items: readonly Item[], left: number): { [key: string]: unknown } {
  const skipped = items.filter(item => item.skip !== undefined).length;
  return { skills: rows, in_sync: left === 0 && skipped === 0, total: rows.length };
}

function rowOf(item: Item, did: ReadonlyMap<Item, string>, show: (file: string) => string): object {
  const done = did.get(item) ?? (item.skip === undefined ? undefined : `left alone: ${item.skip}`);
  return {
    skill: item.skill,
    host: item.host,
    state: item.state,
    ...(item.record ? { version: item.record.version, by: item.record.updated_by } : {}),
    ...(done === undefined ? {} : { did: done.replace(item.file, show(item.file)) }),
    ...(item.runs ? { runs_commands: true } : {}),
    file: show(item.file),
  };
}

/** Who wrote it, and what changes on disk. */
function diffOf(item: Item, show: (file: string) => string, doubt: string): string {
  const { skill, host, state, record, want, disk, runs } = item;
  const before = disk.kind === 'file' ? disk.text : undefined;
  const by =
    want === undefined
      ? `archived by ${record?.archived?.by}`
      : `version ${record?.version} by ${record?.updated_by} at ${record?.updated_at}`;
  return [
    `# ${skill} (${host}): ${state}; ${by}${doubt && ` (${doubt})`}`,
    ...(runs ? ['# WARNING: it holds commands that a host runs by itself before a model reads it'] : []),
    `--- ${before === undefined ? 'nothing' : show(item.file)}`,
    `+++ ${want === undefined ? 'nothing' : show(item.file)}`,
    ...diffLines(before, want),
    '',
  ].join('\n');
}

function cutDiff(diff: string): { [key: string]: unknown } {
  if (diff === '') return {};
  if (diff.length <= DIFF_SHOWN) return { diff };
  return { diff: `${diff.slice(0, DIFF_SHOWN)}…`, truncated: true, whole: 'ledgenter skill get <skill> --full' };
}

/** The same command with another flag, for a hint. */
function command(input: SyncInput, flag: string): string {
  const words = [
    ...(input.here ? ['--here'] : []),
    ...(input.skill ?? []).map(slug => `--skill ${slug}`),
    ...(input.host ?? []).map(host => `--host ${host}`),
    ...(input.replace ?? []).map(slug => `--replace ${slug}`),
  ];
  return ['ledgenter skill sync', ...words, flag].join(' ');
}

/** A path as a person would write it; never one that tells where the home is. */
function shortPath(file: string, { home, checkout }: SkillSite, here: boolean): string {
  const base = here ? checkout!.topLevel : home;
  const short = relative(base, file);
  if (short.startsWith('..')) return file;
  return `${here ? '' : '~/'}${short.split(sep).join('/')}`;
}
