import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Files of one call that are looked at; a call with more is judged by the first. */
const MAX_FILES = 50;
/** Longest path that is taken from a payload, in UTF-16 units. */
const MAX_PATH = 4_096;

/** What a host is about to do, as far as a guard asks: nothing else of what it tells is looked at. */
export interface Intended {
  cwd?: string;
  /** It changes files, as far as its name says. */
  edits: boolean;
  /** As the host names them: absolute, or from its folder. */
  files: string[];
}

/** Tools of hosts that change files, by name without case, `_` and `-`. What is not among them is let through. */
const EDITS: ReadonlySet<string> = new Set([
  // Claude Code, Cursor
  'write',
  'edit',
  'multiedit',
  'notebookedit',
  'strreplace',
  'delete',
  'tabwrite',
  // Codex, OpenCode
  'applypatch',
  'patch',
  // Gemini CLI
  'writefile',
  'replace',
  // VS Code
  'editfiles',
  'createfile',
  'replacestringinfile',
  'multireplacestringinfile',
  'inserteditintofile',
  'editnotebookfile',
]);

/** Names under which hosts give a path, or a list of them. */
const PATHS = ['file_path', 'filePath', 'notebook_path', 'path', 'target_file', 'files'];
/** Names under which a patch stands whose lines name files. */
const PATCHES = ['command', 'input', 'patch', 'patchText'];
const PATCHED = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$/gm;

type Fields = { readonly [name: string]: unknown };

const object = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const own = (fields: Fields, name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined);
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= MAX_PATH && !value.includes('\0') ? value : undefined;

/**
 * Reads what a host tells its hook before a tool runs. The text is the host's and partly its model's: what has not the
 * expected form says nothing. Undefined for what is no such payload.
 */
export function readIntended(payload: string): Intended | undefined {
  let told: Fields;
  try {
    told = object(JSON.parse(payload.replace(/^\uFEFF/, '')));
  } catch {
    return undefined;
  }
  const tool = text(own(told, 'tool_name')) ?? text(own(told, 'toolName'));
  if (tool === undefined) return undefined;
  const input = inputOf(own(told, 'tool_input') ?? own(told, 'toolArgs'));
  const roots = own(told, 'workspace_roots');
  const cwd = text(own(told, 'cwd')) ?? text(Array.isArray(roots) ? roots[0] : undefined);
  return {
    ...(cwd === undefined ? {} : { cwd }),
    edits: EDITS.has(tool.toLowerCase().replace(/[_-]/g, '')),
    files: filesIn(input),
  };
}

/** Some hosts give the input of a tool as JSON in a text. */
function inputOf(value: unknown): Fields {
  if (typeof value !== 'string') return object(value);
  try {
    return object(JSON.parse(value));
  } catch {
    return {};
  }
}

function filesIn(input: Fields): string[] {
  const named = PATHS.flatMap(name => {
    const value = own(input, name);
    return (Array.isArray(value) ? value.slice(0, MAX_FILES) : [value]).flatMap(one => text(one) ?? []);
  });
  const patched = PATCHES.flatMap(name => {
    const value = own(input, name);
    return typeof value === 'string'
      ? [...value.matchAll(PATCHED)].flatMap(([, path]) => text(path!.trim()) ?? [])
      : [];
  });
  return [...new Set([...named, ...patched])].slice(0, MAX_FILES);
}

/** The files that lie in the work tree, from its top, with `/`; one that lies elsewhere is no part of it. */
export function inTree(files: readonly string[], cwd: string, topLevel: string): string[] {
  const top = real(topLevel);
  return files.flatMap(file => {
    const away = relative(top, real(resolve(cwd, file)));
    return away === '' || away === '..' || away.startsWith(`..${sep}`) || isAbsolute(away)
      ? []
      : [away.split(sep).join('/')];
  });
}

/** Links in the way resolved as far as the path exists: a new file lies where its folder leads. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(real(folder), basename(path));
  }
}
