import { clonePort } from '../../exchange/site.ts';
import { sync } from '../../exchange/sync.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { catalogue } from '../../rooms/orientation/ports.ts';
import { safeText } from '../cli/terminal.ts';
import { carryOut as carryHooks } from '../hooks/carry.ts';
import { hooksPort } from '../hooks/ground.ts';
import { isInstalled, removalOf, rowsOf } from '../hooks/install.ts';
import { repoMapSite } from '../repos/operation.ts';
import { carryOut } from '../setup/carry.ts';
import { SETUP_HOSTS } from '../setup/hosts.ts';
import { type Machine, machinePort } from '../setup/machine.ts';
import { allManifests } from '../setup/manifest.ts';
import { type Change, type Ground, isPending } from '../setup/plan.ts';
import { planFor, shortPath } from '../setup/setup.ts';
import { shares } from '../setup/siblings.ts';
import { ownSkill } from '../setup/skill.ts';
import { removeSkills } from '../skills/remove.ts';
import { skillSitePort } from '../skills/site.ts';
import { leavingPort } from './ground.ts';
import { refuseLosses } from './losses.ts';
import { otherUsers } from './others.ts';
import { derivedRefs, dropRefs, dropSettings, dropTraces, settingsOf, tracesOf } from './traces.ts';

export interface LeaveInput {
  keep_hosts?: boolean;
  purge_local?: boolean;
  dry_run?: boolean;
  yes?: boolean;
}

/** One thing that goes, as it is told, and how it goes. */
interface Step {
  says: string;
  take(): Promise<unknown>;
}

/** Shows what goes and what stays, asks, and leaves. Nothing that a person wrote is lost. */
export async function leave(context: Context, input: LeaveInput): Promise<{ [key: string]: unknown }> {
  const machine = await context.use(machinePort);
  let plan = await planLeaving(context, machine, input, input.yes === true && !input.dry_run);
  const { steps, stays } = plan;
  const going = steps.map(({ says }) => says);
  if (steps.length === 0) return { left: false, note: 'nothing of ledgenter is here', stays };
  if (input.dry_run) return { left: false, would: going, stays };
  if (!input.yes) {
    if (!machine.ask)
      return {
        left: false,
        agreed: false,
        would: going,
        stays,
        hints: { next: commandFor(input), note: 'nothing was changed: nobody could be asked' },
      };
    machine.say(
      `${safeText([...going, ...stays.map(says => `stays: ${says}`)].map(line => `- ${line}`).join('\n'))}\n`,
    );
    if ((await machine.ask('Leave?', ['yes', 'no'])) !== 'yes')
      return { left: false, agreed: false, would: going, stays };
    // What was shown without a word to the remote is looked at again, and sent.
    if (input.purge_local) plan = await planLeaving(context, machine, input, true);
  }
  for (const step of plan.steps) await step.take();
  return { left: true, did: plan.steps.map(({ says }) => says), stays: plan.stays, hints: { next: plan.next } };
}

async function planLeaving(
  context: Context,
  machine: Machine,
  input: LeaveInput,
  agreed: boolean,
): Promise<{ steps: Step[]; stays: string[]; next: string }> {
  const ground = await context.use(leavingPort);
  const steps: Step[] = [];
  const stays: string[] = [];
  const { map, root } = await context.use(repoMapSite);
  const others = await otherUsers(map, machine, ground.commonDir);
  const hosts = await planHosts(context, machine, ground.commonDir, input.keep_hosts === true, others);
  steps.push(...hosts.steps);
  stays.push(...hosts.stays);
  const hooks = await planHooks(context);
  steps.push(...hooks.steps);
  stays.push(...hooks.stays);
  const skills = await context.use(skillSitePort);
  // Written for another checkout with the same home too.
  const shared = ground.book !== ground.commonDir && others.length > 0;
  const written = await removeSkills(skills, { dryRun: true, hereOnly: shared });
  if (shared) stays.push(`skills for your user: ${inUse(others, machine)}`);
  for (const file of written.kept) stays.push(`${shortPath(file, machine)}: you changed it`);
  if (written.removed.length + written.kept.length > 0) {
    const files = written.removed.map(file => shortPath(file, machine)).join(', ');
    steps.push({
      says: `skills that were written: ${files || 'none that is unchanged'}`,
      take: () => removeSkills(skills, { hereOnly: shared }),
    });
  }
  if (root !== undefined && [...map.all().values()].includes(root))
    steps.push({ says: 'this checkout on the map of repositories', take: () => map.forget(root) });
  if (ground.book === ground.commonDir)
    steps.push(...(await planBook(context, input.purge_local === true, stays, agreed)));
  else {
    if (input.purge_local)
      throw new LedgerError('REFUSED', 'the book of this checkout lives in a home that other checkouts may share', {
        hint: 'ledgenter leave',
      });
    stays.push('the copy of the book in your home: other checkouts may use it');
  }
  const settings = await settingsOf(ground);
  for (const [name, values] of settings)
    steps.push({
      says: `setting ${name}${values.map(value => ` ${JSON.stringify(value)}`).join('')}`,
      take: () => dropSettings(ground, [name]),
    });
  const traces = tracesOf(ground);
  if (traces.length > 0)
    steps.push({ says: 'notes, caches and run files in the git folder', take: async () => dropTraces(traces, ground) });
  return { steps, stays, next: joinAgain(settings) };
}

