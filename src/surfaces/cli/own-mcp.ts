import { EXIT } from '../../kernel/errors.ts';
import type { World } from './world.ts';

/** `ledgenter mcp`: the server takes the process over until its host goes away. */
export async function runMcp(world: World, args: readonly string[]): Promise<number> {
  const { serve } = await import('../mcp/serve.ts');
  await serve(world, args);
  return EXIT.ok;
}
