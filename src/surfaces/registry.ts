import { cliWords, type Operation, toolName } from '../kernel/operation.ts';
import { inputFields } from './inputs.ts';

/** A short form of a command: `ready` is `task query --ready`. */
export interface Alias {
  operation: Operation;
  args: string[];
}

/** Every operation, by the names that surfaces call it. */
export interface Registry {
  readonly operations: readonly Operation[];
  /** By tool name (`task_claim`), operation name (`task.claim`) or command words with a blank. */
  find(name: string): Operation | undefined;
  /** By the words of a command line. */
  command(words: readonly string[]): Operation | undefined;
  /** A short form by its word, or its two words with a blank (`task cancel`). */
  alias(name: string): Alias | undefined;
  /** What is carried out in place of a command, where one of these arguments asks for it. */
  instead(name: string, args: readonly string[]): Operation | undefined;
  /** First words of two-word commands. */
  readonly rooms: readonly string[];
  /** The operations whose command begins with this word. */
  inRoom(room: string): Operation[];
}

/** Toolset of an operation: named, or the part of its name before the dot. */
export function toolsetOf(operation: Operation): string {
  return operation.toolset ?? operation.name.split('.')[0]!.split('_')[0]!;
}

/** @throws TypeError when two operations share a name, so that none can shadow another. */
export function makeRegistry(operations: readonly Operation[]): Registry {
  const names = new Map<string, Operation>();
  const aliases = new Map<string, Alias>();
  const rooms = new Set<string>();
  for (const operation of operations) {
    const words = cliWords(operation);
    for (const name of new Set([toolName(operation), operation.name, words.join(' ')])) {
      if (names.has(name)) throw new TypeError(`two operations are called ${name}`);
      names.set(name, operation);
    }
    if (words.length === 2) rooms.add(words[0]!);
    for (const { name, args } of operation.aliases ?? []) {
      if (aliases.has(name)) throw new TypeError(`two operations have the short form ${name}`);
      aliases.set(name, { operation, args });
    }
  }
  return {
    operations,
    find: name => names.get(name),
    command: words => names.get(words.join(' ')),
    alias: name => aliases.get(name),
    instead: (name, args) =>
      operations.find(
        ({ insteadOf: one }) =>
          one?.commands.includes(name) && args.some(arg => arg === `--${one.flag}` || arg.startsWith(`--${one.flag}=`)),
      ),
    rooms: [...rooms].sort(),
    inRoom: room => operations.filter(operation => cliWords(operation)[0] === room),
  };
}

/** Second words of the commands in a room, short forms among them. */
export function verbsOf(registry: Registry, room: string): string[] {
  const short = registry.operations.flatMap(({ aliases = [] }) => aliases.map(({ name }) => name.split(' ')));
  return [
    ...registry.inRoom(room).flatMap(operation => cliWords(operation).slice(1)),
    ...short.filter(([first]) => first === room).flatMap(words => words.slice(1)),
  ];
}

/** The positional field of an operation, if it has one. */
export function positionalOf(operation: Operation) {
  return inputFields(operation).find(field => field.name === operation.positional);
}
