import type { CurrentLedger } from '../exchange/ledgers.ts';
import type { Office } from '../exchange/office.ts';
import { checkoutOf } from './checkout.ts';
import type { OfficeOptions } from './compose.ts';
import type { Env } from './hosts.ts';
import { currentLedger, DEFAULT_LEDGER } from './ledgers/current.ts';
import { type Place, readPlace } from './place.ts';
import { fills, withLocalRepos } from './repos/local.ts';
import { enterRun, leaveRun, noteNamed, peekRun, readRunFile } from './runs.ts';
import { identify, type Signs, setting, whoOf } from './who.ts';

/** How a surface was started. */
export interface Entry {
  cwd: string;
  env: Env;
  flags: Signs['flags'];
  terminal: boolean;
  client?: string;
  life: OfficeOptions['life'];
  /** The run is kept for the next process: a write is about to come, or a server starts. */
  keepRun: boolean;
  /** Git started it and gave it no terminal: a person is one who wrote at a terminal of this worktree before. */
  fromGit?: boolean;
  openOffice(options: OfficeOptions): Promise<Office>;
  /** Asks a person; absent where there is none. */
  ask?: OfficeOptions['ask'];
  /** Aborted when the command is interrupted. */
  signal?: AbortSignal;
}

/** Looks where it is and who acts, and opens the office there. */
export async function enterOffice(entry: Entry): Promise<{ office: Office; place: Place; ledger: CurrentLedger }> {
  const { env, flags, terminal, client, life } = entry;
  const place = await readPlace(entry.cwd, env);
  const signs: Signs = { flags, env, config: place.config, terminal, ...(client === undefined ? {} : { client }) };
  const identity = identify(signs);
  const ledger = await currentLedger(place, signs);
  const gitDir = place.repository?.gitDir;
  const now = Date.now();
  const implicit = identity.run === undefined || life === 'server';
  const kept = (): string =>
    entry.keepRun && gitDir !== undefined
      ? enterRun(gitDir, identity.actor, now, identity.run?.[0], { host: identity.host })
      : peekRun(gitDir, identity.actor, now);
  const own = implicit ? kept() : undefined;
  const run = identity.run ?? (own === undefined ? [] : [own]);
  const checkout = checkoutOf(place, setting(signs, 'remote'));
  const who = {
    ...whoOf(identity, run),
    ...(checkout ? { checkout } : {}),
    ...(ledger.name === DEFAULT_LEDGER ? {} : { ledger: { name: ledger.name, because: ledger.because } }),
  };
  const person = who.kind === 'human' && terminal;
  if (entry.fromGit && who.host === undefined && who.kind === 'agent' && gitDir !== undefined)
    who.kind = readRunFile(gitDir, who.actor)?.human ? 'human' : 'agent';
  const office = await entry.openOffice({
    place,
    env,
    life,
    who,
    ledger,
    setting: name => setting(signs, name),
    ...(entry.ask ? { ask: entry.ask } : {}),
    ...(entry.signal ? { signal: entry.signal } : {}),
    wrote: () => {
      if (gitDir === undefined) return;
      if (implicit) enterRun(gitDir, who.actor, Date.now(), who.run[0], { human: person, host: who.host });
      if (identity.called !== undefined) noteNamed(gitDir, identity.called, who.run);
    },
    ended: () => {
      if (gitDir !== undefined) leaveRun(gitDir, who.actor, who.run[0]!);
    },
  });
  const fill = fills(setting(signs, 'repoMap'));
  return { office: withLocalRepos(office, { place, env, fill }), place, ledger };
}
