import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { LedgerError } from '../../kernel/errors.ts';
import { MAX_OBJECT } from '../encoding/names.ts';
import { faultOf } from './faults.ts';
import { endHelper, idle, wake } from './helper.ts';
import { type RunOptions, startFault, startGit } from './run.ts';

export interface FoundObject {
  oid: string;
  type: string;
  /** Bytes of the whole object. */
  size: number;
  /** undefined when the object is over 2 MB: its bytes are passed over. */
  body: Buffer | undefined;
}

interface Request {
  spec: string;
  resolve(found: FoundObject | undefined): void;
  reject(error: Error): void;
}

/** An object larger than this is not passed over byte by byte: the process is ended and another started. */
const TOO_LONG_TO_SKIP = 64 << 20;
/** A helper that is silent this long while something is asked of it is replaced, in ms. */
const SILENCE_MS = 60_000;
const MAX_RESTARTS = 2;

/**
 * One `git cat-file --batch` that lives as long as the store: started by the first question, started again when it
 * dies, never in the way of the process's end. Answers come in the order of the questions, which are sent at once.
 */
export class CatFile {
  readonly #options: RunOptions;
  #child: ChildProcessWithoutNullStreams | undefined;
  #waiting: Request[] = [];
  /** Place of the oldest unanswered question in `#waiting`. */
  #next = 0;
  #buffer: Buffer = Buffer.alloc(0);
  #skip = 0;
  #skipped: FoundObject | undefined;
  #restarts = 0;
  #stderr = '';
  /** Questions of this moment: sent in one piece, for a write to a pipe costs more than the answer. */
  #unsent: string[] = [];
  #silence: NodeJS.Timeout | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /**
   * The objects that `specs` name, undefined where there is none. A spec goes to git as it is: the caller has made sure
   * that it is an oid, `<oid>:<path>` or a full ref name, without a line end.
   */
  ask(specs: readonly string[]): Promise<(FoundObject | undefined)[]> {
    if (specs.length === 0) return Promise.resolve([]);
    const answers = specs.map(
      spec =>
        new Promise<FoundObject | undefined>((resolve, reject) => {
          this.#waiting.push({ spec, resolve, reject });
        }),
    );
    const child = this.#child ?? this.#start(specs.length);
    wake(child);
    this.#watch(child);
    if (this.#unsent.length === 0) queueMicrotask(() => this.#send(child));
    for (const spec of specs) this.#unsent.push(spec);
    return Promise.all(answers);
  }

  /** The process that answers now, if any. */
  get child(): ChildProcessWithoutNullStreams | undefined {
    return this.#child;
  }

  /** Ends the process; whoever still waits for an answer gets CANCELLED. */
  async close(): Promise<void> {
    const child = this.#child;
    this.#fail(new LedgerError('CANCELLED', 'the store was closed'));
    if (child) await endHelper(child);
  }

  #send(child: ChildProcessWithoutNullStreams): void {
    if (this.#child !== child) return; // what was asked of another has failed by now
    const specs = this.#unsent;
    this.#unsent = [];
    child.stdin.write(`${specs.join('\n')}\n`);
  }

  /** @param unsent how many of the waiting questions the caller is about to send itself */
  #start(unsent: number): ChildProcessWithoutNullStreams {
    const child = startGit(['cat-file', '--batch'], this.#options);
    this.#child = child;
    this.#buffer = Buffer.alloc(0);
    this.#skip = 0;
    this.#skipped = undefined;
    this.#stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (this.#child !== child) return;
      this.#silence?.refresh();
      this.#read(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4096);
    });
    child.once('error', error => this.#fail(startFault(error, this.#options.cwd)));
    child.once('close', () => {
      if (this.#child === child) this.#restart();
    });
    const again = this.#waiting.slice(this.#next, this.#waiting.length - unsent);
    if (again.length > 0) child.stdin.write(`${again.map(request => request.spec).join('\n')}\n`);
    return child;
  }

  #watch(child: ChildProcessWithoutNullStreams): void {
    this.#silence ??= setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
  }

  #restart(): void {
    this.#child = undefined;
    clearTimeout(this.#silence);
    this.#silence = undefined;
    if (this.#next === this.#waiting.length) return;
    if (this.#restarts++ < MAX_RESTARTS) this.#watch(this.#start(0));
    else this.#fail(faultOf('git cat-file', this.#stderr));
  }

  #fail(error: Error): void {
    const lost = this.#waiting.slice(this.#next);
    this.#waiting = [];
    this.#unsent = [];
    this.#next = 0;
    this.#restarts = 0;
    this.#child = undefined;
    clearTimeout(this.#silence);
    this.#silence = undefined;
    for (const request of lost) request.reject(error);
  }

  #read(chunk: Buffer): void {
    let data = this.#buffer.length > 0 ? Buffer.concat([this.#buffer, chunk]) : chunk;
    this.#buffer = Buffer.alloc(0);
    while (data.length > 0) {
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, data.length);
        this.#skip -= passed;
        data = data.subarray(passed);
        if (this.#skip === 0) this.#answer(this.#skipped);
        continue;
      }
      const used = this.#readOne(data);
      if (used === 0) break;
      data = data.subarray(used);
    }
    // A copy: the rest must not keep the whole chunk alive.
    this.#buffer = data.length > 0 ? Buffer.from(data) : data;
  }

  /** Bytes used up by one whole answer, 0 when it is not all here yet. */
  #readOne(data: Buffer): number {
    const end = data.indexOf(10);
    if (end < 0) return 0;
    const head = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(data.toString('latin1', 0, end));
    if (!head) {
      this.#answer(undefined);
      return end + 1;
    }
    const found = { oid: head[1]!, type: head[2]!, size: Number(head[3]), body: undefined };
    if (found.size > MAX_OBJECT) {
      if (found.size > TOO_LONG_TO_SKIP) {
        this.#skip = Number.MAX_SAFE_INTEGER;
        this.#answer(found);
        this.#child?.kill('SIGKILL');
        return data.length;
      }
      this.#skip = found.size + 1;
      this.#skipped = found;
      return end + 1;
    }
    const stop = end + 1 + found.size;
    if (data.length < stop + 1) return 0;
    this.#answer({ ...found, body: Buffer.from(data.subarray(end + 1, stop)) });
    return stop + 1;
  }

  #answer(found: FoundObject | undefined): void {
    const request = this.#waiting[this.#next++]!;
    this.#restarts = 0;
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
      clearTimeout(this.#silence);
      this.#silence = undefined;
      if (this.#child) idle(this.#child);
    }
    request.resolve(found);
  }
}