/** What hosts were set up here, and for the user. */
async function planHosts(
  context: Context,
  machine: Machine,
  commonDir: string,
  keep: boolean,
  others: readonly string[],
): Promise<{ steps: Step[]; stays: string[] }> {
  const out = { steps: [] as Step[], stays: [] as string[] };
  const skill = ownSkill(await context.use(catalogue));
  for (const { host, here } of allManifests(machine.home)) {
    const { title } = SETUP_HOSTS[host];
    if (here !== undefined && here !== machine.checkout?.topLevel) {
      const again = `there: ledgenter setup ${host} --here --remove`;
      if (await shares(here, commonDir)) out.stays.push(`setup of ${title} in ${shortPath(here, machine)}; ${again}`);
      continue;
    }
    const where = here === undefined ? 'for your user, in all repositories' : 'in this checkout';
    if (here === undefined && (keep || others.length > 0)) {
      const why = keep ? '' : `: ${inUse(others, machine)}; ledgenter setup ${host} --remove takes it back`;
      out.stays.push(`setup of ${title} ${where}${why}`);
      continue;
    }
    const { changes, ground } = await planFor({ host, here: here !== undefined, remove: true }, machine, skill);
    for (const { file, kept } of changes) if (kept) out.stays.push(`${shortPath(file, machine)}: ${kept}`);
    out.steps.push({
      says: `setup of ${title} ${where}${filesOf(changes, machine)}`,
      take: () => back(changes, ground, machine),
    });
  }
  return out;
}

/** Git hooks that were installed: each file as it was before. */
async function planHooks(context: Context): Promise<{ steps: Step[]; stays: string[] }> {
  const ground = await context.use(hooksPort);
  const { plan, look } = removalOf(ground);
  if (!isInstalled(ground, plan)) return { steps: [], stays: [] };
  const says = `git hooks of ledgenter (${plan.acts.length} files as they were before)`;
  return { steps: [{ says, take: () => carryHooks(ground, plan, look) }], stays: rowsOf(plan, ground, '').stays ?? [] };
}

const inUse = ([first, ...more]: readonly string[], machine: Machine): string =>
  `${shortPath(first!, machine)}${more.length > 0 ? ` and ${more.length} more` : ''} still uses a ledger`;

const filesOf = (changes: readonly Change[], machine: Machine): string => {
  const files = changes.filter(isPending).map(({ file }) => shortPath(file, machine));
  return files.length > 0 ? `: ${files.join(', ')}` : '';
};

const back = (changes: readonly Change[], ground: Ground, machine: Machine) => carryOut(changes, ground, machine, true);

/** What of the book's clone goes; refuses where something would be lost. */
async function planBook(context: Context, purge: boolean, stays: string[], agreed: boolean): Promise<Step[]> {
  const clone = await context.use(clonePort);
  if (!(await clone.book.tryTip())) return [];
  // Nothing is sent before somebody said yes.
  if (purge && agreed && !clone.self) {
    const report = await sync(clone, context.signal ? { signal: context.signal } : {});
    if (!report.ok)
      throw new LedgerError(
        'UNREACHABLE',
        `whether the remote has the whole book cannot be told: ${report.reason ?? 'it is busy'}`,
      );
    // Counted in notes that go.
    clone.pushes = 0;
    clone.lost = 0;
  }
  const refs = await derivedRefs(clone, purge);
  await refuseLosses(clone, { purge, known: refs.size > 0, willSend: purge && !agreed });
  if (!purge) stays.push('the book, here and at the remote');
  else stays.push(`the book at ${clone.remote.name}`);
  if (refs.size === 0) return [];
  const says = purge ? `${agreed ? '' : 'after a sync '}the copy of the book here, and` : '';
  return [
    { says: `${says} ${refs.size} refs of this clone that are made anew`.trim(), take: () => dropRefs(clone, refs) },
  ];
}

function joinAgain(settings: ReadonlyMap<string, string[]>): string {
  const last = (name: string) => settings.get(`ledgenter.${name}`)?.at(-1);
  const [home, remote] = [last('home'), last('remote')];
  return ['ledgenter init', ...(home ? [`--home ${home}`] : []), ...(remote ? [`--remote ${remote}`] : [])].join(' ');
}

function commandFor({ keep_hosts, purge_local }: LeaveInput): string {
  return [
    'ledgenter leave',
    ...(keep_hosts ? ['--keep-hosts'] : []),
    ...(purge_local ? ['--purge-local'] : []),
    '--yes',
  ].join(' ');
}
