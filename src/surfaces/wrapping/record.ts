import { replaceRoot } from '../../kernel/redact/root.ts';
import { HOME } from '../../kernel/redact/rules/home.ts';
import { redactText } from '../../kernel/redact/text.ts';
import { formatDuration, instant } from '../../kernel/time.ts';
import type { Where } from '../events/folders.ts';
import { spool } from '../events/spooling.ts';
import type { Env } from '../hosts.ts';
import { Output, tailOf } from '../prove/output.ts';
import { pathsOf } from '../prove/spellings.ts';
import type { Located } from './locate.ts';
import { type Self, selfOf } from './self.ts';
import type { Ended } from './start.ts';
import { touchedSince } from './touched.ts';
import type { Wrapped } from './words.ts';

/** A command that goes on for long says that it lives this often, in ms. */
const BEAT_MS = 300_000;
/** Characters of a command line that are kept. */
const MAX_SHOWN = 200;
/** Characters that the end of an output takes at most as JSON: what is left of `data` is for the files. */
const MAX_TAIL = 4_000;

export interface Parts {
  asked: Wrapped;
  cwd: string;
  place: Located | undefined;
  /** ms since the epoch. */
  began: number;
  env: Env;
  /** What it prints comes by here. */
  piped: boolean;
}

type Event = { [key: string]: unknown };

/** What is kept of one wrapped command: its start, signs of life and its end. Nothing here throws. */
export class Record {
  readonly output = new Output();
  /** Why something was not kept. */
  problem: string | undefined;
  readonly #parts: Parts;
  #self: Promise<Self> | undefined;
  #beat: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async started(): Promise<void> {
    const { asked, began } = this.#parts;
    await this.#keep('task_start', began, this.#clean(asked.command.join(' ')));
    this.#beat = setInterval(() => void this.#keep('heartbeat', Date.now(), `${this.#name()} runs`), BEAT_MS);
    this.#beat.unref();
  }

  async ended({ code, signal, fault }: Ended, took: number): Promise<void> {
    clearInterval(this.#beat);
    const { began, place } = this.#parts;
    const at = began + took;
    if (fault)
      return this.#keep('error', at, `${this.#name()} could not be started: ${fault.code ?? 'no reason given'}`);
    const how = signal === null ? `exit ${code}` : `ended by ${signal}`;
    const files = place ? await touchedSince(place, began).catch(() => undefined) : undefined;
    await this.#keep('task_result', at, `${this.#name()}: ${how} after ${formatDuration(took)}`, {
      exit_code: code ?? 128,
      ...(signal === null ? {} : { signal }),
      duration_ms: took,
      ...(files
        ? { files: files.paths.map(path => this.#clean(path)), ...(files.more > 0 ? { more_files: files.more } : {}) }
        : {}),
      ...this.#printed(),
    });
  }

  #printed(): Event {
    const { piped, place, cwd, env } = this.#parts;
    if (!piped || this.output.bytes === 0) return {};
    const { text } = tailOf(this.output.end(), pathsOf(place?.topLevel ?? cwd, cwd, env), this.output.cut);
    let tail = text;
    while (JSON.stringify(tail).length > MAX_TAIL) tail = tail.slice(Math.ceil(tail.length / 10));
    return { output_bytes: this.output.bytes, ...(tail === '' ? {} : { output_tail: redactText(tail).text }) };
  }

  async #keep(event: string, at: number, summary: string, data?: Event): Promise<void> {
    try {
      const { asked, place, cwd, env } = this.#parts;
      this.#self ??= selfOf({ asked, place, cwd, env });
      const { agent, kind, run, chain, where } = await this.#self;
      const task = asked.task?.toLowerCase();
      spool(where satisfies Where, {
        ts: instant(at),
        agent,
        event,
        ...(task === undefined ? {} : { task_id: task.startsWith('t-') ? task : `t-${task}` }),
        source: 'wrap',
        summary,
        ...(data === undefined ? {} : { data }),
        ...(run === undefined ? {} : { run_id: run }),
        ...(chain === undefined ? {} : { chain }),
        kind,
      });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.problem ??= String(code ?? message).slice(0, 200);
    }
  }

  /** The program, without the folder that it lies in. */
  #name(): string {
    return this.#clean(this.#parts.asked.command[0]!.split(/[\\/]/).at(-1)!);
  }

  /** One short line without secrets and paths of this machine. */
  #clean(text: string): string {
    const { place, cwd, env } = this.#parts;
    const { roots, homes } = pathsOf(place?.topLevel ?? cwd, cwd, env);
    let now = text.slice(0, 20 * MAX_SHOWN);
    for (const root of [...roots].sort((a, b) => b.length - a.length)) now = replaceRoot(now, root, () => {});
    for (const home of homes) now = replaceRoot(now, home, () => {}, HOME);
    const line = redactText(now)
      .text.replace(/[\p{Cc}\u2028\u2029\ufffd]+/gu, ' ')
      .trim();
    const shown = [...line];
    return shown.length <= MAX_SHOWN ? line || '?' : `${shown.slice(0, MAX_SHOWN).join('')}…`;
  }
}
