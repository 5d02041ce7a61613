import t from 'tap';

const script = new URL('../../scripts/rings.mjs', import.meta.url).href;
const { breaches } = (await import(script)) as { breaches(file: string, source: string): string[] };

/** [file, source, what is said of it] */
const TABLE: [string, string, RegExp | undefined][] = [
  ['src/rooms/tasks/a.ts', `import { x } from '../../kernel/x.ts';`, undefined],
  ['src/rooms/tasks/a.ts', `import { x } from '../../store/port.ts';`, /rooms must not know store/],
  ['src/kernel/a.ts', `import type { X } from '../rooms/x.ts';`, /kernel must not know rooms/],
  ['src/book/a.ts', `export { x } from '../exchange/x.ts';`, /book must not know exchange/],
  ['src/book/a.ts', `const { x } = await import('../surfaces/x.ts');`, /book must not know surfaces/],
  ['src/surfaces/a.ts', `import '../exchange/x.ts';`, undefined],
  ['src/kernel/a.ts', `import { readFileSync } from 'node:fs';`, /kernel is pure/],
  ['src/kernel/a.ts', 'const now = Date.now();', /the clock/],
  ['src/rooms/tasks/a.ts', 'const at = new Date();', /the clock/],
  ['src/rooms/tasks/a.ts', 'const at = new Date(0); // never Date.now()', undefined],
  ['src/rooms/tasks/a.ts', 'const n = Math.random();', /randomness/],
  ['src/rooms/tasks/a.ts', 'const e = process.env.X;', /process/],
  ['src/store/a.ts', 'const now = Date.now();', undefined],
  ['src/surfaces/cli/a.ts', `import yargs from 'yargs';`, /load it with import/],
  ['src/surfaces/cli/a.ts', `import type { Argv } from 'yargs';`, undefined],
  ['src/surfaces/cli/a.ts', `const { default: yargs } = await import('yargs');`, undefined],
  ['src/surfaces/cli/a.ts', `import { serve } from '../mcp/serve.ts';`, /load it with import/],
  ['src/kernel/a.ts', `import * as z from 'zod';`, /zod\/mini/],
  ['src/kernel/a.ts', `import { x } from './b';`, /without its extension/],
  ['src/other/a.ts', '', /no ring/],
];

for (const [file, source, said] of TABLE)
  t.test(`${file}: ${source}`, async t => {
    const found = breaches(file, source);
    if (said) t.match(found, [said]);
    else t.same(found, []);
  });
