#!/usr/bin/env node
'use strict';
// Loads the bundle with the code cache that the build made beside it: V8 then skips compiling it. A cache of another
// Node is refused by V8 and the bundle compiled as usual; nothing is ever written here.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const dist = join(__dirname, '..', 'dist');
const loaded = new Map();

function optional(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function load(name) {
  const known = loaded.get(name);
  if (known) return known.exports;
  const filename = join(dist, name);
  // The bundles are ASCII: read as such they need no decoding.
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, 'latin1')}\n})`;
  const cachedData = optional(`${filename}.cache`);
  const script = new Script(source, cachedData ? { filename, cachedData } : { filename });
  const module = { exports: {} };
  loaded.set(name, module);
  script.runInThisContext()(
    module.exports,
    id => (id.startsWith('./') ? load(id.slice(2)) : require(id)),
    module,
    filename,
    dist,
  );
  return module.exports;
}

// What is wrapped is waited for: nothing is loaded before it runs.
load(process.argv[2] === 'wrap' ? 'wrap.cjs' : 'cli.cjs').start();
