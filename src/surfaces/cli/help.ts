import type { Argv } from 'yargs';
import { LedgerError } from '../../kernel/errors.ts';
import { cliWords, type Operation } from '../../kernel/operation.ts';
import { describeField } from '../describe.ts';
import { inputFields } from '../inputs.ts';
import { positionalOf, type Registry, verbsOf } from '../registry.ts';
import { nearest } from '../suggest.ts';
import { VERSION } from '../version.ts';
import { GLOBALS } from './globals.ts';
import { commandNames, OWN_COMMANDS } from './resolve.ts';
import { styleOf } from './terminal.ts';
import type { World } from './world.ts';

/** Help of the commands that are no operations. */
const OWN: Readonly<
  Record<(typeof OWN_COMMANDS)[number], { usage: string; says: string; examples: [string, string][] }>
> = {
  help: {
    usage: 'help [command]',
    says: 'Show how a command is used.',
    examples: [['ledgenter help', 'what there is']],
  },
  call: {
    usage: 'call <tool> <json|->',
    says: 'Call an operation by its tool name, JSON in and JSON out.',
    examples: [
      [`ledgenter call whoami '{}'`, 'the same as ledgenter whoami --json'],
      ['ledgenter call whoami - < input.json', 'the input from stdin'],
    ],
  },
  mcp: {
    usage: 'mcp [--toolsets all|<room>,…] [--read-only]',
    says: 'Serve the operations to an agent host over the Model Context Protocol on stdin and stdout.',
    examples: [['ledgenter mcp --toolsets task,project', 'list the tools of two rooms']],
  },
  wrap: {
    usage: 'wrap [--as <agent>] [--task <id>] -- <command…>',
    says: 'Run a command as if it were typed, and keep how it went as events of the agent; works without a ledger too',
    examples: [
      ['ledgenter wrap --as claude -- claude -p tick.md', 'its exit code and signals are those of the command'],
    ],
  },
  'session-hook': {
    usage: 'session-hook <host> <start|end>',
    says: 'What `setup` makes an agent host run: prime when a session starts, run end when it ends',
    examples: [['ledgenter session-hook claude start', 'what Claude Code is told; nothing where there is no ledger']],
  },
  completion: {
    usage: 'completion <bash|zsh|fish>',
    says: 'Print the completion script of a shell.',
    examples: [['ledgenter completion bash >> ~/.bash_completion', 'complete commands and flags in bash']],
  },
};

/** The topic of the guide that `help <topic>` means, when it names no command. */
export function findTopic(
  registry: Registry,
  words: readonly string[],
): { operation: Operation; input: Record<string, unknown> } | undefined {
  const guide = registry.find('guide');
  const [topic] = words;
  if (!guide || topic === undefined || words.length !== 1) return undefined;
  const field = positionalOf(guide);
  const taken = commandNames(registry).includes(topic) || registry.rooms.includes(topic) || registry.find(topic);
  return taken || !field?.choices?.includes(topic) ? undefined : { operation: guide, input: { [field.name]: topic } };
}

/**
 * Prints help on everything, a room or a command.
 * @throws LedgerError UNKNOWN_OPERATION when there is no such thing.
 */
export async function writeHelp(world: World, words: readonly string[]): Promise<void> {
  world.stdout.write(
    `${await helpText(world.registry, words, Math.min(100, styleOf(world.stdout, world.env).width))}\n`,
  );
}

/** The help on `words` as text of at most `width` columns. */
export async function helpText(registry: Registry, words: readonly string[], width: number): Promise<string> {
  const { default: yargs } = await import('yargs');
  const page = yargs([]).scriptName('ledgenter').locale('en').help(false).version(false).wrap(width);
  const name = words.join(' ');
  const operation = registry.find(name) ?? registry.alias(name)?.operation;
  if (operation) operationPage(page, operation);
  else if (name in OWN) ownPage(page, name as keyof typeof OWN);
  else if (registry.rooms.includes(name)) roomPage(page, registry, name);
  else if (name === '') overview(page, registry);
  else throw noHelp(name, registry);
  return page.getHelp();
}

