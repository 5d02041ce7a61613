import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Claim } from '../../exchange/claimref.ts';
import type { Clone } from '../../exchange/clone.ts';
import { fetch, knownClaims } from '../../exchange/fetch.ts';
import { lapsed } from '../../exchange/renew.ts';
import { clonePort } from '../../exchange/site.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { contextAtPort } from '../../rooms/logbook/ports.ts';
import { inboxIn } from '../../rooms/orientation/inbox.ts';
import { filteredProjects, type RepoFilter } from '../../rooms/repos/filter.ts';
import { taskIndex } from '../../rooms/tasks/ports.ts';

/** Ready tasks counted at most: whether there is one is what matters. */
const COUNTED = 50;

interface Input extends RepoFilter {
  inbox?: boolean | undefined;
  pool?: boolean | undefined;
  exec?: string | undefined;
  args?: string[] | undefined;
}

/** @throws LedgerError NO_REPO_MAP, NOT_FOUND for a filter that can match nothing; USAGE when `exec` cannot be started */
export async function poll(context: Context, input: Input): Promise<{ [key: string]: unknown }> {
  const clone = await context.use(clonePort);
  const { at, claims, looked } = await look(context, clone);
  const taken = await takenBy(clone, claims, context);
  const both = input.inbox !== true && input.pool !== true;
  const inbox = both || input.inbox ? await inboxIn(at) : { waiting: [], answers: [] };
  const waiting = inbox.waiting.filter(({ id }) => !taken.has(id)).length;
  const pool = both || input.pool ? await ready(at, input, taken) : 0;
  const wake = waiting + inbox.answers.length + pool > 0;
  const ended = wake && input.exec !== undefined ? await run(input.exec, input.args ?? []) : undefined;
  return {
    wake,
    inbox: waiting,
    ...(inbox.answers.length > 0 ? { answered: inbox.answers.length } : {}),
    pool: pool === COUNTED ? `${COUNTED}+` : pool,
    ...looked,
    ...(ended === undefined ? {} : { ended }),
  };
}

/** The ledger as the remote has it now, or as it was last seen where the remote cannot be asked. Nothing is pushed. */
async function look(context: Context, clone: Clone) {
  if (clone.self) return { at: context, claims: await knownClaims(clone), looked: {} };
  const fetched = await fetch(clone, context.signal ? { signal: context.signal } : {});
  if (fetched.kind === 'broken') {
    const looked = { offline: true, reason: `by what was known here: ${fetched.reason}` };
    return { at: context, claims: await knownClaims(clone), looked };
  }
  const tip = await clone.book.tip();
  const { book } = fetched;
  // What this clone wrote and has not sent counts; else the remote's newest does.
  const ahead = book === null || (await clone.store.mergeBase(tip.at, book)) !== tip.at;
  const at = ahead ? context : (await context.use(contextAtPort))(book);
  return { at, claims: fetched.claims, looked: {} };
}

/** Records that others hold by a live claim, entered in the book or not. */
async function takenBy(clone: Clone, claims: ReadonlyMap<string, Claim>, { who, now }: Context): Promise<Set<string>> {
  const grace = await clone.grace();
  const live = [...claims.values()].filter(
    claim => claim.actor !== who.actor && !lapsed(claim.lease_until, now, grace),
  );
  return new Set(live.map(({ id }) => id));
}

async function ready(context: Context, input: Input, taken: ReadonlySet<string>): Promise<number> {
  const projects = await filteredProjects(context, input);
  const index = await context.use(taskIndex);
  const filter = { actor: context.who.actor, ...(projects ? { projects } : {}) };
  let found = 0;
  for await (const { id } of index.claimable(filter, context.now)) {
    if (!taken.has(id)) found++;
    if (found === COUNTED) break;
  }
  return found;
}

/** Starts a program without a shell, on this terminal, and waits for its end. Its exit code; 128 + n for signal n. */
function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', windowsHide: true });
    child.on('error', error =>
      reject(
        new LedgerError('USAGE', `${command} cannot be started: ${error.message}`, { hint: 'ledgenter poll --help' }),
      ),
    );
    child.on('close', (code, signal) =>
      resolve(code ?? 128 + (constants.signals[signal as keyof typeof constants.signals] ?? 0)),
    );
  });
}
