import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** After SIGTERM a program gets this long to put things in order, in ms. */
export const LAST_WORDS_MS = 2_000;
/** Longest that the list of processes may take, in ms. */
const LIST_MS = 2_000;
/** What is started while the rest is being ended is looked for again, at most this often. */
const ROUNDS = 4;
/** A program that is just being loaded shows no environment for a moment; after this long, in ms, it is looked at again. */
const LOADING_MS = 5;

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

/** What a look at the processes found. */
interface Found {
  ids: number[];
  /** There are some of which it cannot be said yet. */
  unsure: boolean;
}

/**
 * What runs below `root` or has `mark` in its environment. What left its group and lost its parent is known by the mark
 * alone, which only Linux shows.
 * @param root undefined when it has ended: its id may be another's by now
 */
function started(root: number | undefined, mark: string): Found {
  if (process.platform !== 'linux' || !existsSync('/proc/self/stat')) {
    if (root === undefined) return { ids: [], unsure: false };
    const listed = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8', timeout: LIST_MS });
    return { ids: descendantsIn(listed.stdout ?? '', root), unsure: false };
  }
  const list: string[] = [];
  const marked: number[] = [];
  let unsure = false;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      // `pid (name) state ppid …`: the name may hold anything, brackets too.
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 2);
      list.push(`${name} ${parent}`);
      if (pid === root || state === 'Z') continue;
      const env = readFileSync(`/proc/${name}/environ`);
      if (env.includes(mark)) marked.push(pid);
      // The kernel's own threads, below 2, never have one.
      else if (env.length === 0 && pid !== 2 && parent !== '2') unsure = true;
    } catch {
      // gone meanwhile, or another's
    }
  }
  const below = root === undefined ? [] : descendantsIn(list.join('\n'), root);
  return { ids: [...new Set([...below, ...marked])], unsure };
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
    for (const other of started(pid, this.#mark).ids) this.#others.add(other);
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
      const { ids, unsure } = started(running ? pid : undefined, this.#mark);
      for (const other of ids) this.#others.add(other);
      this.#send('SIGKILL');
      this.#others.clear();
      if (ids.length === 0 && !unsure) return;
      // We may be in the midst of our own end, where nothing else waits.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOADING_MS);
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
