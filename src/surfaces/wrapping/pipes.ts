import { type ChildProcess, spawnSync } from 'node:child_process';
import { closeSync, constants, fstatSync, mkdirSync, openSync, rmSync, write } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { isTerminal } from '../cli/streams.ts';

/** A pipe that another process made one that never waits is tried again after so many ms. */
const AGAIN_MS = 5;

/** Longest that the pipes may take to be made, in ms. */
const MAKE_MS = 1_000;

/** What a command is started with, and where what it prints comes out. */
export interface Pipes {
  stdio: ('inherit' | 'pipe' | number)[];
  /** Ends of pipes of ours that are read, by the number that the command writes to. */
  ends: Map<1 | 2, number>;
}

/**
 * A terminal is the command's own, and so is stdin, whatever it is. Where stdout and stderr are one pipe or file they are
 * too: through two pipes of ours the order of what stands there would be another.
 * @param folder where pipes may be made for a moment
 */
export function pipesIn(folder: string): Pipes {
  const piped = isOne() ? [] : ([1, 2] as const).filter(fd => !isTerminal(fd) && !isClosed(fd));
  const stdio: Pipes['stdio'] = ['inherit', 'inherit', 'inherit'];
  const ends: Pipes['ends'] = new Map();
  if (piped.length === 0) return { stdio, ends };
  const made = process.platform === 'win32' ? undefined : makePipes(folder, piped.length);
  for (const [index, fd] of piped.entries()) {
    stdio[fd] = made?.[index]?.to ?? 'pipe';
    if (made) ends.set(fd, made[index]!.from);
  }
  return { stdio, ends };
}

/** The command has the other ends now. */
export function closeOwn({ stdio }: Pipes): void {
  for (const one of stdio) if (typeof one === 'number') closeSync(one);
}

/**
 * Real pipes: what Node gives a child as one is a socket, which `/dev/stdout` cannot open again, and whose writer hears of
 * a reset instead of SIGPIPE when its reader has gone.
 * @returns undefined where none can be made
 */
function makePipes(folder: string, count: number): { from: number; to: number }[] | undefined {
  const paths = Array.from({ length: count }, (_, n) => join(folder, `wrap-${process.pid}-${Date.now()}-${n}`));
  const opened: { from: number; to: number }[] = [];
  try {
    mkdirSync(folder, { recursive: true });
    const { status } = spawnSync('mkfifo', ['-m', '600', ...paths], { stdio: 'ignore', timeout: MAKE_MS });
    if (status !== 0) return undefined;
    for (const path of paths) {
      // Reading does not wait for a writer, and then writing need not wait for a reader.
      const from = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      opened.push({ from, to: openSync(path, constants.O_WRONLY) });
    }
    return opened;
  } catch {
    for (const { from, to } of opened) for (const fd of [from, to]) closeSync(fd);
    return undefined;
  } finally {
    for (const path of paths) discard(path);
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // it was never made
  }
}

function isClosed(fd: number): boolean {
  try {
    fstatSync(fd);
    return false;
  } catch {
    return true;
  }
}

function isOne(): boolean {
  try {
    const [out, err] = [fstatSync(1, { bigint: true }), fstatSync(2, { bigint: true })];
    // In the null device nothing has an order.
    return !out.isCharacterDevice() && out.ino !== 0n && out.ino === err.ino && out.dev === err.dev;
  } catch {
    return false;
  }
}

/** The bytes of a command on their way. */
export interface Passing {
  /** Called with everything that comes, from the first byte on where it is asked for before the next turn. */
  keep(seen: (chunk: Buffer) => void): void;
  /** When all of it is where it was to go, or its reader has gone. */
  drained(): Promise<unknown>;
}

/**
 * Hands on what a command prints, byte for byte. Written by threads of the system: a reader that is slow holds up the
 * command, as it would without us, and no signal.
 */
export function passOn(child: ChildProcess, { ends }: Pipes): Passing {
  let seen = (_chunk: Buffer): void => {};
  const streams = ([1, 2] as const).map(fd => {
    const end = ends.get(fd);
    const from = end === undefined ? (child.stdio[fd] as Readable | null) : new Socket({ fd: end, writable: false });
    return from ? handOn(from, fd, chunk => seen(chunk)) : Promise.resolve();
  });
  return {
    keep(call) {
      seen = call;
    },
    drained: () => Promise.all(streams),
  };
}

async function handOn(from: Readable, fd: number, seen: (chunk: Buffer) => void): Promise<void> {
  try {
    for await (const chunk of from) {
      seen(chunk as Buffer);
      await written(fd, chunk as Buffer);
    }
  } catch {
    // Its reader has gone: the command is told so by its own next write.
    from.destroy();
  }
}

async function written(fd: number, chunk: Buffer): Promise<void> {
  for (let rest = chunk; rest.length > 0; ) {
    const [error, count] = await new Promise<[NodeJS.ErrnoException | null, number]>(done =>
      write(fd, rest, 0, rest.length, null, (...how) => done([how[0], how[1]])),
    );
    if (!error) rest = rest.subarray(count);
    else if (error.code === 'EAGAIN') await new Promise(done => setTimeout(done, AGAIN_MS));
    else throw error;
  }
}
