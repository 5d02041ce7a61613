import type { Office } from '../../exchange/office.ts';
import type { OfficeOptions } from '../compose.ts';
import type { Registry } from '../registry.ts';

/** A stream that text goes to. */
export interface Sink {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Everything a command line touches, so that a test can give it another. */
export interface World {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  stdin: { isTTY: boolean; read(limit: number): Promise<string> };
  stdout: Sink;
  stderr: Sink;
  /** Asks a person; only called on a terminal. */
  ask(question: string, choices: readonly string[]): Promise<string>;
  /** Aborted when the user interrupts. */
  signal?: AbortSignal;
  registry: Registry;
  openOffice(options: OfficeOptions): Promise<Office>;
}
