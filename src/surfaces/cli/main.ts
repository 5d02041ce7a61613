import { resolve as resolvePath } from 'node:path';
import { EXIT, LedgerError } from '../../kernel/errors.ts';
import type { Operation } from '../../kernel/operation.ts';
import { enterOffice } from '../enter.ts';
import { asLedgerError, exitOf, exitOfError } from '../envelope.ts';
import { perform } from '../perform.ts';
import { VERSION } from '../version.ts';
import type { GlobalValues } from './globals.ts';
import { parseArgs } from './parse.ts';
import { fromFolder } from './paths.ts';
import { progressOn } from './progress.ts';
import { renderAnswer } from './render/render.ts';
import { type OwnCommand, type Resolved, resolveCommand } from './resolve.ts';
import { safeJson, safeLine, styleOf } from './terminal.ts';
import { fillTexts, MAX_STDIN } from './texts.ts';
import type { World } from './world.ts';

/** Runs one command line. Answers its exit code; whatever goes wrong is told, never thrown. */
export async function main(world: World): Promise<number> {
  try {
    return await runCommand(world, resolveCommand(world.argv, world.registry));
  } catch (thrown) {
    return tell(world, thrown);
  }
}

async function runCommand(world: World, resolved: Resolved): Promise<number> {
  switch (resolved.kind) {
    case 'own':
      return runOwn(world, resolved.command, resolved.args);
    case 'room':
      return help(world, [resolved.room]);
    case 'none': {
      const { globals } = parseArgs(resolved.args);
      if (!globals.version) return help(world, []);
      world.stdout.write(`${VERSION}\n`);
      return EXIT.ok;
    }
    case 'operation': {
      const { operation, args } = resolved;
      if (asksForHelp(args)) return help(world, [operation.name]);
      if (operation.kind === 'act' && operation.hook) return runHook(world, operation, args);
      if (operation.kind === 'act' && operation.fromGit) return runGitHook(world, operation, args);
      const { globals, input } = parseArgs(args, operation);
      // A server has no actor and no run, and may have no ledger yet: no office is opened for its gate.
      if (operation.name === 'verify' && input.pre_receive === true)
        return (await import('./own-gate.ts')).preReceive(world, globals, folderOf(world, globals));
      if (operation.name === 'guard' && typeof input.hook === 'string')
        return (await import('./own-guard.ts')).runGuardHook(world, globals, { ...input, hook: input.hook }, main);
      return runOperation(world, operation, globals, input, true);
    }
  }
}

function folderOf(world: World, { folder }: GlobalValues): string {
  return folder === undefined ? world.cwd : resolvePath(world.cwd, folder);
}

/** Longest that a host waits for a hook of ours, in ms. */
const HOOK_MS = 5_000;

/** What a host's hook runs: a fault of ours is no reason for a session not to start, so it is silence. */
async function runHook(world: World, operation: Operation, args: readonly string[]): Promise<number> {
  const said: string[] = [];
  const stdout = { write: (text: string) => said.push(text) };
  const asked = async (): Promise<string> => {
    const { globals, input } = parseArgs(args, operation);
    await runOperation({ ...world, stdout }, operation, { ...globals, json: true, quiet: true }, input);
    const answer = JSON.parse(said.join('')) as { text?: string };
    const text = answer.text ?? '';
    if (globals.json) return `${safeJson(answer)}\n`;
    return text === '' ? '' : `${text}\n`;
  };
  const late = new Promise<string>(resolve => setTimeout(resolve, HOOK_MS, '').unref());
  const text = await Promise.race([asked().catch(() => ''), late]);
  if (text !== '') world.stdout.write(text);
  return EXIT.ok;
}

/** Longest that git waits for a hook of ours, in ms; pushing bounds itself below that. */
const GIT_HOOK_MS = 15_000;

/**
 * What git's hooks start. What was said goes to stderr, where git shows it; a fault of the ledger is told in a line and is
 * no reason for git to stop: only an answer that refuses is.
 */
async function runGitHook(world: World, operation: Operation, args: readonly string[]): Promise<number> {
  const { globals, input } = parseArgs(args, operation);
  const said: string[] = [];
  const stdout = { write: (text: string) => said.push(text) };
  const late = new Promise<'late'>(resolve => setTimeout(resolve, GIT_HOOK_MS, 'late').unref());
  const asked = runOperation({ ...world, stdout }, operation, { ...globals, json: true, quiet: true }, input);
  const code = await Promise.race([asked.catch(asLedgerError), late]);
  const tell = (line: string): unknown => world.stderr.write(`ledgenter: ${safeLine(line)}\n`);
  if (code === 'late') tell('the hook took too long and was left; ledgenter sync');
  else if (code instanceof LedgerError) {
    if (!NOTHING_HERE.has(code.code)) tell(`${code.message}; ${code.hint}`);
  } else {
    if (globals.json) world.stdout.write(said.join(''));
    else for (const line of (JSON.parse(said.join('')) as { said?: string[] }).said ?? []) tell(line);
    return code;
  }
  return EXIT.ok;
}

/** Codes that only say that there is nothing here for a hook to do; the shell asks nothing where there never was a ledger. */
const NOTHING_HERE: ReadonlySet<string> = new Set(['NO_REPOSITORY', 'GIT_TOO_OLD']);

