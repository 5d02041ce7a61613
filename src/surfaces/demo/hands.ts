import { spawn } from 'node:child_process';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';

/** What an agent of the demo knows of Ledgenter: one surface, by its public names. */
export interface Hands {
  call(tool: string, input: Record<string, unknown>): Promise<Envelope>;
  close(): Promise<void>;
}

export interface Envelope {
  ok: boolean;
  error?: { code: string; message: string; retryable: boolean };
  [key: string]: unknown;
}

/** The commands that a person or a script would type. */
const COMMANDS: Record<string, (input: Record<string, unknown>) => string[]> = {
  task_claim: ({ task_id, lease }) => [
    'task',
    'claim',
    ...(task_id === undefined ? [] : [String(task_id)]),
    ...flag('lease', lease),
  ],
  task_get: ({ task_id }) => ['task', 'get', String(task_id)],
  task_release: ({ task_id }) => ['task', 'release', String(task_id)],
  task_note: ({ task_id, text }) => ['task', 'note', String(task_id), ...flag('text', text)],
  task_check: ({ task_id, criterion }) => ['task', 'check', String(task_id), ...flag('criterion', criterion), '--met'],
  task_code_ref: ({ task_id, ref_type, sha }) => [
    'task',
    'code-ref',
    String(task_id),
    ...flag('ref-type', ref_type),
    ...flag('sha', sha),
  ],
  task_update: ({ task_id, status }) => ['task', 'update', String(task_id), ...flag('status', status)],
};

function flag(name: string, value: unknown): string[] {
  return value === undefined ? [] : [`--${name}`, String(value)];
}

/** Each call is one process: `ledgenter task claim --json`. */
export function cliHands(bin: string, cwd: string, env: NodeJS.ProcessEnv): Hands {
  return {
    async call(tool, input) {
      const args = COMMANDS[tool]!(input);
      const { stdout, stderr } = await runProcess(process.execPath, [bin, ...args, '--json'], cwd, env);
      try {
        return JSON.parse(stdout) as Envelope;
      } catch {
        return { ok: false, error: { code: 'INTERNAL', message: stderr || 'no answer', retryable: false } };
      }
    },
    async close() {
      await runProcess(process.execPath, [bin, 'sync', '--json'], cwd, env);
    },
  };
}

/** One MCP server for the whole life of the agent, spoken to with the official client. */
export async function mcpHands(bin: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Hands> {
  const { Client: McpClient } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
  const client: Client = new McpClient({ name: 'demo-agent', version: '1' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [bin, 'mcp', '--toolsets', 'all'],
    cwd,
    env: env as Record<string, string>,
    stderr: 'ignore',
  });
  await client.connect(transport);
  return {
    async call(tool, input) {
      const result = await client.callTool({ name: tool, arguments: input });
      return result.structuredContent as unknown as Envelope;
    },
    async close() {
      await client.close();
    },
  };
}

/** Runs a program to its end. Output is bounded by what our own commands print. */
export function runProcess(
  program: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', chunk => {
      stdout += String(chunk);
    });
    child.stderr.on('data', chunk => {
      stderr += String(chunk);
    });
    child.once('error', reject);
    child.once('close', code => resolve({ code, stdout, stderr }));
  });
}
