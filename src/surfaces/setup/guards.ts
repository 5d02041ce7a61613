import { dirname, join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import type { JsonPut } from './json.ts';
import { commandOf, lineOf, type Machine } from './machine.ts';
import type { SetupName } from './names.ts';
import { opencodeGuard } from './opencode.ts';
import type { Part } from './part.ts';
import { SERVER } from './parts.ts';

/** How long a host waits for the answer of a guard, in seconds: an edit waits with it. */
const PATIENCE_S = 10;

/** How a host asks before a tool runs, and for which of its tools. Where it was looked up: docs/GUARD.md. */
interface Hook {
  event: string;
  /** The host's own names of its tools that change files, as a pattern. */
  matcher: string;
  /** The list holds groups of commands, as Claude Code has it; else the commands themselves. */
  grouped: boolean;
  /** Of the timeout, in a second: 1, or 1000 where it counts milliseconds. */
  perSecond?: number;
  name?: string;
}

const HOOKS: Readonly<Partial<Record<SetupName, Hook>>> = {
  claude: { event: 'PreToolUse', matcher: 'Write|Edit|MultiEdit|NotebookEdit', grouped: true },
  codex: { event: 'PreToolUse', matcher: 'apply_patch|Edit|Write', grouped: true },
  cursor: { event: 'preToolUse', matcher: 'Write|StrReplace|Edit|Delete|TabWrite', grouped: false },
  gemini: {
    event: 'BeforeTool',
    matcher: 'write_file|replace',
    grouped: true,
    perSecond: 1000,
    name: `${SERVER}-guard`,
  },
};

/**
 * The parts of a host with its guard among them: in the file that has its session hooks, or in a file of its own.
 * @throws LedgerError BAD_INPUT for a host that asks nobody before it edits
 */
export function withGuard(host: SetupName, machine: Machine, parts: readonly Part[]): Part[] {
  const hook = HOOKS[host];
  if (hook)
    return parts.map(part =>
      part.kind === 'json' && part.puts.some(({ path }) => path[0] === 'hooks')
        ? { ...part, puts: [...part.puts, guardPut(host, machine, hook)] }
        : part,
    );
  // First, so that at the removal the folder is empty when it is the turn of whoever made it.
  const beside = parts.find(({ kind, what }) => kind === 'whole' && what !== 'skill');
  if (beside && host === 'vscode') return [vscodeGuard(machine, dirname(beside.path)), ...parts];
  if (beside && host === 'opencode') {
    const path = join(dirname(beside.path), `${SERVER}-guard.js`);
    return [{ kind: 'whole', what: 'guard plugin', path, text: opencodeGuard(machine) }, ...parts];
  }
  throw new LedgerError('BAD_INPUT', `${host} asks nobody before it edits: there is no guard for it`, {
    hint: 'ledgenter hooks install',
  });
}

export const hasGuard = (host: SetupName): boolean => host !== 'agents-md';

const lineFor = (host: SetupName, machine: Machine): string =>
  lineOf(commandOf(machine, 'guard', '--hook', host), machine.platform);

function guardPut(host: SetupName, machine: Machine, { event, matcher, grouped, perSecond = 1, name }: Hook): JsonPut {
  const command = lineFor(host, machine);
  const timeout = PATIENCE_S * perSecond;
  const shape = new RegExp(`\\bguard --hook ${host}\\b`);
  return {
    kind: 'item',
    path: ['hooks', event],
    value: grouped
      ? { matcher, hooks: [{ ...(name ? { name } : {}), type: 'command', command, timeout }] }
      : { command, matcher, timeout },
    mine: item => shape.test(JSON.stringify(item)),
  };
}

/** VS Code reads no matcher: the hook runs before every tool, and lets through what changes no file. */
function vscodeGuard(machine: Machine, folder: string): Part {
  const hook = { type: 'command', command: lineFor('vscode', machine), timeout: PATIENCE_S };
  return {
    kind: 'whole',
    what: 'guard hook',
    path: join(folder, `${SERVER}-guard.json`),
    text: `${JSON.stringify({ version: 1, hooks: { PreToolUse: [hook] } }, null, 2)}\n`,
  };
}
