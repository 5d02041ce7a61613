import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { faultOf } from './faults.ts';
import { endHelper, idle, wake } from './helper.ts';
import { type RunOptions, startFault, startGit } from './run.ts';

/** Longer than the lock time-outs git is given, in ms. */
const BOUND_MS = 30_000;

/**
 * One `git update-ref --stdin` that is kept running: 0.1–0.3 ms a transaction against 4–9 ms a process. It ends itself
 * at the first transaction that cannot be prepared; the next one starts another.
 */
export class RefTransactions {
  readonly #options: RunOptions;
  #child: ChildProcessWithoutNullStreams | undefined;
  #line: Promise<unknown> = Promise.resolve();

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /**
   * Runs one transaction, all or nothing; those of one process wait for each other.
   * @param commands lines of git-update-ref(1), without `start`, `prepare`, `commit`
   * @returns undefined when it was committed, else git's reason
   */
  run(commands: readonly string[]): Promise<string | undefined> {
    const mine = this.#line.then(() => this.#run(commands));
    this.#line = mine.catch(() => {});
    return mine;
  }

  async close(): Promise<void> {
    await this.#line;
    const child = this.#child;
    this.#child = undefined;
    if (child) await endHelper(child);
  }

  #run(commands: readonly string[]): Promise<string | undefined> {
    this.#child ??= this.#start();
    const child = this.#child;
    wake(child);
    return new Promise((resolve, reject) => {
      let out = '';
      let err = '';
      const timer = setTimeout(() => child.kill('SIGTERM'), BOUND_MS);
      const done = (): void => {
        clearTimeout(timer);
        child.stdout.off('data', read);
        child.stderr.off('data', readError);
        child.off('close', closed).off('error', failed);
        idle(child);
      };
      const read = (chunk: Buffer): void => {
        out += chunk.toString('latin1');
        if (!out.includes('commit: ok\n')) return;
        done();
        resolve(undefined);
      };
      const readError = (chunk: Buffer): void => {
        err = (err + chunk.toString('utf8')).slice(-8192);
      };
      const closed = (_code: number | null, signal: string | null): void => {
        done();
        this.#child = undefined;
        if (signal) reject(faultOf('git update-ref', `ended by ${signal}`));
        else resolve(err || 'git update-ref ended without a reason');
      };
      const failed = (error: Error): void => {
        done();
        this.#child = undefined;
        reject(startFault(error, this.#options.cwd));
      };
      child.stdout.on('data', read);
      child.stderr.on('data', readError);
      child.once('close', closed).once('error', failed);
      child.stdin.write(['start', ...commands, 'prepare', 'commit', ''].join('\n'));
    });
  }

  #start(): ChildProcessWithoutNullStreams {
    return startGit(['update-ref', '--stdin'], this.#options);
  }
}
