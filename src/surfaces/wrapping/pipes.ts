import type { ChildProcess } from 'node:child_process';
import { fstatSync, write } from 'node:fs';
import type { Readable } from 'node:stream';
import { isTerminal } from '../cli/streams.ts';

/** A pipe that another process made one that never waits is tried again after so many ms. */
const AGAIN_MS = 5;

type Stdio = ['inherit', 'inherit' | 'pipe', 'inherit' | 'pipe'];

/**
 * A terminal is the command's own, and so is stdin, whatever it is. Where stdout and stderr are one pipe or file they are
 * too: through two pipes of ours the order of what stands there would be another.
 */
export function stdioOf(): Stdio {
  if (isOne()) return ['inherit', 'inherit', 'inherit'];
  const of = (fd: 1 | 2): 'inherit' | 'pipe' => (isTerminal(fd) || isClosed(fd) ? 'inherit' : 'pipe');
  return ['inherit', of(1), of(2)];
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
export function passOn(child: ChildProcess): Passing {
  let seen = (_chunk: Buffer): void => {};
  const streams = ([1, 2] as const).map(fd => {
    const from = child.stdio[fd] as Readable | null;
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
