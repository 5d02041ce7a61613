import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { hostNamed, userFolder } from '../skills/places.ts';
import { withGuard } from './guards.ts';
import type { JsonPut } from './json.ts';
import { commandOf, type Machine } from './machine.ts';
import type { SetupName } from './names.ts';
import { opencodePlugin } from './opencode.ts';
import type { Part } from './part.ts';
import { groupedHook, hookLine, plainHook, SERVER, stdioServer } from './parts.ts';
import { AGENTS_LINES } from './skill.ts';

/** What setting a host up writes, and what a person should know of it. What was checked how: docs/HOSTS.md. */
export interface SetupHost {
  /** What the host calls itself. */
  title: string;
  /** Undefined: only in a checkout. */
  user?(machine: Machine): Part[];
  here(machine: Machine, topLevel: string): Part[];
  /** Said after it was written. */
  notes: readonly string[];
  /** It reads a skill of its own kind. */
  skill: boolean;
  /** Meant to be committed; everything else in a checkout is hidden from git. */
  committed?: boolean;
}

type Put = Extract<JsonPut, { kind: 'entry' }>;

const set = (value: string | undefined): string | undefined => (value === '' ? undefined : value);
const server = (machine: Machine, path: readonly string[], more: Record<string, unknown> = {}): Put => ({
  kind: 'entry',
  path: [...path, SERVER],
  value: stdioServer(machine, more),
});
const json = (what: string, path: string, ...puts: JsonPut[]): Part => ({ kind: 'json', what, path, puts });
const root = (host: string, { home, env }: Machine): string => hostNamed(host).root(home, env);

const CAUSES = 'startup|clear|compact';
const SERVER_PART = 'MCP server';
const HOOK_PART = 'session hooks';

function claudeHooks(machine: Machine, file: string): Part {
  return json(
    HOOK_PART,
    file,
    groupedHook(machine, 'claude', 'start', { event: 'SessionStart', matcher: CAUSES }),
    groupedHook(machine, 'claude', 'end', { event: 'SessionEnd' }),
  );
}

/** Claude Code keeps its servers beside its other state, in one file for the user and every project of theirs. */
function claudeState({ home, env }: Machine): string {
  return join(set(env.CLAUDE_CONFIG_DIR) ?? home, '.claude.json');
}

function codexParts(machine: Machine, folder: string): Part[] {
  const [command, ...args] = commandOf(machine, 'mcp');
  return [
    {
      kind: 'toml',
      what: SERVER_PART,
      path: join(folder, 'config.toml'),
      table: {
        path: ['mcp_servers', SERVER],
        values: { command, args },
        remark: 'Written by `ledgenter setup codex`; with --remove it goes away.',
      },
    },
    json(
      HOOK_PART,
      join(folder, 'hooks.json'),
      groupedHook(machine, 'codex', 'start', { event: 'SessionStart', matcher: CAUSES }),
      groupedHook(machine, 'codex', 'end', { event: 'SessionEnd', patience: 3 }),
    ),
  ];
}

function cursorParts(machine: Machine, folder: string): Part[] {
  return [
    json(SERVER_PART, join(folder, 'mcp.json'), server(machine, ['mcpServers'], { type: 'stdio' })),
    json(
      HOOK_PART,
      join(folder, 'hooks.json'),
      { kind: 'default', path: ['version'], value: 1 },
      plainHook(machine, 'cursor', 'start', 'sessionStart'),
      plainHook(machine, 'cursor', 'end', 'sessionEnd'),
    ),
  ];
}

/** The user's folder of VS Code itself. */
function vscodeUser({ platform, home, env }: Machine): string {
  const portable = set(env.VSCODE_PORTABLE);
  if (portable !== undefined) return join(portable, 'user-data', 'User');
  if (platform === 'win32') return join(set(env.APPDATA) ?? join(home, 'AppData', 'Roaming'), 'Code', 'User');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Code', 'User');
  return join(set(env.XDG_CONFIG_HOME) ?? join(home, '.config'), 'Code', 'User');
}

function vscodeParts(machine: Machine, serverFolder: string, hookFolder: string): Part[] {
  const hook = { type: 'command', command: hookLine(machine, 'vscode', 'start'), timeout: 20 };
  return [
    json(SERVER_PART, join(serverFolder, 'mcp.json'), server(machine, ['servers'], { type: 'stdio' })),
    {
      kind: 'whole',
      what: 'session hook',
      path: join(hookFolder, `${SERVER}.json`),
      text: `${JSON.stringify({ version: 1, hooks: { SessionStart: [hook] } }, null, 2)}\n`,
    },
  ];
}

function geminiParts(machine: Machine, folder: string): Part[] {
  const form = { perSecond: 1000, name: SERVER };
  return [
    json(
      `${SERVER_PART} and ${HOOK_PART}`,
      join(folder, 'settings.json'),
      server(machine, ['mcpServers']),
      groupedHook(machine, 'gemini', 'start', { event: 'SessionStart', ...form }),
      groupedHook(machine, 'gemini', 'end', { event: 'SessionEnd', ...form, name: `${SERVER}-end` }),
    ),
  ];
}

