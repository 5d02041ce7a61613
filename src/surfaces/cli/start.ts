import { LedgerError } from '../../kernel/errors.ts';
import { openOffice } from '../compose.ts';
import { OPERATIONS } from '../operations.ts';
import { makeRegistry } from '../registry.ts';
import { main } from './main.ts';
import { isTerminal, outputOn } from './streams.ts';
import type { World } from './world.ts';

/** How long an interrupted command may take to put things in order, in ms. */
const GRACE_MS = 3000;

/** The real process as a {@link World}. */
export function processWorld(outputs: Pick<World, 'stdout' | 'stderr'>, argv: readonly string[]): World {
  return {
    argv,
    env: process.env,
    cwd: currentFolder(),
    stdin: { isTTY: isTerminal(0), read: readStdin },
    ...outputs,
    registry: makeRegistry(OPERATIONS),
    openOffice,
    ask: async (question, choices) => (await import('./ask.ts')).askOnTerminal(question, choices),
  };
}

/** A shell may stand in a folder that was removed: named, it is told as missing where it is needed, and nowhere else. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return process.env.PWD ?? 'the folder that was removed';
  }
}

/** The whole life of the `ledgenter` process. */
export async function start(): Promise<void> {
  let code = 0;
  // A reader that went away (`| head`) is no fault, and what was done stays done.
  const gone = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') process.exit(code);
    throw error;
  };
  const stdout = outputOn(1, () => process.stdout, gone);
  const stderr = outputOn(2, () => process.stderr, gone);
  const interrupted = new AbortController();
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const)
    process.on(signal, () => {
      if (interrupted.signal.aborted) process.exit(128 + number);
      interrupted.abort();
      setTimeout(() => process.exit(128 + number), GRACE_MS).unref();
    });
  code = await main({ ...processWorld({ stdout, stderr }, process.argv.slice(2)), signal: interrupted.signal });
  process.exitCode = code;
  await stdout.flushed();
  await stderr.flushed();
  process.exit(code);
}

/** @throws LedgerError TOO_LARGE beyond `limit` bytes; BAD_INPUT when it is no UTF-8. */
async function readStdin(limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    size += (chunk as Buffer).length;
    if (size > limit) throw new LedgerError('TOO_LARGE', `stdin has more than ${limit} bytes`);
    chunks.push(chunk as Buffer);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new LedgerError('BAD_INPUT', 'stdin is no UTF-8 text');
  }
}

export { main };
