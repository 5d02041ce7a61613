import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Socket } from 'node:net';

/** Pipes of a child are sockets, whose hold on the event loop can be let go. */
function pipes(child: ChildProcessWithoutNullStreams): Socket[] {
  return [child.stdin, child.stdout, child.stderr] as unknown as Socket[];
}

/** A helper that nothing is asked of lets this process end. It ends itself when its stdin closes with us. */
export function idle(child: ChildProcessWithoutNullStreams): void {
  child.unref();
  for (const pipe of pipes(child)) pipe.unref();
}

/** While an answer is awaited, the process stays. */
export function wake(child: ChildProcessWithoutNullStreams): void {
  child.ref();
  for (const pipe of pipes(child)) pipe.ref();
}

/** Closes the helper's stdin and waits for its end: a folder it stands in can be removed afterwards, on Windows too. */
export function endHelper(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  wake(child);
  return new Promise(resolve => {
    const impatient = setTimeout(() => child.kill('SIGKILL'), 2000);
    child.once('close', () => {
      clearTimeout(impatient);
      resolve();
    });
    child.stdin.end();
  });
}
