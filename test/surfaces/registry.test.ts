import t from 'tap';
import { cliWords, defineOperation, toolName } from '../../src/kernel/operation.ts';
import { splitCommand } from '../../src/surfaces/cli/editor.ts';
import { GLOBALS } from '../../src/surfaces/cli/globals.ts';
import { helpText } from '../../src/surfaces/cli/help.ts';
import { parseArgs } from '../../src/surfaces/cli/parse.ts';
import { OWN_COMMANDS, resolveCommand } from '../../src/surfaces/cli/resolve.ts';
import { inputFields } from '../../src/surfaces/inputs.ts';
import { readCall } from '../../src/surfaces/mcp/calls.ts';
import { toolList } from '../../src/surfaces/mcp/tools.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { makeRegistry, positionalOf } from '../../src/surfaces/registry.ts';
import { SAMPLE } from './sample.ts';

const registry = makeRegistry(OPERATIONS);
/** The one flag that an operation may have as its own: `plan accept --version 2`. */
const SHADOWED = new Set(['version']);

t.test('every operation has help with an example, a short summary, and flags in kebab-case', async t => {
  for (const operation of OPERATIONS) {
    const words = cliWords(operation).join(' ');
    const text = await helpText(registry, [words], 1000);
    t.match(text, new RegExp(`Usage: ledgenter ${words}`), words);
    t.ok(operation.examples.length > 0, `${words} has an example`);
    t.ok(
      operation.examples.every(({ cli }) => text.includes(cli)),
      `${words} shows its examples`,
    );
    t.ok(operation.summary.length <= 200 && !/[.\n]$/.test(operation.summary), `${words} is summed up in a line`);
    for (const { flag, name } of inputFields(operation)) {
      t.match(flag, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, `${words} --${flag}`);
      t.match(name, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, `${words} ${name}`);
    }
  }
});

t.test('no operation hides a global flag or a command of the CLI', async t => {
  const globals = new Set(GLOBALS.map(flag => flag.name).filter(name => !SHADOWED.has(name)));
  for (const operation of OPERATIONS) {
    for (const { flag } of inputFields(operation)) t.notOk(globals.has(flag), `${operation.name} --${flag}`);
    t.notOk(OWN_COMMANDS.includes(cliWords(operation)[0] as (typeof OWN_COMMANDS)[number]), operation.name);
    if (operation.positional) t.ok(positionalOf(operation), `${operation.name} has its positional`);
    for (const { name } of operation.aliases ?? [])
      t.notOk(registry.rooms.includes(name) || registry.command([name]), name);
  }
});

t.test('every example is a command line that parses', async t => {
  for (const operation of OPERATIONS)
    for (const { cli } of operation.examples) {
      const [program, ...argv] = splitCommand(cli);
      t.equal(program, 'ledgenter', cli);
      const found = resolveCommand(argv, registry);
      if (found.kind === 'own') continue;
      if (found.kind !== 'operation') {
        t.fail(`${cli} names no operation`);
        continue;
      }
      t.doesNotThrow(() => parseArgs(found.args, found.operation), cli);
    }
});

t.test('the default tools are few and small, and all are small on average', async t => {
  const tools = toolList(registry, { toolsets: ['default'], readOnly: false });
  const named = 'whoami guide task_claim task_get task_update task_note task_code_ref task_query handoff_respond';
  t.same(tools.map(({ name }) => name).sort(), `${named} decision_log knowledge_search call`.split(' ').sort());
  t.ok(tools.length <= 12, `${tools.length} tools`);
  t.ok(
    Buffer.byteLength(JSON.stringify({ tools })) <= 6.5 * 1024,
    `${Buffer.byteLength(JSON.stringify({ tools }))} bytes`,
  );
  const all = toolList(registry, { toolsets: ['all'], readOnly: false });
  t.ok(
    Buffer.byteLength(JSON.stringify(all)) / all.length <= 550,
    `${Buffer.byteLength(JSON.stringify(all)) / all.length} bytes a tool`,
  );
});

t.test('every tool is an object schema without alternatives at its top, named once, annotated', async t => {
  const all = toolList(registry, { toolsets: ['all'], readOnly: false });
  t.equal(new Set(all.map(tool => tool.name)).size, all.length);
  for (const { name, inputSchema, annotations, description } of all) {
    t.equal(inputSchema.type, 'object', name);
    for (const word of ['anyOf', 'oneOf', 'allOf', '$schema', '$ref']) t.notOk(word in inputSchema, `${name} ${word}`);
    t.ok(description.length > 0, name);
    const operation = registry.find(name);
    if (operation) t.equal(annotations?.readOnlyHint === true, operation.kind === 'read', `${name} read only`);
    t.notOk(operation?.cliOnly, name);
  }
  const reading = toolList(registry, { toolsets: ['all'], readOnly: true });
  t.ok(reading.every(({ name }) => name === 'call' || registry.find(name)?.kind === 'read'));
});

t.test('call reaches every operation that has a tool, and on a read-only server those that only read', async t => {
  for (const operation of OPERATIONS) {
    const tool = toolName(operation);
    const read = (readOnly: boolean) => () => readCall(registry, 'call', { tool, input: {} }, readOnly);
    if (operation.cliOnly) t.throws(read(false), { code: 'UNKNOWN_OPERATION' }, tool);
    else {
      t.equal(read(false)().operation, operation, tool);
      if (operation.kind === 'read') t.equal(read(true)().operation, operation, tool);
      else t.throws(read(true), { code: 'REFUSED' }, `${tool} on a read-only server`);
    }
  }
});

t.test('two operations of one name are refused', async t => {
  t.throws(() => makeRegistry([SAMPLE[0]!, SAMPLE[0]!]), /two operations are called/);
  const ready = defineOperation({
    ...(SAMPLE[4] as never as object),
    name: 'other',
    aliases: [{ name: 'ready', args: [] }],
  } as never);
  t.throws(() => makeRegistry([...SAMPLE, ready]), /short form ready/);
});

t.test('an operation is found by each of its names', async t => {
  for (const operation of OPERATIONS) {
    t.equal(registry.find(toolName(operation)), operation);
    t.equal(registry.find(operation.name), operation);
    t.equal(registry.command(cliWords(operation)), operation);
  }
});
