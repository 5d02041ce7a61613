import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** After SIGTERM a program gets this long to put things in order, in ms. */
export const LAST_WORDS_MS = 2_000;
/** Longest that the list of processes may take, in ms. */
const LIST_MS = 2_000;
/** What is started while the rest is being ended is looked for again, this often. */
const ROUNDS = 3;

/**
 * The variable by which what a check started is known on Linux, wherever it went: a word of its own, behind those of the
 * checks that it runs in.
 */
export const MARK = 'LEDGENTER_CHECK';

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

/**
 * The ids of what runs below `root` or has `mark` in its environment. What left its group and lost its parent is known by
 * the mark alone, which only Linux shows.
 * @param root undefined when it has ended: its id may be another's by now
 */
function started(root: number | undefined, mark: string): number[] {
  if (process.platform !== 'linux' || !existsSync('/proc/self/stat')) {
    if (root === undefined) return [];
    const listed = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8', timeout: LIST_MS });
    return descendantsIn(listed.stdout ?? '', root);
  }
  const list: string[] = [];
  const marked: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      // `pid (name) state ppid …`: the name may hold anything, brackets too.
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      list.push(`${name} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ', 2)[1]}`);
      if (pid !== root && readFileSync(`/proc/${name}/environ`).includes(mark)) marked.push(pid);
    } catch {
      // gone meanwhile, or another's
    }
  }
  const below = root === undefined ? [] : descendantsIn(list.join('\n'), root);
  return [...new Set([...below, ...marked])];
}

/** A program with all that it started: its process group, and what left the group as far as it is found. */
export class Tree {
  readonly #child: ChildProcess;
  readonly #mark: string;
  readonly #others = new Set<number>();

  /** @param mark its word in {@link MARK}, that no other has */
  constructor(child: ChildProcess, mark: string) {
    this.#child = child;
    this.#mark = mark;
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
    for (const other of started(pid, this.#mark)) this.#others.add(other);
    this.#send(signal);
  }

  /** Ends at once what is left of it: when the program itself has ended, or when we end. */
  endRest(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    const running = this.#child.exitCode === null && this.#child.signalCode === null;
    if (process.platform === 'win32') {
      // Of one that has ended, nothing tells any more what it started.
      if (running) this.end('SIGKILL');
      return;
    }
    for (let round = 0; round < ROUNDS; round++) {
      const found = started(running ? pid : undefined, this.#mark);
      for (const other of found) this.#others.add(other);
      this.#send('SIGKILL');
      this.#others.clear();
      if (found.length === 0) return;
    }
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