function noHelp(name: string, registry: Registry): LedgerError {
  const near = nearest(name, [...commandNames(registry), ...registry.rooms]);
  return new LedgerError(
    'UNKNOWN_OPERATION',
    `no help on ${JSON.stringify(name)}${near ? `; did you mean: ${near}?` : ''}`,
    {
      hint: near ? `ledgenter help ${near}` : 'ledgenter help',
    },
  );
}

function overview(page: Argv, registry: Registry): void {
  page.usage(`ledgenter ${VERSION}: a work ledger inside git\n\nUsage: $0 <command> [flags]`);
  for (const room of registry.rooms) {
    page.command(`${room} <…>`, verbsOf(registry, room).sort().join(', '));
  }
  for (const operation of registry.operations) {
    if (cliWords(operation).length === 1) page.command(usageOf(operation), operation.summary);
    for (const alias of operation.aliases ?? [])
      if (!alias.name.includes(' ')) page.command(alias.name, shortFor(operation, alias.args));
  }
  for (const own of OWN_COMMANDS) page.command(OWN[own].usage, OWN[own].says);
  globalOptions(page);
  page.epilogue('ledgenter help <command> shows the flags and examples of one.');
}

function roomPage(page: Argv, registry: Registry, room: string): void {
  page.usage(`Usage: $0 ${room} <command> [flags]`);
  const operations = registry.inRoom(room);
  for (const operation of operations) page.command(usageOf(operation), operation.summary);
  for (const operation of registry.operations)
    for (const { name, args } of operation.aliases ?? [])
      if (name.startsWith(`${room} `)) page.command(name, shortFor(operation, args));
  for (const operation of operations)
    for (const { cli, says } of operation.examples.slice(0, 1)) page.example(cli, says);
  page.epilogue(`ledgenter help ${room} <command> shows the flags of one.`);
}

function operationPage(page: Argv, operation: Operation): void {
  page.usage(`Usage: $0 ${usageOf(operation)} [flags]\n\n${operation.summary}`);
  for (const field of inputFields(operation)) {
    if (field.name === operation.positional || field.name === operation.second) {
      page.positional(field.flag, {
        describe: describeField(field),
        ...(field.choices ? { choices: field.choices } : {}),
      });
      continue;
    }
    const type =
      field.kind === 'boolean' ? 'boolean' : field.kind === 'integer' || field.kind === 'number' ? 'number' : 'string';
    page.option(field.flag, {
      type: field.many && type === 'string' ? 'array' : type,
      describe: describeField(field),
      requiresArg: type !== 'boolean',
      demandOption: field.required,
      group: 'Flags:',
      ...(field.choices ? { choices: field.choices } : {}),
    });
  }
  globalOptions(page, new Set(inputFields(operation).map(field => field.flag)));
  for (const { cli, says } of operation.examples) page.example(cli, says);
  for (const { name, args } of operation.aliases ?? []) page.example(`ledgenter ${name}`, shortFor(operation, args));
}

const shortFor = (operation: Operation, args: readonly string[]): string =>
  `short for ${[...cliWords(operation), ...args].join(' ')}`;

function ownPage(page: Argv, name: keyof typeof OWN): void {
  const { usage, says, examples } = OWN[name];
  page.usage(`Usage: $0 ${usage}\n\n${says}`);
  for (const [cli, what] of examples) page.example(cli, what);
  globalOptions(page);
}

/** `task claim [task-id]`. */
export function usageOf(operation: Operation): string {
  const second = inputFields(operation).find(field => field.name === operation.second);
  const fields = [positionalOf(operation), second].filter(field => field !== undefined);
  const shown = fields.map(({ flag, many, required }) => {
    const name = `${flag}${many ? '..' : ''}`;
    return required ? `<${name}>` : `[${name}]`;
  });
  return [...cliWords(operation), ...shown].join(' ');
}

function globalOptions(page: Argv, hidden: ReadonlySet<string> = new Set()): void {
  for (const { name, short, kind, says, choices } of GLOBALS) {
    if (hidden.has(name)) continue;
    page.option(name, {
      type: kind,
      describe: says,
      group: 'Everywhere:',
      ...(short ? { alias: short } : {}),
      ...(choices ? { choices: [...choices] } : {}),
    });
  }
}
