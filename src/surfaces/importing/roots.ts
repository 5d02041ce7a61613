import { lstat, readFile } from 'node:fs/promises';
import { basename, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { isKey } from '../../kernel/record.ts';
import { yamlMap } from './frontmatter.ts';

/** Where the records of another system lie, and what its settings say. */
export interface Root {
  folder: string;
  /** What the project is called over there. */
  name?: string;
  /** The ledger that a workspace of taskledger has checked out. */
  current?: string;
}

/** Largest settings file, in bytes. */
const MAX_SETTINGS = 262_144;

/** The folder of a Backlog.md project: the one given, or that inside it. @throws LedgerError NOT_FOUND, BAD_INPUT */
export async function backlogRoot(given: string): Promise<Root> {
  const dir = await folderAt(given, 'backlog');
  const settings = await yamlAt(join(dir, 'backlog.config.yml'));
  const named = inside(dir, settings?.backlog_directory);
  for (const folder of [named, join(dir, 'backlog'), join(dir, '.backlog'), dir]) {
    if (folder === undefined || !(await isFolder(folder))) continue;
    const own = (await yamlAt(join(folder, 'config.yml'))) ?? (await yamlAt(join(folder, 'config.yaml')));
    if (!own && !(await isFolder(join(folder, 'tasks')))) continue;
    const name = (own ?? settings)?.project_name;
    return { folder, name: typeof name === 'string' ? name : basename(dir === folder ? resolve(dir, '..') : dir) };
  }
  throw new LedgerError('NOT_FOUND', `${given} is no Backlog.md project: it has no backlog/config.yml and no tasks`, {
    hint: 'ledgenter import backlog <folder of the project>',
  });
}

/** The records of a taskledger workspace: in the folder given, or where its settings say. @throws LedgerError NOT_FOUND, BAD_INPUT */
export async function taskledgerRoot(given: string): Promise<Root> {
  const dir = await folderAt(given, 'taskledger');
  const settings = (await tomlAt(join(dir, '.taskledger.toml'))) ?? (await tomlAt(join(dir, 'taskledger.toml')));
  const { taskledger_dir: pointer, ledger_ref: current, project_name: name } = settings ?? {};
  const named = pointer === undefined ? undefined : inside(dir, pointer);
  if (pointer !== undefined && named === undefined) {
    throw new LedgerError(
      'BAD_INPUT',
      `the records of ${given} lie outside of it, in ${String(pointer).slice(0, 200)}`,
      {
        hint: 'ledgenter import taskledger <that folder> --project <key>',
      },
    );
  }
  for (const folder of [named, join(dir, '.taskledger'), dir]) {
    if (folder === undefined || !(await isFolder(folder))) continue;
    const there = await Promise.all(['ledgers', 'tasks'].map(part => isFolder(join(folder, part))));
    if (!there.includes(true)) continue;
    return {
      folder,
      name: typeof name === 'string' ? name : basename(dir === folder ? resolve(dir, '..') : dir),
      ...(typeof current === 'string' ? { current } : {}),
    };
  }
  throw new LedgerError('NOT_FOUND', `${given} is no taskledger workspace: it has no .taskledger/ledgers`, {
    hint: 'ledgenter import taskledger <folder of the workspace>',
  });
}

/** The key of the project: the one named, else what the other system calls it. @throws LedgerError BAD_INPUT */
export function projectKey(named: string | undefined, { name = '' }: Root, command: string): string {
  const key = (named ?? name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-._]+|[-._]+$/g, '')).trim().toLowerCase();
  if (isKey(key)) return key;
  throw new LedgerError('BAD_INPUT', `${JSON.stringify(key)} is no project key`, {
    hint: `${command} <folder> --project <key>`,
  });
}

async function folderAt(given: string, format: string): Promise<string> {
  const dir = resolve(given);
  if (await isFolder(dir, true)) return dir;
  throw new LedgerError('NOT_FOUND', `there is no folder ${given}`, { hint: `ledgenter import ${format} <folder>` });
}

/** A folder below `dir` that a setting names; undefined where it names one outside. */
function inside(dir: string, setting: unknown): string | undefined {
  if (typeof setting !== 'string' || setting.trim() === '' || isAbsolute(setting) || setting.includes('\0'))
    return undefined;
  const path = normalize(join(dir, setting));
  return path === dir || path.startsWith(dir.endsWith(sep) ? dir : dir + sep) ? path : undefined;
}

/** True for a folder itself; a link to one counts only where a person named it. */
async function isFolder(path: string, linked = false): Promise<boolean> {
  try {
    const found = await lstat(path);
    return found.isDirectory() || (linked && found.isSymbolicLink());
  } catch {
    return false;
  }
}

async function settingsAt(path: string): Promise<string | undefined> {
  try {
    const found = await lstat(path);
    return found.isFile() && found.size <= MAX_SETTINGS ? await readFile(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

async function yamlAt(path: string): Promise<Record<string, unknown> | undefined> {
  const text = await settingsAt(path);
  const read = text === undefined ? undefined : await yamlMap(text);
  return read && 'fields' in read ? read.fields : undefined;
}

async function tomlAt(path: string): Promise<Record<string, unknown> | undefined> {
  const text = await settingsAt(path);
  if (text === undefined) return undefined;
  const { parse } = await import('smol-toml');
  try {
    return parse(text) as Record<string, unknown>;
  } catch (error) {
    const [first] = (error as Error).message.split('\n');
    throw new LedgerError('BAD_INPUT', `${path} is no TOML: ${first}`);
  }
}
