import type { Office } from '../exchange/office.ts';
import type { OfficeOptions } from './compose.ts';
import type { Env } from './hosts.ts';
import { type Place, readPlace } from './place.ts';
import { enterRun, peekRun } from './runs.ts';
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
  openOffice(options: OfficeOptions): Promise<Office>;
}

/** Looks where it is and who acts, and opens the office there. */
export async function enterOffice(entry: Entry): Promise<{ office: Office; place: Place }> {
  const { env, flags, terminal, client, life } = entry;
  const place = await readPlace(entry.cwd, env);
  const signs: Signs = { flags, env, config: place.config, terminal, ...(client === undefined ? {} : { client }) };
  const identity = identify(signs);
  const gitDir = place.repository?.gitDir;
  const now = Date.now();
  let run = identity.run;
  if (!run || life === 'server') {
    const keep = entry.keepRun && gitDir !== undefined;
    const own = keep ? enterRun(gitDir, identity.actor, now, run?.[0]) : peekRun(gitDir, identity.actor, now);
    run ??= [own];
  }
  const office = await entry.openOffice({
    place,
    env,
    life,
    who: whoOf(identity, run),
    setting: name => setting(signs, name),
  });
  return { office, place };
}
