import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { LAUNCHER, Stage } from '../e2e/stage.ts';

const EXAMPLES = fileURLToPath(new URL('../../docs/examples/', import.meta.url));

/** A fenced block of a page, in its order. */
export interface Block {
  /** Line of the page on which its fence stands. */
  line: number;
  text: string;
  /** A file of the example instead of commands: its name. */
  file?: string;
  /** What the page shows of its output. */
  shown?: string;
}

/**
 * The blocks of a page that are run: ` ```sh ` is a piece of one shell script; ` ```sh name ` is the file `name`, which
 * stands in the example's folder from the beginning; a ` ```text ` right behind a block is what it prints. Others are prose.
 */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  const lines = page.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const fence = /^```(\S+)(?: +(\S+))?\s*$/.exec(lines[at]!);
    if (!fence) continue;
    const line = at + 1;
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`the fence of line ${line} is not closed`);
    const text = lines.slice(at + 1, end).join('\n');
    const [, language, file] = fence;
    const last = blocks.at(-1);
    if (language === 'sh') blocks.push({ line, text, ...(file === undefined ? {} : { file }) });
    else if (language === 'text' && last && last.shown === undefined && !last.file) last.shown = text;
    at = end;
  }
  return blocks;
}

/** Lines that the output lacks, looked for in their order; `…` stands for anything on its line, and alone for any lines. */
export function missing(shown: string, output: string): string[] {
  const rest = output.split(/\r?\n/);
  const absent: string[] = [];
  for (const line of shown.split('\n')) {
    if (line.trim() === '' || line.trim() === '…') continue;
    const form = new RegExp(`^${line.trim().split('…').map(literal).join('.*')}$`);
    const at = rest.findIndex(one => form.test(one.trim()));
    if (at < 0) absent.push(line);
    else rest.splice(0, at + 1);
  }
  return absent;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** How an example is set up beyond its page. */
export interface Setting {
  env?: Record<string, string>;
  /** Programs on the PATH beside `ledgenter`: name and a Node script, or a shell script that begins with `#!`. */
  programs?: Record<string, string>;
}

/** What an example left behind, for a test to look at. */
export interface Played {
  stage: Stage;
  /** The folder in which the blocks ran. */
  cwd: string;
  /** Output of each block, in their order; files have none. */
  outputs: string[];
}

/**
 * Runs the blocks of `docs/examples/<page>` as one script of a POSIX shell, in a new folder with a home of its own and
 * the built `ledgenter` on the PATH. A block that fails, or that prints something else than the page shows, fails the test.
 */
export async function playExample(t: Test, page: string, { env = {}, programs = {} }: Setting = {}): Promise<Played> {
  const stage = new Stage(t.testdir());
  const cwd = stage.path('example');
  const bin = stage.path('bin');
  for (const folder of [cwd, bin]) mkdirSync(folder, { recursive: true });
  const all = { ledgenter: `#!/bin/sh\nexec "${process.execPath}" "${LAUNCHER}" "$@"\n`, ...programs };
  for (const [name, text] of Object.entries(all)) addProgram(stage, bin, name, text);
  const blocks = blocksOf(readFileSync(join(EXAMPLES, page), 'utf8'));
  const run: Block[] = [];
  for (const block of blocks) {
    if (block.file === undefined) run.push(block);
    else writeProgram(join(cwd, block.file), `${block.text}\n`);
  }
  const mark = (index: number): string => `=== block ${index} ===`;
  const script = run.map(({ text }, index) => `printf '%s\\n' '${mark(index)}'\n${text}`).join('\n');
  const path = `${bin}${delimiter}${process.env.PATH ?? ''}`;
  const { code, out, err } = await stage.start('sh', ['-e', '-c', `exec 2>&1\n${script}`], cwd, {
    env: { PATH: path, ...env },
  }).ended;
  const outputs = run.map((_, index) => between(out, mark(index), mark(index + 1)));
  const reached = outputs.findLastIndex(text => text !== undefined);
  t.equal(code, 0, `${page}, line ${run[reached]?.line}: ${(outputs[reached] ?? out).slice(-2000)}${err}`);
  for (const [index, { line, shown }] of run.entries()) {
    if (shown === undefined) continue;
    t.same(missing(shown, outputs[index] ?? ''), [], `${page}, line ${line}, shows what is printed: ${outputs[index]}`);
  }
  return { stage, cwd, outputs: outputs.map(text => text ?? '') };
}

function between(out: string, from: string, to: string): string | undefined {
  const start = out.indexOf(`${from}\n`);
  if (start < 0) return undefined;
  const end = out.indexOf(`${to}\n`, start);
  return out.slice(start + from.length + 1, end < 0 ? undefined : end);
}

function addProgram(stage: Stage, bin: string, name: string, text: string): void {
  if (text.startsWith('#!')) {
    writeProgram(join(bin, name), text);
    return;
  }
  const script = stage.path(`${name}.mjs`);
  writeFileSync(script, text);
  writeProgram(join(bin, name), `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
}

function writeProgram(path: string, text: string): void {
  if (existsSync(path)) throw new Error(`there are two files ${path}`);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** Why examples are not run here; false where they are. */
export const SKIP: false | string = process.platform === 'win32' && 'the examples are written for a POSIX shell';
