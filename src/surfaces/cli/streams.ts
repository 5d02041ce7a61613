import { once } from 'node:events';
import { fstatSync, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Sink } from './world.ts';

/** True for a terminal, without making Node's stream for it (1 to 3 ms of CPU): a pipe or a file is none. */
export function isTerminal(fd: 0 | 1 | 2): boolean {
  try {
    const found = fstatSync(fd);
    if (process.platform !== 'win32') {
      if (!found.isCharacterDevice() || found.rdev === statSync(devNull).rdev) return false;
    }
  } catch {
    return false; // closed
  }
  return [process.stdin, process.stdout, process.stderr][fd]!.isTTY === true;
}

/** stdout or stderr: a pipe or a file is written to at once, everything else through Node's stream. */
export interface Output extends Sink {
  /** Waits until all of it is on its way. */
  flushed(): Promise<void>;
}

/**
 * @param open Node's stream for `fd`, called when it is needed
 * @param gone called when the reader went away
 */
export function outputOn(
  fd: 1 | 2,
  open: () => NodeJS.WriteStream,
  gone: (error: NodeJS.ErrnoException) => void,
): Output {
  let stream: NodeJS.WriteStream | undefined;
  const theStream = (): NodeJS.WriteStream => {
    stream ??= open().on('error', gone);
    return stream;
  };
  if (process.platform === 'win32' || isTerminal(fd)) theStream();
  return {
    isTTY: stream?.isTTY === true,
    ...(stream?.columns === undefined ? {} : { columns: stream.columns }),
    write(text) {
      const rest = stream ? Buffer.from(text) : writeNow(fd, Buffer.from(text), gone);
      if (rest.length > 0) theStream().write(rest);
    },
    async flushed() {
      if (stream && stream.writableLength > 0) await once(stream, 'drain');
    },
  };
}

/** Writes what the reader takes now. Answers the rest: the other end of a pipe may have made it one that never waits. */
function writeNow(fd: number, bytes: Buffer, gone: (error: NodeJS.ErrnoException) => void): Buffer {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') gone(error as NodeJS.ErrnoException);
  }
  return rest;
}
