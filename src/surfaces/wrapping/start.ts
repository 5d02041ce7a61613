import { type ChildProcess, spawn as nodeSpawn } from 'node:child_process';
import { statSync, writeSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { EXIT } from '../../kernel/errors.ts';
import { locate } from './locate.ts';
import { closeOwn, passOn, pipesIn } from './pipes.ts';
import { forwardSignals } from './signals.ts';
import { type Wrapped, wordsOf } from './words.ts';

/** What a shell answers for a program that is missing, and for one that cannot be run. */
const [MISSING, NOT_RUN] = [127, 126];
/** After a signal ended the command, its reader gets this long to take what is left, in ms. */
const LEFT_MS = 2_000;

/** How the command ended: what this process then ends with, too. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why it did not even start. */
  fault?: NodeJS.ErrnoException;
}

/**
 * `wrap`: runs a command as if it had been typed, and keeps how it went. The command is started before anything is loaded
 * that only the keeping needs, and whatever goes wrong with that is no reason for the command to end in another way.
 */
export async function start(argv: readonly string[] = process.argv.slice(3)): Promise<void> {
  const end = argv.indexOf('--');
  if ((end < 0 ? argv.slice(0, 1) : argv.slice(0, end)).some(word => word === '-h' || word === '--help')) {
    process.argv = [...process.argv.slice(0, 2), 'help', 'wrap'];
    return (await import('../cli/start.ts')).start();
  }
  const asked = wordsOf(argv);
  if (typeof asked !== 'string') return run(asked);
  say(`${asked}\n  next: ledgenter help wrap`);
  process.exit(EXIT.usage);
}

async function run(asked: Wrapped): Promise<void> {
  const cwd = asked.folder === undefined ? currentFolder() : resolve(asked.folder);
  if (asked.folder !== undefined && !statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    say(`-C: there is no folder ${JSON.stringify(asked.folder.slice(0, 80))}`);
    process.exit(EXIT.usage);
  }
  const place = locate(cwd, process.env);
  const pipes = pipesIn(place ? join(place.gitDir, 'ledgenter-runs') : join(homedir(), '.ledgenter', 'spool'));
  const signals = forwardSignals();
  const began = Date.now();
  const [program, ...args] = asked.command as [string, ...string[]];
  // An agent that is named here is the one that writes to the ledger from within.
  const env = asked.as === undefined ? process.env : { ...process.env, LEDGENTER_ACTOR: asked.as };
  const spawn = process.platform === 'win32' ? (await import('cross-spawn')).default : nodeSpawn;
  const child = tryToSpawn(() =>
    spawn(program, args, { ...(asked.folder === undefined ? {} : { cwd }), env, stdio: pipes.stdio }),
  );
  closeOwn(pipes);
  if (child instanceof Error) return finish({ code: null, signal: null, fault: child }, program);
  signals.to(child);
  const ended = endOf(child);
  const passed = passOn(child, pipes);
  const record = await import('./record.ts').then(
    ({ Record }) =>
      new Record({ asked, cwd, place, began, env: process.env, piped: pipes.stdio.some(one => one !== 'inherit') }),
    () => undefined,
  );
  passed.keep(chunk => record?.output.add(chunk));
  const started = record?.started();
  const how = await ended;
  const took = Date.now() - began;
  // From here on a signal is meant for this process alone, also where something else holds a pipe open.
  signals.stop();
  const drained = passed.drained();
  await (how.signal === null ? drained : Promise.race([drained, new Promise(done => setTimeout(done, LEFT_MS))]));
  await started;
  await record?.ended(how, took);
  const lost = record?.problem;
  if (lost !== undefined && how.fault === undefined) say(`what the command did was not kept: ${lost}`);
  finish(how, program);
}

/** A shell may stand in a folder that was removed, and start a command there: one that names it finds nothing. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return process.env.PWD ?? '/';
  }
}

function tryToSpawn(start: () => ChildProcess): ChildProcess | NodeJS.ErrnoException {
  try {
    return start();
  } catch (error) {
    return error as NodeJS.ErrnoException; // an argument that no system takes
  }
}

function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise(done => {
    child.once('error', fault => {
      if (child.pid === undefined) done({ code: null, signal: null, fault });
    });
    child.once('exit', (code, signal) => done({ code, signal }));
  });
}

/** Ends as the command ended. */
function finish({ code, signal, fault }: Ended, program: string): void {
  if (fault) {
    const missing = fault.code === 'ENOENT';
    say(`${JSON.stringify(program.slice(0, 80))}: ${missing ? 'there is no such program' : fault.message}`);
    process.exit(missing ? MISSING : NOT_RUN);
  }
  if (signal === null) process.exit(code ?? EXIT.internal);
  const number = constants.signals[signal] ?? 0;
  // Node takes these for itself: a shell's own number says the same.
  if (signal !== 'SIGUSR1' && signal !== 'SIGPIPE' && process.platform !== 'win32') {
    process.kill(process.pid, signal);
    // A signal to oneself is there within a turn, unless it is one that ends nothing here.
    setTimeout(() => process.exit(128 + number), 100);
    return;
  }
  process.exit(128 + number);
}

/** One line on stderr. */
function say(text: string): void {
  try {
    writeSync(2, `ledgenter: ${text.replace(/[^\P{Cc}\n]/gu, ' ')}\n`);
  } catch {
    // nobody reads it
  }
}