async function runOwn(world: World, command: OwnCommand, args: string[]): Promise<number> {
  if (asksForHelp(args)) return help(world, [command]);
  switch (command) {
    case 'help': {
      const { globals, rest } = parseArgs(args);
      return help(world, rest, globals);
    }
    case 'call':
      return runCall(world, args);
    case 'completion':
      return (await import('./completion.ts')).completion(world, args);
    case 'mcp':
      return (await import('./own-mcp.ts')).runMcp(world, args);
    case 'wrap':
      // It ends this process as the command ended.
      await (await import('../wrapping/start.ts')).start(args);
      return new Promise<never>(() => {});
    case 'session-hook':
      return (await import('./own-session-hook.ts')).runSessionHook(world, args, main);
  }
}

/** Help is asked for before anything is judged, so that a half-written command line gets it too. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some(arg => arg === '-h' || arg === '--help');
}

async function help(world: World, words: string[], globals?: GlobalValues): Promise<number> {
  const { findTopic, writeHelp } = await import('./help.ts');
  const topic = findTopic(world.registry, words);
  if (topic) return runOperation(world, topic.operation, globals ?? parseArgs([]).globals, topic.input);
  await writeHelp(world, words);
  return EXIT.ok;
}

/** `call <tool> <json|->`: the envelope in, the envelope out. */
async function runCall(world: World, args: string[]): Promise<number> {
  const { globals, rest } = parseArgs(args);
  const usage = 'ledgenter call <tool> <json|->';
  const [tool, text = '{}'] = rest;
  if (tool === undefined || rest.length > 2)
    throw new LedgerError('USAGE', `call takes a tool and its input: ${usage}`, { hint: 'ledgenter help call' });
  const operation = world.registry.find(tool);
  if (!operation) {
    const { unknownTool } = await import('../tools.ts');
    throw unknownTool(tool, world.registry);
  }
  const input = jsonInput(text === '-' ? await world.stdin.read(MAX_STDIN) : text, usage);
  const { idempotency_key, ...own } = input;
  if (typeof idempotency_key === 'string') globals.key ??= idempotency_key;
  return runOperation(world, operation, { ...globals, json: true }, own);
}

function jsonInput(text: string, usage: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new LedgerError('BAD_INPUT', `the input is no JSON: ${safeLine((error as Error).message)}`, { hint: usage });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new LedgerError('BAD_INPUT', 'the input is no JSON object', { hint: usage });
}

async function runOperation(
  world: World,
  operation: Operation,
  globals: GlobalValues,
  input: Record<string, unknown>,
  typed = false,
): Promise<number> {
  // Git gives its hooks no stdin: whether a person looks on is seen by stderr.
  const fromGit = operation.kind === 'act' && operation.fromGit === true;
  const terminal = fromGit ? world.stderr.isTTY === true : world.stdin.isTTY;
  const interactive = !fromGit && terminal && world.stdout.isTTY === true && !globals.json;
  const { office, place } = await enterOffice({
    cwd: folderOf(world, globals),
    env: world.env,
    flags: globals,
    terminal,
    life: 'command',
    keepRun: operation.kind === 'write' || (operation.kind === 'act' && operation.enters === true),
    ...(fromGit ? { fromGit } : {}),
    openOffice: world.openOffice,
    ...(interactive ? { ask: world.ask } : {}),
    ...(world.signal ? { signal: world.signal } : {}),
  });
  const progress = progressOn(world.stderr, globals.quiet);
  try {
    await fillTexts(
      operation,
      input,
      {
        readStdin: limit => world.stdin.read(limit),
        ...(typed ? { readFile: async (path, limit) => readTyped(folderOf(world, globals), path, limit) } : {}),
        ...(interactive
          ? { edit: (initial, title) => openEditor(world, place.config('core.editor'), initial, title) }
          : {}),
      },
      globals.edit,
    );
    if (typed) fromFolder(operation, input, place);
    const answer = await perform(office, operation, input, {
      terminal,
      progress: progress.report,
      offline: globals.offline,
      ...(globals.sync === undefined ? {} : { sync: globals.sync }),
      ...(globals.key === undefined ? {} : { key: globals.key }),
      ...(world.signal ? { signal: world.signal } : {}),
    });
    progress.clear();
    const style = styleOf(world.stdout, world.env);
    world.stdout.write(globals.json ? `${safeJson(answer)}\n` : renderAnswer(operation, answer, style));
    return exitOf(operation, answer);
  } finally {
    progress.clear();
    await office.close();
  }
}

async function readTyped(folder: string, path: string, limit: number): Promise<string> {
  const { readTextFile } = await import('./files.ts');
  return readTextFile(resolvePath(folder, path), path, limit);
}

async function openEditor(world: World, core: string | undefined, initial: string, title: string): Promise<string> {
  const { editorCommand, editText } = await import('./editor.ts');
  return editText(editorCommand(world.env, core), initial, title);
}

/** A failure: the envelope on stdout with --json (and from `call`), else one line and the next command on stderr. */
function tell(world: World, thrown: unknown): number {
  const error = asLedgerError(thrown);
  const end = world.argv.indexOf('--');
  const words = end < 0 ? world.argv : world.argv.slice(0, end);
  if (words.includes('--json') || words.find(word => !word.startsWith('-')) === 'call')
    world.stdout.write(`${safeJson(error.toFailure())}\n`);
  else world.stderr.write(`ledgenter: ${safeLine(error.message)}\n  next: ${safeLine(error.hint)}\n`);
  if (world.env.LEDGENTER_DEBUG && thrown instanceof Error) world.stderr.write(`${thrown.stack}\n`);
  return exitOfError(error);
}
