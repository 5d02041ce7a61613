/**
 * The programs that agents live in, as they show themselves to their children. One row a host; the first row that
 * matches wins. A variable counts when it is set and is neither empty nor `0` nor `false`.
 */
export interface Host {
  /** Name in actor keys: `claude-code-anna`. */
  name: string;
  kind: 'agent' | 'service';
  /** Set by the host in the processes it starts for its agent. */
  env: readonly string[];
  /**
   * The session's own id, only where the host gives it to its shells *and* to its stdio MCP servers alike: one that
   * reaches the shell alone would split an agent into two runs. The first that is set counts.
   */
  session?: readonly string[];
  /** What the host calls itself in the MCP handshake (`clientInfo.name`): its MCP servers may lack the variables. */
  client?: RegExp;
}

export const HOSTS: readonly Host[] = [
  {
    // https://code.claude.com/docs/en/env-vars: CLAUDECODE=1 in shells it spawns; the session id reaches shell, hooks
    // and stdio MCP servers.
    name: 'claude-code',
    kind: 'agent',
    env: ['CLAUDECODE', 'CLAUDE_CODE_ENTRYPOINT'],
    session: ['CLAUDE_CODE_SESSION_ID'],
    client: /^claude[- ]?(code|ai|desktop)?/i,
  },
  {
    // https://developers.openai.com/codex/environment-variables. CODEX_THREAD_ID does not reach MCP servers
    // (openai/codex issue 19937), so it only detects.
    name: 'codex',
    kind: 'agent',
    env: ['CODEX_THREAD_ID', 'CODEX_SANDBOX', 'CODEX_SANDBOX_NETWORK_DISABLED', 'CODEX_CI'],
    client: /^codex/i,
  },
  // https://cursor.com/docs/agent/terminal: CURSOR_AGENT in the agent's shells. CURSOR_TRACE_ID is also in a person's.
  { name: 'cursor', kind: 'agent', env: ['CURSOR_AGENT'], client: /^cursor/i },
  // https://google-gemini.github.io/gemini-cli/docs/tools/shell.html
  { name: 'gemini-cli', kind: 'agent', env: ['GEMINI_CLI'], client: /^gemini/i },
  // https://github.com/QwenLM/qwen-code (fork of gemini-cli, same shell tool)
  { name: 'qwen-code', kind: 'agent', env: ['QWEN_CODE'], client: /^qwen/i },
  // anomalyco/opencode pull request 50006: OPENCODE=1 in shells, no session id
  { name: 'opencode', kind: 'agent', env: ['OPENCODE', 'OPENCODE_CLIENT'], client: /^opencode/i },
  // https://www.npmjs.com/package/@vercel/detect-agent, changes 1.1.0 and 1.1.1
  { name: 'augment', kind: 'agent', env: ['AUGMENT_AGENT'], client: /^augment/i },
  { name: 'antigravity', kind: 'agent', env: ['ANTIGRAVITY_AGENT'], client: /^antigravity/i },
  // https://docs.cline.bot: the terminals that Cline opens
  { name: 'cline', kind: 'agent', env: ['CLINE_ACTIVE'], client: /^cline/i },
  // https://block.github.io/goose/docs/guides/environment-variables
  { name: 'goose', kind: 'agent', env: ['GOOSE_TERMINAL'], client: /^goose/i },
  // https://code.visualstudio.com/docs/copilot: shells of its agent carry no variable; its MCP handshake names it
  { name: 'vscode', kind: 'agent', env: [], client: /^visual studio code/i },
  // https://docs.github.com/en/actions/reference/workflows-and-actions/variables
  {
    name: 'github-actions',
    kind: 'service',
    env: ['GITHUB_ACTIONS'],
    session: ['GITHUB_RUN_ID'],
  },
  // https://docs.gitlab.com/ci/variables/predefined_variables/
  { name: 'gitlab-ci', kind: 'service', env: ['GITLAB_CI'], session: ['CI_JOB_ID'] },
  // https://buildkite.com/docs/pipelines/configure/environment-variables
  { name: 'buildkite', kind: 'service', env: ['BUILDKITE'], session: ['BUILDKITE_JOB_ID'] },
  // Set by nearly every CI service.
  { name: 'ci', kind: 'service', env: ['CI'] },
];

/**
 * `AGENT` and `AI_AGENT` name an agent whatever its host (https://agents.md, @vercel/detect-agent): `goose`,
 * `claude-code_2.1.0_cli`, `amp@1.2`; `1` says only that there is one.
 */
export const GENERIC_AGENT: readonly string[] = ['AI_AGENT', 'AGENT'];

export type Env = Readonly<Record<string, string | undefined>>;

/** True when the variable is set to something that does not mean no. */
export function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value !== '0' && value.toLowerCase() !== 'false';
}

/** The host whose child this process is, by its environment or by its MCP handshake; undefined when none shows. */
export function detectHost(env: Env, client?: string): Host | undefined {
  const agents = HOSTS.filter(host => host.kind === 'agent');
  const known = agents.find(host => host.env.some(name => isSet(env[name])));
  if (known) return known;
  const called = client === undefined ? undefined : agents.find(host => host.client?.test(client));
  if (called) return called;
  const generic = GENERIC_AGENT.map(name => env[name]).find(isSet);
  if (generic !== undefined) return genericHost(generic);
  return HOSTS.find(host => host.kind === 'service' && host.env.some(name => isSet(env[name])));
}

function genericHost(value: string): Host {
  const name = value.toLowerCase().split(/[@_/ ]/)[0]!;
  const listed = HOSTS.find(host => host.name === name);
  const safe = /^[a-z][a-z0-9-]{1,30}[a-z0-9]$/.test(name) && name !== 'true' ? name : 'agent';
  return listed ?? { name: safe, kind: 'agent', env: [] };
}

/** The session id that the host gives its children, undefined where it has none. */
export function sessionOf(host: Host | undefined, env: Env): string | undefined {
  return host?.session?.map(name => env[name]).find(isSet);
}
