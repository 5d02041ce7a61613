// Writes what follows from the operations: docs/TOOLS.md, and a snapshot of every surface so that a change of one shows
// in review. `--check` writes nothing and names what is out of date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { register } from 'tsx/esm/api';
import { root } from './files.mjs';

register();
const from = path => import(new URL(`../src/${path}`, import.meta.url).href);
const { OPERATIONS } = await from('surfaces/operations.ts');
const { makeRegistry, toolsetOf } = await from('surfaces/registry.ts');
const { toolList } = await from('surfaces/mcp/tools.ts');
const { helpText, usageOf } = await from('surfaces/cli/help.ts');
const { inputFields } = await from('surfaces/inputs.ts');
const { valueWord } = await from('surfaces/describe.ts');
const { OWN_COMMANDS } = await from('surfaces/cli/resolve.ts');
const { toolName } = await from('kernel/operation.ts');

const { specParts } = await import('./spec-parts.mjs');

const registry = makeRegistry(OPERATIONS);
const byName = [...OPERATIONS].sort((a, b) => (a.name < b.name ? -1 : 1));
const WIDTH = 100;

const cell = text => text.replace(/\|/g, '\\|').replace(/\n/g, ' ');

function inputsOf(operation) {
  return inputFields(operation)
    .map(field => `\`${field.name}\`${field.required ? '' : '?'}: ${cell(valueWord(field))}${field.many ? '[]' : ''}`)
    .join(', ');
}

function reference() {
  const sets = [...new Set(byName.map(toolsetOf))].sort();
  const parts = sets.map(set => {
    const rows = byName
      .filter(operation => toolsetOf(operation) === set)
      .map(operation => {
        const tool = operation.cliOnly ? '' : `\`${toolName(operation)}\`${operation.default ? ' ★' : ''}`;
        return `| ${tool} | \`ledgenter ${cell(usageOf(operation))}\` | ${cell(operation.summary)} | ${inputsOf(operation)} |`;
      });
    return [`## ${set}`, '', '| tool | command | what it does | input |', '|---|---|---|---|', ...rows, ''].join('\n');
  });
  return [
    '# Tools and commands',
    '',
    'Written by `npm run generate` from the definitions of the operations. ★ marks the tools that the MCP server lists by',
    'default; `--toolsets all`, or the names of the headings below, list more, and `call` reaches every one. An input with',
    '`?` may be left out, one with `[]` takes several. On the command line an input is a flag in kebab-case.',
    '',
    ...parts,
  ].join('\n');
}

/** docs/SPEC.md with the parts between its marks made anew. */
async function specification() {
  let text = now('docs/SPEC.md');
  for (const [name, part] of Object.entries(await specParts(from))) {
    const begin = `<!-- generated:${name} -->\n`;
    const at = text.indexOf(begin);
    if (at < 0) throw new Error(`docs/SPEC.md has no place for ${name}`);
    const end = text.indexOf('<!-- /generated -->', at);
    text = `${text.slice(0, at + begin.length)}\n${part}\n\n${text.slice(end)}`;
  }
  return text;
}

async function help() {
  const pages = ['', ...registry.rooms, ...byName.map(operation => operation.name), ...OWN_COMMANDS];
  const texts = [];
  for (const page of pages) texts.push(`$ ledgenter help ${page}\n\n${await helpText(registry, [page], WIDTH)}\n`);
  return texts.join(`\n${'='.repeat(WIDTH)}\n`);
}

const tools = toolsets => `${JSON.stringify(toolList(registry, { toolsets, readOnly: false }), null, 2)}\n`;

const files = {
  'docs/TOOLS.md': reference(),
  'docs/SPEC.md': await specification(),
  'test/snapshots/tools-default.json': tools(['default']),
  'test/snapshots/tools-all.json': tools(['all']),
  'test/snapshots/help.txt': await help(),
};

function now(path) {
  try {
    return readFileSync(join(root, path), 'utf8').replace(/\r\n/g, '\n');
  } catch {
    return undefined;
  }
}

let stale = 0;
for (const [path, text] of Object.entries(files)) {
  if (now(path) === text) continue;
  stale += 1;
  if (process.argv.includes('--check')) console.error(`${path} is out of date: npm run generate`);
  else {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
if (process.argv.includes('--check') && stale > 0) process.exitCode = 1;
