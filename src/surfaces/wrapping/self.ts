import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLedgerName } from '../../book/refs.ts';
import type { ActorKind } from '../../kernel/entry.ts';
import { isTerminal } from '../cli/streams.ts';
import type { Where } from '../events/folders.ts';
import type { Env } from '../hosts.ts';
import { remembered } from '../ledgers/memory.ts';
import { enterRun } from '../runs.ts';
import { identify, NOBODY } from '../who.ts';
import type { Located } from './locate.ts';
import type { Wrapped } from './words.ts';

/** Whose events they are, and where they wait. */
export interface Self {
  agent: string;
  kind: ActorKind;
  run: string | undefined;
  /** The run and its ancestors, where it has any. */
  chain: string[] | undefined;
  where: Where;
}

interface Given {
  asked: Wrapped;
  place: Located | undefined;
  cwd: string;
  env: Env;
}

/** Git is asked only where something follows from its configuration; two processes that most commands outlive. */
export async function selfOf({ asked, place, cwd, env }: Given): Promise<Self> {
  const flags = {
    ...(asked.as === undefined ? {} : { as: asked.as }),
    ...(asked.run === undefined ? {} : { run: asked.run }),
  };
  const named = asked.as ?? env.LEDGENTER_ACTOR;
  const plain = named !== undefined && named !== '' && !env.GIT_DIR && !(place && namesLedger(place.commonDir));
  const found = plain ? undefined : await (await import('../place.ts')).readPlace(cwd, env).catch(() => undefined);
  const config = (name: string): string | undefined => found?.config(name);
  const who = identify({ flags, env, config, terminal: isTerminal(0) });
  const gitDir = found?.repository?.gitDir ?? place?.gitDir;
  const run =
    who.run?.[0] ??
    (gitDir === undefined ? undefined : enterRun(gitDir, who.actor, Date.now(), undefined, { host: who.host }));
  const home = env.LEDGENTER_HOME || config('ledgenter.home');
  const where = {
    commonDir: found?.repository?.commonDir ?? place?.commonDir,
    ledger: await ledgerOf(),
    ...(home === undefined ? {} : { home }),
  };
  // Nobody is known by a name: what ran is still worth keeping.
  return {
    agent: who.actor === NOBODY ? 'unknown' : who.actor,
    kind: who.kind,
    run,
    chain: who.run?.[1] ? who.run : undefined,
    where,
  };

  async function ledgerOf(): Promise<string> {
    const given = asked.ledger ?? env.LEDGENTER_LEDGER;
    if (given !== undefined && isLedgerName(given)) return given;
    if (found) {
      const { currentLedger } = await import('../ledgers/current.ts');
      return (await currentLedger(found, { flags: {}, env: {}, config })).name;
    }
    return (gitDir === undefined ? undefined : remembered(gitDir)) ?? 'main';
  }
}

/** True where the repository's configuration may say which ledger is in use. */
function namesLedger(commonDir: string): boolean {
  try {
    return /^\s*(?:ledger|ledgenter)\s*=|^\s*\[include/im.test(readFileSync(join(commonDir, 'config'), 'utf8'));
  } catch {
    return false;
  }
}
