import type { World } from '../cli/world.ts';

export async function serve(_world: World, _args: readonly string[]): Promise<void> {}
