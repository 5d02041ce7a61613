// Builds dist/: one CommonJS bundle an entry point, rarely needed packages in bundles of their own that are loaded on
// demand, a V8 code cache beside each, and the licences of what is bundled. Needs no .git; equal sources give equal
// bundles.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { licencesOf } from './licences.mjs';

const requireHere = createRequire(import.meta.url);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Made beside dist/ and put in its place when whole, so that nobody meets half a build. */
const dist = join(root, `dist.${process.pid}`);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Packages that few commands need: `import('yargs')` in the sources loads dist/yargs.cjs. */
const ON_DEMAND = {
  yargs: 'yargs',
  'jsonc-parser': 'jsonc-parser',
  'smol-toml': 'smol-toml',
  yaml: 'yaml',
  'cross-spawn': 'cross-spawn',
};

/**
 * Own modules that are entry points: `import('…/mcp/serve.ts')` loads dist/mcp.cjs, with its own copy of the kernel, so
 * nothing but plain data may pass between two of them.
 */
const ENTRIES = {
  cli: 'src/surfaces/cli/start.ts',
  mcp: 'src/surfaces/mcp/serve.ts',
  'demo-agent': 'src/surfaces/demo/agent.ts',
  objects: 'src/store/git/isomorphic.ts',
  search: 'src/views/search/engine.ts',
  signatures: 'src/store/signatures/index.ts',
  wrap: 'src/surfaces/wrapping/start.ts',
};

const onDemand = {
  name: 'on-demand',
  setup(plugin) {
    plugin.onResolve({ filter: /.*/ }, ({ path, kind, resolveDir }) => {
      if (path in ON_DEMAND) return { path: `./${ON_DEMAND[path]}.cjs`, external: true };
      if (kind !== 'dynamic-import') return undefined;
      const entry = Object.entries(ENTRIES).find(([, file]) => join(resolveDir, path) === join(root, file));
      return entry ? { path: `./${entry[0]}.cjs`, external: true } : undefined;
    });
  },
};

/**
 * isomorphic-git is made for browsers too: it would compress through streams of fetch (25 ms of CPU to load) and hash
 * through WebCrypto. In Node its packages for that are zlib and crypto.
 */
const NATIVE = {
  // Its first digests are made by code that is not compiled yet: 1 to 2 ms each.
  '@noble/hashes/sha2.js':
    'import { createHash } from "node:crypto"; export const sha256 = data => createHash("sha256").update(data).digest();',
  '@noble/hashes/legacy.js':
    'import { createHash } from "node:crypto"; export const sha1 = data => createHash("sha1").update(data).digest();',
  pako: 'import { deflateSync, inflateSync } from "node:zlib"; export default { deflate: deflateSync, inflate: inflateSync };',
  'sha.js/sha1.js':
    'import { createHash } from "node:crypto"; export default class { #hash = createHash("sha1"); update(data) { this.#hash.update(data); return this; } digest(form) { return this.#hash.digest(form); } }',
};

const native = {
  name: 'native',
  setup(plugin) {
    plugin.onResolve({ filter: /^(pako|sha\.js\/sha1\.js|@noble\/hashes\/(?:sha2|legacy)\.js)$/ }, ({ path }) => ({
      path,
      namespace: 'native',
    }));
    plugin.onLoad({ filter: /.*/, namespace: 'native' }, ({ path }) => ({ contents: NATIVE[path], loader: 'js' }));
  },
};

/**
 * Parts of Node that most commands never call, or only late: loaded at the first call of one of their functions. Each
 * costs 1 to 3 ms of CPU, a fiftieth of a whole read.
 */
const LATE = [
  'node:crypto',
  'node:child_process',
  'node:fs/promises',
  'node:readline/promises',
  'node:timers/promises',
];

const late = {
  name: 'late',
  setup(plugin) {
    plugin.onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
      LATE.includes(path) && namespace !== 'late' ? { path, namespace: 'late' } : undefined,
    );
    plugin.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => {
      const names = Object.entries(requireHere(path)).filter(([, value]) => typeof value === 'function');
      const functions = names.map(([name]) => `export const ${name} = (...args) => load().${name}(...args);`);
      const load = `let loaded; const load = () => (loaded ??= require(${JSON.stringify(path)}));`;
      return { contents: [load, ...functions].join('\n'), loader: 'js' };
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // A script made from a cache cannot import(): loading on demand is a require.
  supported: { 'dynamic-import': false },
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  define: {
    LEDGENTER_VERSION: JSON.stringify(version),
    'import.meta.url': 'importMeta.url',
    CompressionStream: 'undefined',
    'crypto.subtle': 'undefined',
  },
  banner: { js: 'const importMeta={get url(){return require("node:url").pathToFileURL(__filename).href}};' },
};

process.on('exit', () => rmSync(dist, { recursive: true, force: true }));
mkdirSync(dist);
const results = [
  await build({
    ...common,
    entryPoints: ENTRIES,
    outdir: dist,
    outExtension: { '.js': '.cjs' },
    plugins: [onDemand, native, late],
  }),
];
for (const [name, file] of Object.entries(ON_DEMAND)) {
  // In the sources it is an ES module whose default export is module.exports, as in Node.
  const contents = `const all = require(${JSON.stringify(name)}); module.exports = all.default ?? all;`;
  const stdin = { contents, resolveDir: root, loader: 'js' };
  // jsonc-parser's `main` hides its parts from a bundler, its `module` does not.
  results.push(await build({ ...common, stdin, mainFields: ['module', 'main'], outfile: join(dist, `${file}.cjs`) }));
}

// The launcher reads bundles as one-byte text, which needs no decoding: esbuild leaves other letters in regular expressions.
for (const name of readdirSync(dist).filter(name => name.endsWith('.cjs'))) {
  const text = readFileSync(join(dist, name), 'utf8');
  const escaped = text.replace(/[\u0080-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (escaped !== text) writeFileSync(join(dist, name), escaped);
}

const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
writeFileSync(join(dist, 'THIRD_PARTY_LICENSES.txt'), licencesOf(root, inputs));

// In processes of their own, with the flags that users run with: V8 takes a cache only under the flags it was made with.
for (const what of ['reads', 'writes']) {
  const args = [join(root, 'scripts', 'warm.cjs'), dist, what];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) console.error('no code cache was made: the commands work, but start slower');
}
const old = `${dist}.old`;
if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
renameSync(dist, join(root, 'dist'));
rmSync(old, { recursive: true, force: true });
