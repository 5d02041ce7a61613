/** The package has no types of its own: `spawn` of Node, which on Windows also finds scripts and `.cmd` files. */
declare module 'cross-spawn' {
  import type { spawn } from 'node:child_process';

  const crossSpawn: typeof spawn;
  export default crossSpawn;
}
