// Imports point only inward, the pure rings touch nothing of the machine, and heavy packages are loaded on demand.
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesUnder, root } from './files.mjs';

/** What each ring may import, beside itself. */
const INWARD = {
  kernel: [],
  rooms: ['kernel'],
  store: ['kernel'],
  book: ['store', 'rooms', 'kernel'],
  views: ['book', 'store', 'rooms', 'kernel'],
  exchange: ['book', 'store', 'rooms', 'kernel'],
  surfaces: ['exchange', 'views', 'book', 'store', 'rooms', 'kernel'],
};

const PURE = ['kernel', 'rooms'];
const IMPURE = [
  [/(?<![\w.'"])process\s*\./, 'process'],
  [/\bDate\.now\b/, 'the clock'],
  [/\bnew Date\(\s*\)/, 'the clock'],
  [/\bMath\.random\b|\bcrypto\.(randomUUID|getRandomValues)\b/, 'randomness'],
  [/\b(setTimeout|setInterval|setImmediate)\(/, 'a timer'],
  [/\bconsole\.(log|info|warn|error|debug)\(/, 'the console'],
];

/** Heavy packages, and the modules that may import them at once because only `import()` may load these modules. */
const ON_DEMAND = [
  'yargs',
  'isomorphic-git',
  'minisearch',
  'stemmer',
  '@modelcontextprotocol/sdk',
  'jsonc-parser',
  'smol-toml',
  'yaml',
  'cross-spawn',
];
const LOADED_ON_DEMAND = [
  'src/surfaces/mcp/serve.ts',
  'src/surfaces/mcp/context.ts',
  'src/store/git/isomorphic.ts',
  'src/views/search/engine.ts',
  'src/views/search/words.ts',
  'src/views/search/terms.ts',
  'src/views/search/snippet.ts',
  'src/views/search/synonyms.ts',
  'src/views/search/lexicon.ts',
];

const IMPORT =
  /(?:\bimport|\bexport)\s+(type\s+)?(?:[\w*{][^'";]*?\bfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every breach in one source file, as a sentence. */
export function breaches(file, source) {
  const ring = file.split('/')[1];
  if (!(ring in INWARD)) return [`${file}: src/${ring} is no ring`];
  const found = [];
  for (const [, type, fixed, dynamic] of source.matchAll(IMPORT)) {
    const target = fixed ?? dynamic;
    if (target.startsWith('.')) {
      if (!target.endsWith('.ts') && !target.endsWith('.json')) found.push(`imports ${target} without its extension`);
      const path = posix.join(posix.dirname(file), target);
      const other = path.split('/')[1];
      if (fixed && !type && LOADED_ON_DEMAND.includes(path) && !LOADED_ON_DEMAND.includes(file))
        found.push(`imports ${target} at once: load it with import()`);
      if (other !== ring && !INWARD[ring].includes(other))
        found.push(`imports ${target}: ${ring} must not know ${other}`);
    } else if (PURE.includes(ring) && target.startsWith('node:')) found.push(`imports ${target}: ${ring} is pure`);
    else if (target === 'zod') found.push('imports zod: zod/mini costs a tenth');
    else if (
      fixed &&
      !type &&
      !LOADED_ON_DEMAND.includes(file) &&
      ON_DEMAND.some(name => target === name || target.startsWith(`${name}/`))
    )
      found.push(`imports ${target} at once: load it with import()`);
  }
  if (PURE.includes(ring)) {
    const code = withoutComments(source);
    for (const [pattern, what] of IMPURE) if (pattern.test(code)) found.push(`uses ${what}: ${ring} is pure`);
  }
  return found.map(what => `${file}: ${what}`);
}

function withoutComments(source) {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}

/** Every breach in src/. */
export function checkRings() {
  return filesUnder('src', '.ts').flatMap(file => breaches(file, readFileSync(join(root, file), 'utf8')));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = checkRings();
  for (const line of found) console.error(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}
