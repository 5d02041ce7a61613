import { existsSync } from 'node:fs';
import { Rulebook } from '../book/rulebook.ts';
import { waitBefore } from '../exchange/background.ts';
import type { CurrentLedger } from '../exchange/ledgers.ts';
import type { Office } from '../exchange/office.ts';
import { LedgerOffice } from '../exchange/perform.ts';
import { sync } from '../exchange/sync.ts';
import { LedgerError } from '../kernel/errors.ts';
import type { Context, Operation, Who } from '../kernel/operation.ts';
import { LAWS, OPERATIONS, RECORDS } from '../rooms/index.ts';
import { startBackground } from './background.ts';
import { describeRun } from './begin.ts';
import { noteLinked } from './commits/linked.ts';
import { landedFrom, whereOf } from './events/folders.ts';
import { ledgersIn } from './ledgers/names.ts';
import type { Place } from './place.ts';
import { portOf } from './ports/index.ts';
import { type Seat, takeSeat } from './seat.ts';
import { Signing } from './signing.ts';

/** What an office is opened with. */
export interface OfficeOptions {
  place: Place;
  env: Readonly<Record<string, string | undefined>>;
  who: Who;
  /** The ledger in use here. */
  ledger: CurrentLedger;
  /** One command, or a server that stays: decides how the background sync runs. */
  life: 'command' | 'server';
  /** Reads a switch: environment, then git configuration. */
  setting(name: string): string | undefined;
  /** Asks a person on the terminal; absent without one. */
  ask?(question: string, choices: readonly string[]): Promise<string>;
  /** Aborted when the command is interrupted: nobody waits for a signature then. */
  signal?: AbortSignal;
  /** Called after a write: keeps the run of this worktree alive. */
  wrote?(): void;
  /** Called after this run ended itself. */
  ended?(): void;
}

let rulebook: Rulebook | undefined;

/** The laws and operations of the product, indexed once a process. */
export function theRulebook(): Rulebook {
  rulebook ??= new Rulebook({ records: RECORDS, laws: LAWS, operations: OPERATIONS });
  return rulebook;
}

/** The one place where the rings are put together. Nothing is opened before the first call needs it. */
export async function openOffice(options: OfficeOptions): Promise<Office> {
  const { place, who, env, setting } = options;
  if (!place.discovery && setting('home') === undefined) return officeNowhere(options);
  const seat = await takeSeat({
    env,
    discovery: place.discovery,
    cwd: place.cwd,
    problem: place.problem,
    rulebook: theRulebook(),
    lander: who.actor,
    ledger: options.ledger.name,
    setting,
    signing: commonDir => new Signing(options, commonDir),
  });
  const carrier = options.life === 'server' ? serverCarrier(seat) : commandCarrier(seat, place.cwd);
  seat.landing = () => landWaiting(seat, options);
  return new LedgerOffice({
    who,
    get book() {
      return seat.book;
    },
    clone: () => seat.clone(),
    port: (name: string, context: Context) => portOf(() => seat, name, context, options),
    ...(place.repository?.topLevel ? { root: place.repository.topLevel } : {}),
    ...(autosync(setting) ? { background: carrier.wanted } : {}),
    wrote(changes) {
      options.wrote?.();
      if (changes && place.repository) noteLinked(place.repository.commonDir, changes);
    },
    ...(options.ended ? { ended: options.ended } : {}),
    elsewhere: () => holdsElsewhere(seat, who),
    beginning: context => describeRun(context, place.cwd, () => seat.clone()),
    now: () => seat.now(),
    nonce: () => seat.nonce(),
    async close() {
      await carrier.end();
      await seat.tally();
      await seat.store.close();
    },
  });
}

/**
 * Lands the agent events that wait for this ledger, one at a time in a clone. Most syncs find none, and then nothing of it
 * is loaded.
 */
async function landWaiting(seat: Seat, options: OfficeOptions): Promise<number> {
  const folders = landedFrom(whereOf(options)).filter(folder => existsSync(folder));
  if (folders.length === 0 || (await seat.book.someTip()) === undefined) return 0;
  const { landSpool } = await import('./events/landing.ts');
  const officeOf = (who: Who): LedgerOffice =>
    new LedgerOffice({
      who,
      book: seat.book,
      clone: () => seat.clone(),
      port: (name: string, context: Context) => portOf(() => seat, name, context, options),
      ...(options.place.repository?.topLevel ? { root: options.place.repository.topLevel } : {}),
      now: () => seat.now(),
      nonce: () => seat.nonce(),
    });
  const view = async () => seat.book.view((await seat.book.tip()).at);
  const write = (who: Who) => (operation: Operation, input: unknown) =>
    officeOf(who).perform(operation, input, { sync: false });
  return seat.book.desk.politely('events', () =>
    landSpool({ who: options.who, view, write, now: seat.now() }, folders),
  );
}

/** One run of a worktree writes in all of its ledgers: it is not over while it holds something in any. */
async function holdsElsewhere(seat: Seat, { actor, run }: Who): Promise<boolean> {
  for (const name of await ledgersIn(seat)) {
    const holds = await seat.beside(name).book.desk.holds();
    if (holds.some(hold => hold.actor === actor && run.includes(hold.run))) return true;
  }
  return false;
}

/** Outside of a repository: what asks nothing of a book works, everything else says why it cannot. */
function officeNowhere(options: OfficeOptions): Office {
  const { place, who } = options;
  const fault = () => place.problem ?? new LedgerError('NO_REPOSITORY', 'not inside a git repository');
  const nowhere = (): never => {
    throw fault();
  };
  return new LedgerOffice({
    who,
    get book() {
      return nowhere();
    },
    clone: async () => nowhere(),
    port: async (name: string, context: Context) => portOf(nowhere, name, context, options),
    now: Date.now,
    nonce: nowhere,
  });
}

function autosync(setting: (name: string) => string | undefined): boolean {
  return !/^(false|0|no|off)$/i.test(setting('autosync') ?? 'true');
}

/** Who carries what was written to the remote, without anybody waiting for it. */
interface Carrier {
  wanted: () => void;
  end(): Promise<void>;
}

function commandCarrier(seat: Seat, cwd: string): Carrier {
  let started: Promise<void> | undefined;
  return {
    wanted() {
      started ??= seat.clone().then(async clone => {
        const launcher = process.argv[1];
        if (!clone.self && launcher)
          await startBackground(clone.desk, launcher, { cwd, ledger: seat.ledger, now: seat.now() });
      });
    },
    end: async () => started?.catch(() => {}),
  };
}

function serverCarrier(seat: Seat): Carrier {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let last = Number.NEGATIVE_INFINITY;
  const run = () => {
    timer = undefined;
    last = seat.now();
    running = running.then(async () => {
      const clone = await seat.clone();
      // A fault is met again, and told, by whoever syncs next.
      if (!clone.self) await sync(clone, { joinOnly: true }).catch(() => {});
    });
  };
  return {
    wanted() {
      timer ??= setTimeout(run, waitBefore(last, seat.now()));
    },
    async end() {
      if (timer) {
        clearTimeout(timer);
        run();
      }
      await running;
    },
  };
}
