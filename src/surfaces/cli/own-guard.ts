import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT } from '../../kernel/errors.ts';
import { pathProblem } from '../../rooms/decisions/paths.ts';
import { inTree, readIntended } from '../guarding/payload.ts';
import { detectHost } from '../hosts.ts';
import { readPlace } from '../place.ts';
import { setting } from '../who.ts';
import type { GlobalValues } from './globals.ts';
import { safeLine } from './terminal.ts';
import type { World } from './world.ts';

/** Bytes that a host tells a hook at most: the text of a whole file may be in it. */
const MAX_PAYLOAD = 4 << 20;
/** A host that says nothing is not waited for longer, and no edit waits longer for an answer, in ms. */
const PATIENCE_MS = 2_000;
const ANSWER_MS = 5_000;
/** With it hosts stop a tool and give its model what stands on stderr (docs/GUARD.md). */
const BLOCK = 2;

/** Names of `setup` and what the host is called in {@link HOSTS}; all of them stop at {@link BLOCK}. */
const CALLED: Readonly<Record<string, string>> = {
  claude: 'claude-code',
  codex: 'codex',
  cursor: 'cursor',
  gemini: 'gemini-cli',
  vscode: 'vscode',
  opencode: 'opencode',
};

interface Asked {
  hook: string;
  task_id?: unknown;
  fresh?: unknown;
}

/**
 * What a host's hook runs before a tool. Only a plain no stops it: where there is no ledger, nothing was told, or anything
 * is wrong, the edit goes on, since a fault of ours is no reason for nobody to work. The gate that no agent gets around
 * is that of git's hooks and of the remote.
 */
export async function runGuardHook(
  world: World,
  globals: GlobalValues,
  asked: Asked,
  main: (world: World) => Promise<number>,
): Promise<number> {
  const late = sleep(ANSWER_MS, undefined, { ref: false });
  const why = await Promise.race([whyNot(world, globals, asked, main).catch(() => undefined), late]);
  if (why === undefined) return EXIT.ok;
  if (asked.hook === 'cursor')
    world.stdout.write(`${JSON.stringify({ permission: 'deny', user_message: why, agent_message: why })}\n`);
  world.stderr.write(`${why}\n`);
  return Object.hasOwn(CALLED, asked.hook) ? BLOCK : EXIT.no;
}

async function whyNot(
  world: World,
  globals: GlobalValues,
  { hook, task_id, fresh }: Asked,
  main: (world: World) => Promise<number>,
): Promise<string | undefined> {
  if (world.stdin.isTTY) return undefined;
  const told = await Promise.race([
    world.stdin.read(MAX_PAYLOAD).catch(() => ''),
    sleep(PATIENCE_MS, '', { ref: false }),
  ]);
  const intended = readIntended(told);
  if (!intended?.edits) return undefined;
  const cwd = resolve(world.cwd, globals.folder ?? intended.cwd ?? '.');
  const place = await readPlace(cwd, world.env);
  const top = place.repository?.topLevel;
  if (top === undefined) return undefined;
  if (/^(?:false|off|no|0)$/i.test(setting({ env: world.env, config: place.config }, 'guard') ?? '')) return undefined;
  const files = inTree(intended.files, cwd, top);
  // An edit of what lies elsewhere (a note of the host's own) is none of this ledger's business.
  if (intended.files.length > 0 && files.length === 0) return undefined;
  // In JSON a path counts from the top, and a comma in it is a letter.
  const input = {
    ...(task_id === undefined ? {} : { task_id }),
    ...(fresh === undefined ? {} : { fresh }),
    ...(files.some(isPlain) ? { paths: files.filter(isPlain) } : {}),
  };
  const argv = [...whoFlags(globals), 'call', 'guard', JSON.stringify(input)];
  const out: string[] = [];
  const code = await main({
    ...world,
    argv,
    cwd,
    env: withHost(world.env, hook),
    stdin: { isTTY: false, read: async () => '' },
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: () => {} },
  });
  if (code !== EXIT.no) return undefined;
  const { why, hints } = JSON.parse(out.join('')) as { why: string; hints: { next: string } };
  return safeLine(`ledgenter: ${why}. Next: ${hints.next}`);
}

const isPlain = (path: string): boolean => pathProblem(path) === undefined;

/** Hooks may lack what the host sets in its shells: then the hook's own name says whose agent asks. */
function withHost(env: World['env'], hook: string): World['env'] {
  const name = Object.hasOwn(CALLED, hook) ? CALLED[hook] : undefined;
  return name === undefined || detectHost(env)?.kind === 'agent' ? env : { ...env, AI_AGENT: name };
}

const whoFlags = ({ as, run, ledger }: GlobalValues): string[] =>
  Object.entries({ as, run, ledger }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