function opencodeParts(machine: Machine, folder: string): Part[] {
  const [jsonc, plain] = [join(folder, 'opencode.jsonc'), join(folder, 'opencode.json')];
  const entry: JsonPut = {
    kind: 'entry',
    path: ['mcp', SERVER],
    value: { type: 'local', command: commandOf(machine, 'mcp'), enabled: true },
  };
  return [
    json(SERVER_PART, existsSync(jsonc) ? jsonc : plain, entry),
    {
      kind: 'whole',
      what: 'plugin that stands for session hooks',
      path: join(folder, 'plugins', `${SERVER}.js`),
      text: opencodePlugin(machine),
    },
  ];
}

export const SETUP_HOSTS: Readonly<Record<SetupName, SetupHost>> = {
  claude: {
    title: 'Claude Code',
    skill: true,
    user: machine => [
      json(SERVER_PART, claudeState(machine), server(machine, ['mcpServers'], { type: 'stdio' })),
      claudeHooks(machine, join(root('claude', machine), 'settings.json')),
    ],
    here: (machine, topLevel) => [
      // What Claude Code calls the local scope: for this checkout, in the user's own file.
      json(
        SERVER_PART,
        claudeState(machine),
        server(machine, ['projects', topLevel.replace(/\\/g, '/'), 'mcpServers'], { type: 'stdio' }),
      ),
      claudeHooks(machine, join(topLevel, '.claude', 'settings.local.json')),
    ],
    notes: ['a session that is running sees it after a restart; /mcp and /hooks show it'],
  },
  codex: {
    title: 'Codex',
    skill: true,
    user: machine => codexParts(machine, root('codex', machine)),
    here: (machine, topLevel) => codexParts(machine, join(topLevel, '.codex')),
    notes: [
      'Codex runs a new hook only after you looked at it: type /hooks in Codex',
      'in a checkout Codex reads its settings only where you trust the project',
    ],
  },
  cursor: {
    title: 'Cursor',
    skill: true,
    user: machine => cursorParts(machine, root('cursor', machine)),
    here: (machine, topLevel) => cursorParts(machine, join(topLevel, '.cursor')),
    notes: ['Cursor Settings > MCP and > Hooks show it'],
  },
  vscode: {
    title: 'VS Code',
    skill: true,
    user: machine => vscodeParts(machine, vscodeUser(machine), join(root('vscode', machine), 'hooks')),
    here: (machine, topLevel) => vscodeParts(machine, join(topLevel, '.vscode'), join(topLevel, '.github', 'hooks')),
    notes: [
      'VS Code has no hook for the end of a session: the run ends when it stops the MCP server',
      'it asks whether you trust the server before it starts it',
    ],
  },
  gemini: {
    title: 'Gemini CLI',
    skill: true,
    user: machine => geminiParts(machine, geminiFolder(machine)),
    here: (machine, topLevel) => geminiParts(machine, join(topLevel, '.gemini')),
    notes: ['/mcp and /hooks panel show it after a restart'],
  },
  opencode: {
    title: 'OpenCode',
    skill: true,
    user: machine => opencodeParts(machine, root('opencode', machine)),
    here: (machine, topLevel) => opencodeParts(machine, join(topLevel, '.opencode')),
    notes: ['OpenCode has no session hooks: a plugin of its own does their work'],
  },
  'agents-md': {
    title: 'AGENTS.md',
    skill: false,
    committed: true,
    here: (_machine, topLevel) => [
      { kind: 'block', what: 'marked block', path: join(topLevel, 'AGENTS.md'), lines: AGENTS_LINES },
    ],
    notes: ['commit AGENTS.md for the others to have it'],
  },
};

function geminiFolder(machine: Machine): string {
  const home = set(machine.env.GEMINI_CLI_HOME);
  return home === undefined ? root('gemini', machine) : join(home, '.gemini');
}

/**
 * Everything that is ours at one host, with its guard where that was asked for.
 * @throws LedgerError NO_REPOSITORY where it can only be written into a checkout; BAD_INPUT for a guard that it cannot have
 */
export function partsOf(name: SetupName, machine: Machine, here: boolean, skill: string, guard = false): Part[] {
  const parts = plainParts(name, machine, here, skill);
  return guard ? withGuard(name, machine, parts) : parts;
}

function plainParts(name: SetupName, machine: Machine, here: boolean, skill: string): Part[] {
  const host = SETUP_HOSTS[name];
  if (!here && host.user) {
    const folder = name === 'gemini' ? join(geminiFolder(machine), 'skills') : hostFolder(name, machine);
    return [...host.user(machine), ...(host.skill ? [skillPart(folder, skill)] : [])];
  }
  if (!machine.checkout)
    throw new LedgerError('NO_REPOSITORY', `${host.title} is written into a checkout, and this is none`, {
      hint: here && host.user ? `ledgenter setup ${name}` : 'cd into a checkout, or: git init',
    });
  const { topLevel } = machine.checkout;
  const parts = host.here(machine, topLevel);
  return host.skill ? [...parts, skillPart(join(topLevel, ...hostNamed(name).checkout), skill)] : parts;
}

const hostFolder = (name: SetupName, { home, env }: Machine): string => userFolder(hostNamed(name), home, env);

const skillPart = (folder: string, text: string): Part => ({
  kind: 'whole',
  what: 'skill',
  path: join(folder, SERVER, 'SKILL.md'),
  text,
});
