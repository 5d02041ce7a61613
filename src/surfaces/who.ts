import type { ActorKind } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import { isId, recordId } from '../kernel/ids.ts';
import type { Who } from '../kernel/operation.ts';
import { isKey } from '../kernel/record.ts';
import { redactText } from '../kernel/redact/text.ts';
import { SERIES } from '../rooms/runs/begin.ts';
import { detectHost, type Env, type Host, sessionOf } from './hosts.ts';

/** The actor of a process that could not find out who runs it: it may read, and set things up, but not write. */
export const NOBODY = 'nobody';
/** Nesting of runs that `--run a/b/c` may name. */
const MAX_DEPTH = 8;

/** What the answer follows from; nothing else is looked at. */
export interface Signs {
  flags: { as?: string; run?: string; mode?: string; ledger?: string };
  env: Env;
  /** One value of git's configuration, by its full lower-case name. */
  config(name: string): string | undefined;
  /** stdin is a terminal. */
  terminal: boolean;
  /** `clientInfo.name` of the MCP handshake. */
  client?: string;
}

/** Who acts, before the run of this worktree is known. */
export interface Identity {
  actor: string;
  kind: ActorKind;
  mode: 'session' | 'loop';
  host?: string;
  series?: string;
  /** The run that was asked for or that the host names, with its ancestors; undefined = this worktree's own. */
  run?: string[];
  /** What called that run by name, as a hook meets it in its environment: `run night/1`, `session 3f2a…`. */
  called?: string;
}

/** `autosync` → flag, else `LEDGENTER_AUTOSYNC`, else `git config ledgenter.autosync`. */
export function setting(signs: Pick<Signs, 'env' | 'config'>, name: string, flag?: string): string | undefined {
  const upper = name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase();
  const fromEnv = signs.env[`LEDGENTER_${upper}`];
  return flag ?? (fromEnv === '' ? undefined : fromEnv) ?? signs.config(`ledgenter.${name.toLowerCase()}`);
}

/**
 * Finds out who acts. Names are unproven unless entries are signed.
 * @throws LedgerError BAD_INPUT for an actor, run or mode that is none.
 */
export function identify(signs: Signs): Identity {
  const host = detectHost(signs.env, signs.client);
  const actor = actorOf(signs, host);
  const run = runOf(signs, host, actor);
  return {
    actor,
    kind: kindOf(signs, host),
    mode: modeOf(signs, host),
    ...(host ? { host: host.name } : {}),
    ...run,
    ...seriesOf(signs),
  };
}

/** The identity with the run it writes under. */
export function whoOf(identity: Identity, run: string[]): Who {
  const { actor, kind, mode, host, series } = identity;
  return { actor, kind, mode, run, ...(host ? { host } : {}), ...(series === undefined ? {} : { series }) };
}

function actorOf(signs: Signs, host: Host | undefined): string {
  const given = setting(signs, 'actor', signs.flags.as);
  if (given !== undefined) {
    const actor = given.trim().toLowerCase();
    if (!isKey(actor))
      throw new LedgerError(
        'BAD_INPUT',
        `actor ${JSON.stringify(given)} is no key: a-z 0-9 . _ -, at most 64 characters`,
        {
          hint: 'git config ledgenter.actor <name>',
        },
      );
    return actor;
  }
  const person = actorSlug(signs.config('user.name'), signs.config('user.email'));
  const parts = [host?.name, person].filter(part => part !== undefined);
  return parts.length === 0 ? NOBODY : cut(parts.join('-'));
}

/** A person's git name as a key: `Anna Müller` → `anna-muller`; undefined when there is nothing to go by. */
export function actorSlug(name: string | undefined, email?: string): string | undefined {
  for (const text of [name, email?.split('@')[0]]) {
    const slug = cut(
      (text ?? '')
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-'),
    );
    if (isKey(slug)) return slug;
  }
  // A name in another script: stable, and it tells nothing.
  return name?.trim() ? `user-${recordId('a', 'actor', name.trim()).slice(2, 8)}` : undefined;
}

function cut(slug: string): string {
  return slug.slice(0, 64).replace(/^[-._]+|[-._]+$/g, '');
}

const KINDS: readonly ActorKind[] = ['agent', 'human', 'service'];

/** A person is believed only where no agent host shows; without a terminal only on its word. */
function kindOf(signs: Signs, host: Host | undefined): ActorKind {
  const said = KINDS.find(kind => kind === setting(signs, 'kind'));
  if (said !== undefined && (said !== 'human' || (host === undefined && signs.client === undefined))) return said;
  if (host) return host.kind;
  return signs.terminal ? 'human' : 'agent';
}

function modeOf(signs: Signs, host: Host | undefined): 'session' | 'loop' {
  const given = setting(signs, 'mode', signs.flags.mode);
  if (given === 'session' || given === 'loop') return given;
  if (given !== undefined)
    throw new LedgerError('BAD_INPUT', `mode ${JSON.stringify(given)} is neither session nor loop`);
  return setting(signs, 'runGroup') !== undefined || host?.kind === 'service' ? 'loop' : 'session';
}

/** `LEDGENTER_RUN_GROUP` as entries may carry it: a short name, nothing that could be a secret or a path. */
function seriesOf(signs: Signs): { series?: string } {
  const given = setting(signs, 'runGroup');
  if (given === undefined || redactText(given).count > 0) return {};
  const series = cut(
    given
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-'),
  );
  return SERIES.test(series) ? { series } : {};
}

function runOf(signs: Signs, host: Host | undefined, actor: string): Pick<Identity, 'run' | 'called'> {
  const given = setting(signs, 'run', signs.flags.run);
  if (given !== undefined) return { run: runChain(actor, given), called: `run ${given}` };
  const session = sessionOf(host, signs.env);
  if (session === undefined) return {};
  return { run: [recordId('r', 'run', actor, `${host!.name}:${session}`)], called: `session ${session}` };
}

/**
 * `a/b` → the ids of b, a child of a, and of a. A name belongs to its actor; a run id stands for itself.
 * @throws LedgerError BAD_INPUT when a part is empty or too long, or there are too many.
 */
export function runChain(actor: string, text: string): string[] {
  const names = text.split('/').map(name => name.trim());
  if (names.length > MAX_DEPTH || names.some(name => name === '' || name.length > 128))
    throw new LedgerError('BAD_INPUT', `run ${JSON.stringify(text.slice(0, 200))} is no run: a name, or parent/child`, {
      hint: '--run <name> or --run <parent>/<child>',
    });
  const chain: string[] = [];
  for (const [depth, name] of names.entries())
    chain.unshift(isId('r', name) ? name : recordId('r', 'run', actor, names.slice(0, depth + 1).join('/')));
  return chain;
}
