import type { World } from './world.ts';

/** `ledgenter mcp`: the server takes the process over until its host goes away. Answers the exit code. */
export async function runMcp({ env, cwd }: World, args: readonly string[]): Promise<number> {
  // The server ends in order by itself, so the CLI's own handlers must not.
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  const { serve } = await import('../mcp/serve.ts');
  return serve({ args, env, cwd });
}
