import { constants, type Dirent } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import type { SourceFile, SourceFiles } from '../../rooms/importing/common/files.ts';
import { frontMatter, yamlMap } from './frontmatter.ts';

/** Largest file that is read, in bytes. */
const MAX_FILE = 1_048_576;
/** Most files and folders of a directory, most bytes of all its files, deepest folder. */
const MAX_FILES = 50_000;
const MAX_TOTAL = 268_435_456;
const MAX_DEPTH = 12;

interface Found extends SourceFiles {
  bytes: number;
}

/**
 * The texts of a directory, in the order of their paths. It is somebody else's: nothing of it is run, no link is followed,
 * nothing outside of it is read, and what cannot be read is told.
 * @throws LedgerError NOT_FOUND, BAD_INPUT when it is none or too large
 */
export async function readDirectory(folder: string, context: Context): Promise<SourceFiles> {
  const root = await rootOf(folder);
  const found: Found = { files: [], problems: [], bytes: 0 };
  const paths = await listed(root, found);
  for (const [index, path] of paths.entries()) {
    if (context.signal?.aborted) throw new LedgerError('CANCELLED', 'stopped while reading; nothing was written');
    context.progress?.(index, paths.length, 'reading files');
    await readInto(found, root, path);
  }
  return { files: found.files, problems: found.problems };
}

async function rootOf(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await stat(root)).isDirectory()) return root;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new LedgerError('BAD_INPUT', `${folder} cannot be read: ${message}`);
    throw new LedgerError('NOT_FOUND', `there is no folder ${folder}`);
  }
  throw new LedgerError('BAD_INPUT', `${folder} is no folder`);
}

/** Paths of all files below, with `/`; links, sockets and the like are told. */
async function listed(root: string, found: Found): Promise<string[]> {
  const out: string[] = [];
  const folders = [''];
  let seen = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const depth = folder === '' ? 0 : folder.split('/').length;
    const entries = await inFolder(root, folder, found);
    seen += entries.length;
    if (seen > MAX_FILES) throw new LedgerError('BAD_INPUT', `${root} has more than ${MAX_FILES} files and folders`);
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isSymbolicLink()) found.problems.push({ code: 'symlink', file: path });
      else if (entry.isFile()) out.push(path);
      else if (entry.isDirectory() && depth < MAX_DEPTH) folders.push(path);
      else found.problems.push({ code: 'not_a_file', file: path });
    }
  }
  return out.sort();
}

async function inFolder(root: string, folder: string, found: Found): Promise<Dirent[]> {
  try {
    return await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    found.problems.push({ code: 'unreadable', file: folder === '' ? '.' : folder, detail: code });
    return [];
  }
}

async function readInto(found: Found, root: string, path: string): Promise<void> {
  const content = await bytesOf(join(root, path));
  if ('code' in content) {
    found.problems.push({ code: content.code, file: path, ...(content.detail ? { detail: content.detail } : {}) });
    return;
  }
  found.bytes += content.bytes.length;
  if (found.bytes > MAX_TOTAL) throw new LedgerError('BAD_INPUT', `${root} has more than ${MAX_TOTAL} bytes of text`);
  const text = textOf(content.bytes);
  if (text === undefined) {
    found.problems.push({ code: 'not_text', file: path, detail: `${content.bytes.length} bytes` });
    return;
  }
  found.files.push(await parsed(path, text, found));
}

type Bytes = { bytes: Buffer } | { code: 'too_large' | 'not_a_file' | 'unreadable' | 'symlink'; detail?: string };

/** The bytes of a regular file. It is opened so that a link put in its place meanwhile is not followed. */
async function bytesOf(path: string): Promise<Bytes> {
  try {
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const file = await open(path, flags);
    try {
      const found = await file.stat();
      if (!found.isFile()) return { code: 'not_a_file' };
      if (found.size > MAX_FILE) return { code: 'too_large', detail: `${found.size} bytes, at most ${MAX_FILE}` };
      return { bytes: await file.readFile() };
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return code === 'ELOOP' ? { code: 'symlink' } : { code: 'unreadable', detail: code };
  }
}

/** The text of UTF-8 bytes; undefined where they are none. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function parsed(path: string, text: string, found: Found): Promise<SourceFile> {
  if (/\.ya?ml$/i.test(path)) {
    const read = await yamlMap(text);
    if ('fields' in read) return { path, ...read, body: '', line: 1 };
    found.problems.push({ file: path, ...read.problem });
    return { path, body: text, line: 1 };
  }
  if (!/\.md$/i.test(path)) return { path, body: text, line: 1 };
  const { problem, ...rest } = await frontMatter(text);
  if (problem) found.problems.push({ file: path, ...problem });
  return { path, ...rest };
}
