import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Context } from '../../kernel/operation.ts';
import { redactText } from '../../kernel/redact/text.ts';
import { catalogue } from '../../rooms/orientation/ports.ts';
import { safeText } from '../cli/terminal.ts';
import { hostNamed, userFolder } from '../skills/places.ts';
import { carryOut } from './carry.ts';
import { diffOf } from './diff.ts';
import { hasGuard } from './guards.ts';
import { partsOf, SETUP_HOSTS } from './hosts.ts';
import { type Machine, machinePort } from './machine.ts';
import { readManifest } from './manifest.ts';
import type { SetupName } from './names.ts';
import type { Part } from './part.ts';
import { SERVER } from './parts.ts';
import { type Change, type Ground, isPending, planRemoval, planSetup } from './plan.ts';
import { ownSkill } from './skill.ts';

const GUARD_NOTE =
  'an agent without a task is stopped before it edits where there is a ledger; git config ledgenter.guard false: not here';

/** Characters of a diff in an answer. */
const DIFF_SHOWN = 12_000;

export interface SetupInput {
  host: SetupName;
  here?: boolean;
  /** The host asks `guard` before its agent edits. */
  guard?: boolean;
  remove?: boolean;
  dry_run?: boolean;
  yes?: boolean;
}

/** Shows what changes in the files of a host, asks, and does it. */
export async function setUp(context: Context, input: SetupInput): Promise<{ [key: string]: unknown }> {
  const machine = await context.use(machinePort);
  const { changes, ground } = await planFor(input, machine, ownSkill(await context.use(catalogue)));
  const pending = changes.filter(isPending);
  const { title, notes } = SETUP_HOSTS[input.host];
  const show = (file: string) => shortPath(file, machine);
  const answer = (did: string) => ({
    host: input.host,
    scope: ground.topLevel === undefined ? 'user' : 'checkout',
    files: changes.map(change => rowOf(change, show, did)),
  });
  if (pending.length === 0) {
    if (!input.dry_run) await carryOut(changes, ground, machine, input.remove === true);
    return { ...answer(''), changed: false };
  }
  const diff = diffsOf(pending, show, machine);
  if (input.dry_run) return { ...answer('would be '), changed: false, ...diff.shown };
  if (!input.yes && !machine.ask)
    return {
      ...answer('not '),
      changed: false,
      agreed: false,
      ...diff.shown,
      hints: { next: commandFor(input, '--yes'), note: 'nothing was written: nobody could be asked' },
    };
  if (!input.yes) {
    machine.say(`${safeText(diff.whole)}\n`);
    const question = `${input.remove ? 'Take this back' : 'Write this'} for ${title} (${pending.length} files)?`;
    if ((await machine.ask!(question, ['yes', 'no'])) !== 'yes')
      return { ...answer('not '), changed: false, agreed: false };
  }
  await carryOut(changes, ground, machine, input.remove === true);
  return {
    ...answer(''),
    changed: true,
    ...(input.remove
      ? {}
      : {
          notes: input.guard ? [...notes, GUARD_NOTE] : notes,
          hints: { next: commandFor({ host: input.host, ...hereOf(input) }, '--remove') },
        }),
  };
}

/** What a call would change. */
export async function planFor(
  input: Pick<SetupInput, 'host' | 'here' | 'remove' | 'guard'>,
  machine: Machine,
  skill: string,
): Promise<{ changes: Change[]; ground: Ground }> {
  const { host, here = false, remove = false, guard = false } = input;
  const { user, committed = false } = SETUP_HOSTS[host];
  // Nobody knows at the removal whether it was asked for: what is not there is not taken.
  const parts = partsOf(host, machine, here, skill, remove ? hasGuard(host) : guard);
  const inCheckout = here || user === undefined;
  const topLevel = inCheckout ? machine.checkout?.topLevel : undefined;
  const manifest = readManifest(machine.home, host, topLevel);
  const ground = { manifest, committed, ...(topLevel === undefined ? {} : { topLevel }) };
  const changes = remove
    ? await planRemoval(parts, ground)
    : await planSetup(
        parts.filter(part => inCheckout || !readElsewhere(part, host, machine)),
        ground,
      );
  return { changes, ground };
}

/** True for a skill that the host reads from another host's folder already: there twice, it would be offered twice. */
function readElsewhere(part: Part, host: SetupName, { home, env }: Machine): boolean {
  if (part.what !== 'skill' || part.kind !== 'whole' || existsSync(part.path)) return false;
  return hostNamed(host).reads.some(name => {
    try {
      return readFileSync(join(userFolder(hostNamed(name), home, env), SERVER, 'SKILL.md'), 'utf8') === part.text;
    } catch {
      return false; // none there
    }
  });
}

const hereOf = ({ here }: Pick<SetupInput, 'here'>) => (here ? { here } : {});

function commandFor({ host, here, guard, remove }: SetupInput, flag: string): string {
  const asked = [...(here ? ['--here'] : []), ...(guard && !remove ? ['--guard'] : [])];
  return ['ledgenter setup', host, ...asked, ...(remove ? ['--remove'] : []), flag].join(' ');
}

function rowOf(change: Change, show: (file: string) => string, did: string): object {
  const { part, file, now, after, kept } = change;
  const verb = after === null ? 'removed' : now === null ? 'made' : 'changed';
  const state = kept ? `left alone: ${kept}` : isPending(change) ? `${did}${verb}` : 'as it should be';
  return { file: show(file), what: part.what, state };
}

interface Diffs {
  whole: string;
  shown: { diff: string; truncated?: true };
}

/** For the person who is asked as it is; in an answer without secrets that happen to stand beside ours. */
function diffsOf(changes: readonly Change[], show: (file: string) => string, machine: Machine): Diffs {
  const parts = changes.map(({ file, now, after }) => ({
    head: [`--- ${now === null ? 'nothing' : show(file)}`, `+++ ${after === null ? 'nothing' : show(file)}`],
    lines: diffOf(now?.toString('utf8'), after?.toString('utf8')),
  }));
  const { node, launcher } = machine;
  const hide = (line: string) => (line.includes(node) || line.includes(launcher) ? line : redactText(line).text);
  const join = (clean: (line: string) => string) =>
    parts.flatMap(({ head, lines }) => [...head, ...lines.map(clean)]).join('\n');
  const shown = join(hide);
  return {
    whole: join(line => line),
    shown: shown.length <= DIFF_SHOWN ? { diff: shown } : { diff: `${shown.slice(0, DIFF_SHOWN)}…`, truncated: true },
  };
}

/** A path as a person would write it. */
export function shortPath(file: string, { home }: Pick<Machine, 'home'>): string {
  const short = relative(home, file);
  return short.startsWith('..') || short === file ? file : `~/${short.split(sep).join('/')}`;
}
