import { type ChildProcess, spawnSync } from 'node:child_process';

/** After SIGTERM a program gets this long to put things in order, in ms. */
export const LAST_WORDS_MS = 2_000;
/** Longest that the list of processes may take, in ms. */
const LIST_MS = 2_000;

/** The ids below `root` in a list of `pid ppid` lines, by who started whom. */
export function descendantsIn(list: string, root: number): number[] {
  const children = new Map<number, number[]>();
  for (const line of list.split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid && parent) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = new Set<number>();
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (child === root || found.has(child)) continue;
      found.add(child);
      open.push(child);
    }
  }
  return [...found];
}

/** A program with all that it started: its process group, and those that left the group while they still have parents. */
export class Tree {
  readonly #child: ChildProcess;
  readonly #others = new Set<number>();

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Sends a signal to all of it; on Windows there is only the end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    if (process.platform === 'win32') {
      spawnSync('taskkill', ['/PID', String(pid), '/T', '/F'], {
        stdio: 'ignore',
        timeout: LIST_MS,
        windowsHide: true,
      });
      return;
    }
    const listed = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8', timeout: LIST_MS });
    for (const other of descendantsIn(listed.stdout ?? '', pid)) this.#others.add(other);
    this.#send(signal);
  }

  /** Ends at once what is left of it as far as it is known: when the program itself has ended, or when we end. */
  endRest(): void {
    this.#send('SIGKILL');
  }

  #send(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.#child;
    if (pid === undefined || process.platform === 'win32') return;
    for (const one of [-pid, ...this.#others]) send(one, signal);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone already
  }
}
