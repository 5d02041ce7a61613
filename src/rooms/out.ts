import * as z from 'zod/mini';
import { mark } from '../kernel/fields.ts';
import { definePort } from '../kernel/operation.ts';

/** Puts texts into files that the caller named, where the caller may have files. */
export interface OutFile {
  /**
   * Writes a file whole. One that is there is left alone unless it holds the same already, or `replace` says otherwise.
   * @throws LedgerError REFUSED for a file that is there, and from a server, NOT_FOUND without its folder
   */
  write(path: string, text: string, replace: boolean): 'written' | 'unchanged';
}

export const outFile = definePort<OutFile>('out-file');

/** Where an answer goes besides: a file of the caller's. */
export const outFields = () => ({
  output: z.optional(
    mark(
      z.string().check(
        z.minLength(1),
        z.maxLength(4_000),
        z.refine(path => !path.includes('\0'), { error: 'has a NUL' }),
      ),
      { machine: true, form: 'a file' },
    ),
  ),
  replace: z.optional(z.boolean()),
});

/** How a text is told: for people, or for programs. */
export const FORMATS = ['markdown', 'json'] as const;
