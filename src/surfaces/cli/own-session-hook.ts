import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT } from '../../kernel/errors.ts';
import { sha256Hex } from '../../kernel/ids.ts';
import type { World } from './world.ts';

/** Bytes that a host tells a hook at most. */
const MAX_PAYLOAD = 1 << 20;
/** A host that says nothing is not waited for longer, in ms. */
const PATIENCE_MS = 2000;
/** Two hooks of one event start together, in ms: a host that reads another host's hooks too runs both. */
const TOGETHER_MS = 5000;
/** Marks of sessions older than this go, in ms. */
const KEPT_MS = 7 * 86_400_000;

/** What we use of what hosts tell their hooks. */
interface Payload {
  session?: string;
  source?: string;
  cwd?: string;
}

/**
 * What `setup` makes a host run when a session starts (`prime`) and when it ends (`run end`). Says what `prime` says in the
 * form of the host; says nothing, and never fails, where there is no ledger or anything is wrong: a hook of ours is no
 * reason for a session not to start.
 */
export async function runSessionHook(
  world: World,
  [host = '', when = '']: readonly string[],
  main: (world: World) => Promise<number>,
): Promise<number> {
  const payload = await readPayload(world);
  const cwd = payload.cwd ?? world.cwd;
  const said = when === 'start' && isSecond(payload) ? '' : await ask(world, cwd, commandOf(when), main);
  const shown = when === 'start' ? inFormOf(host, said) : host === 'cursor' ? '{}' : '';
  if (shown !== '') world.stdout.write(`${shown}\n`);
  return EXIT.ok;
}

/** Which start of a session is told was decided here, by what the host says of it. */
const commandOf = (when: string): string[] => (when === 'end' ? ['run', 'end', '--quiet'] : ['prime', '--again']);

/** What a command of ours prints; nothing when it fails. */
async function ask(
  world: World,
  cwd: string,
  argv: readonly string[],
  main: (world: World) => Promise<number>,
): Promise<string> {
  const out: string[] = [];
  const stdout = { write: (text: string) => out.push(text) };
  const stdin = { isTTY: false, read: async () => '' };
  const stderr = { write: () => {} };
  const code = await main({ ...world, argv, cwd, stdin, stdout, stderr });
  return code === EXIT.ok ? out.join('').trim() : '';
}

async function readPayload(world: World): Promise<Payload> {
  if (world.stdin.isTTY) return {};
  const text = await Promise.race([world.stdin.read(MAX_PAYLOAD).catch(() => ''), sleep(PATIENCE_MS, '')]);
  try {
    const told = JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, unknown>;
    const first = (...names: string[]): string | undefined => {
      const values = names
        .map(name => told[name])
        .flatMap(value => (Array.isArray(value) ? value.slice(0, 1) : [value]));
      return values.find((value): value is string => typeof value === 'string' && value !== '');
    };
    const session = first('session_id', 'sessionId', 'conversation_id');
    const source = first('source');
    // Cursor runs a user's hooks in its own folder and names those of the workspace.
    const cwd = first('cwd', 'workspace_roots');
    return { ...(session ? { session } : {}), ...(source ? { source } : {}), ...(cwd ? { cwd } : {}) };
  } catch {
    return {}; // no host, or one that tells in another way
  }
}

/** True when this start of this session was told already: at another hook of it, or at its beginning. */
function isSecond({ session, source = 'startup' }: Payload): boolean {
  if (session === undefined) return false;
  const folder = join(homedir(), '.ledgenter', 'sessions');
  const mark = join(
    folder,
    sha256Hex(`${session}\n${/^(clear|compact)$/.test(source) ? source : 'startup'}`).slice(0, 32),
  );
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(mark, '', { flag: 'wx' });
    forget(folder);
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
  }
  return !/^(clear|compact)$/.test(source) || isFresh(mark);
}

function isFresh(mark: string): boolean {
  try {
    const fresh = Date.now() - statSync(mark).mtimeMs < TOGETHER_MS;
    if (!fresh) utimesSync(mark, new Date(), new Date());
    return fresh;
  } catch {
    return false; // just forgotten
  }
}

function forget(folder: string): void {
  for (const name of readdirSync(folder)) {
    const mark = join(folder, name);
    const found = statSync(mark, { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > KEPT_MS) rmSync(mark, { force: true });
  }
}

/** Context for the model, as each host takes it from a hook (docs/HOSTS.md). */
function inFormOf(host: string, said: string): string {
  if (said === '') return host === 'cursor' ? '{}' : '';
  switch (host) {
    case 'cursor':
      return JSON.stringify({ additional_context: said });
    case 'codex':
    case 'gemini':
    case 'vscode':
      return JSON.stringify({ hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: said } });
    default:
      return said;
  }
}
