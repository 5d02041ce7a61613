import { join } from 'node:path';
import { judgePush, type Refusal } from '../../exchange/gate/judge.ts';
import { parseUpdates } from '../../exchange/gate/updates.ts';
import { NAMESPACES } from '../../exchange/namespaces.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { formatDuration, parseDuration } from '../../kernel/time.ts';
import { discover, openGitStore } from '../../store/git/index.ts';
import { theRulebook } from '../compose.ts';
import type { Env } from '../hosts.ts';
import { landedFile } from '../landed.ts';
import { Signing } from '../signing.ts';
import { setting } from '../who.ts';

/** How long a push may take to be judged, in ms, unless `ledgenter.gateTimeout` says otherwise. */
const PATIENCE_MS = 60_000;
/** Bytes of update lines that are read: twenty thousand refs with long names. */
export const MAX_LINES = 4 << 20;

/** What became of a push. */
export interface GateAnswer {
  /** Refs of ledgers among those pushed, and entries that were judged. */
  refs: number;
  entries: number;
  refused: Refusal[];
}

/**
 * Judges the push that git asks a pre-receive hook about: in the repository around `cwd`, with the objects of the push in
 * sight. Nobody is asked who they are: a server knows no actor.
 * @param lines what git writes to the hook
 * @throws LedgerError whenever it cannot be said that the push is lawful; it must not pass then
 */
export async function runGate({ cwd, env, lines }: { cwd: string; env: Env; lines: string }): Promise<GateAnswer> {
  const updates = parseUpdates(lines);
  const discovery = await discover(cwd, env);
  const patience = patienceOf(setting({ env, config: name => discovery.config.get(name) }, 'gateTimeout'));
  const over = new AbortController();
  const store = openGitStore(discovery, env, { signal: over.signal });
  const folder = join(discovery.location.commonDir, 'ledgenter', 'gate');
  const place = { repository: discovery.location, config: (name: string) => discovery.config.get(name) };
  const parts = { place, env, who: { actor: 'gate' }, setting: () => undefined };
  const signing = new Signing(parts, () => discovery.location.commonDir);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(tooLate(patience));
      over.abort();
    }, patience);
  });
  try {
    const judged = judgePush(
      {
        store,
        rulebook: theRulebook(),
        checker: signing.checker,
        now: Date.now,
        landed: (namespace, ledger) =>
          landedFile(folder, namespace === NAMESPACES[0] ? `landed.${ledger}` : `landed.heads.${ledger}`),
        signal: over.signal,
      },
      updates,
    );
    judged.catch(() => {}); // told by whichever ends first
    return await Promise.race([judged, late]);
  } catch (error) {
    throw over.signal.aborted ? tooLate(patience) : error;
  } finally {
    clearTimeout(timer);
    await store.close();
  }
}

function patienceOf(asked: string | undefined): number {
  if (asked === undefined) return PATIENCE_MS;
  const plain = /^\d{1,6}$/.test(asked) ? `${asked}s` : asked;
  return parseDuration(plain) ?? PATIENCE_MS;
}

function tooLate(patience: number): LedgerError {
  return new LedgerError('TOO_LARGE', `the push could not be judged within ${formatDuration(patience)}`, {
    hint: 'push in smaller parts: git push <remote> <an older entry>:<the same ref>; or ask for a larger ledgenter.gateTimeout',
  });
}
