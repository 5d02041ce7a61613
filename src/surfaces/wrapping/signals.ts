import type { ChildProcess } from 'node:child_process';
import { isTerminal } from '../cli/streams.ts';

const FORWARDED: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGBREAK', 'SIGHUP']
    : ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2'];
/** What a terminal sends to all that runs in front of it: the command has it already, and twice means something else. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/** Signals to this process, meant for the command. */
export interface Forwarding {
  /** To whom; what came before goes to it at once. */
  to(child: ChildProcess): void;
  stop(): void;
}

export function forwardSignals(): Forwarding {
  const terminal = ([0, 1, 2] as const).some(isTerminal);
  const early: NodeJS.Signals[] = [];
  let child: ChildProcess | undefined;
  const handlers = FORWARDED.map(signal => {
    // Whoever waited for this process to be interrupted (the command line) does so no more.
    process.removeAllListeners(signal);
    const handler = (): void => {
      // A console of Windows tells everybody in it, and killing there is no signal.
      if (process.platform === 'win32' || (terminal && FROM_TERMINAL.includes(signal))) return;
      if (child) child.kill(signal);
      else early.push(signal);
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  return {
    to(started) {
      child = started;
      for (const signal of early) started.kill(signal);
    },
    stop() {
      for (const [signal, handler] of handlers) process.off(signal, handler);
    },
  };
}
