// Writes what follows from the operations: docs/OPERATIONS.md, and a snapshot of every surface so that a change of one shows
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

const { doctorParts, specParts } = await import('./spec-parts.mjs');

const registry = makeRegistry(OPERATIONS);
const byName = [...OPERATIONS].sort((a, b) => (a.name < b.name ? -1 : 1));
const WIDTH = 100;

const cell = text => text.replace(/\|/g, '\\|').replace(/\n/g, ' ');

function inputsOf(operation) {
  return inputFields(operation)
    .map(field => `\`${field.name}\`${field.required ? '' : '?'}: ${cell(valueWord(field))}${field.many ? '[]' : ''}`)
    .join(', ');
}

/** What an operation does to the ledger, in the words of the page's legend. */
function effectOf(operation) {
  const extra = [
    operation.hold === 'take' ? 'claims' : '',
    operation.creates ? 'creates' : '',
    operation.landsFirst ? 'lands first' : '',
    operation.destructive ? 'destructive' : '',
    operation.humanOnly ? 'human only' : '',
    operation.kind !== 'write' && operation.bare ? 'needs no ledger' : '',
  ].filter(word => word !== '');
  return [operation.kind, ...extra].join(', ');
}

function toolCell(operation) {
  if (operation.cliOnly) return '';
  const resource = operation.resource ? `<br>\`${operation.resource.uri}\`` : '';
  return `\`${toolName(operation)}\`${operation.default ? ' ★' : ''}${resource}`;
}

function reference() {
  const sets = [...new Set(byName.map(toolsetOf))].sort();
  const parts = sets.map(set => {
    const rows = byName
      .filter(operation => toolsetOf(operation) === set)
      .map(
        operation =>
          `| \`${operation.name}\`<br>${cell(operation.summary)} | ${effectOf(operation)} | \`ledgenter ${cell(usageOf(operation))}\` | ${toolCell(operation)} | ${inputsOf(operation)} | ${operation.since ?? '0.1.0'} |`,
      );
    const head = ['| operation | effect | command | MCP | input | since |', '|---|---|---|---|---|---|'];
    return [`## ${set}`, '', ...head, ...rows, ''].join('\n');
  });
  return [
    '# Operations',
    '',
    'Written by `npm run generate` from the definitions of the operations, by room. Every one is a command, and every one with a',
    'tool is reached by `ledgenter call <tool> <json>` and by the MCP tool `call` as well. ★ marks the tools that the MCP server',
    'lists by default; `--toolsets all`, or the names of the headings below, list more. An address under a tool is the resource',
    'that it is served as. An input with `?` may be left out, one with `[]` takes several; on the command line it is a flag in',
    'kebab-case.',
    '',
    '**Effect**: *read* leaves no entry; *write* is one entry in the book; *act* works on this clone or its remote and writes no',
    'entry of its own. *Claims*: decided at the one authority before it is answered. *Creates*: repeated by the same run within',
    'ten minutes it answers the first (`idempotent_replay`). *Lands first*: waits for the remote unless told not to. *Human',
    'only*: refused where an agent host is detected or stdin is no terminal.',
    '',
    ...parts,
  ].join('\n');
}

/** A page with the parts between its marks made anew. */
async function withParts(page, parts) {
  let text = now(page);
  for (const [name, part] of Object.entries(parts)) {
    const begin = `<!-- generated:${name} -->\n`;
    const at = text.indexOf(begin);
    if (at < 0) throw new Error(`${page} has no place for ${name}`);
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
  'docs/OPERATIONS.md': reference(),
  'docs/SPEC.md': await withParts('docs/SPEC.md', await specParts(from)),
  'docs/DOCTOR.md': await withParts('docs/DOCTOR.md', await doctorParts(from)),
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
