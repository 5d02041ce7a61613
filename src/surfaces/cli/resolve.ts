import { LedgerError } from '../../kernel/errors.ts';
import { cliWords, type Operation } from '../../kernel/operation.ts';
import { type Registry, verbsOf } from '../registry.ts';
import { nearest } from '../suggest.ts';
import { GLOBALS } from './globals.ts';

/** Commands of the CLI itself, beside the operations. */
export const OWN_COMMANDS = ['help', 'call', 'mcp', 'completion', 'session-hook', 'wrap'] as const;
export type OwnCommand = (typeof OWN_COMMANDS)[number];

/** What a command line names, and what is left of it. */
export type Resolved =
  | { kind: 'operation'; operation: Operation; args: string[] }
  | { kind: 'own'; command: OwnCommand; args: string[] }
  | { kind: 'room'; room: string; args: string[] }
  | { kind: 'none'; args: string[] };

const TAKES_VALUE = new Set(
  GLOBALS.filter(flag => flag.kind === 'string').map(flag =>
    flag.name.length === 1 ? `-${flag.name}` : `--${flag.name}`,
  ),
);

/** Places of the first two words that are neither flags nor values of global flags. */
function wordPlaces(argv: readonly string[]): number[] {
  const places: number[] = [];
  for (let at = 0; at < argv.length && places.length < 2; at++) {
    const arg = argv[at]!;
    if (arg === '--') break;
    if (TAKES_VALUE.has(arg)) at++;
    else if (!arg.startsWith('-')) places.push(at);
    else if (places.length > 0) break; // a flag of the command may take the next word as its value
  }
  return places;
}

const without = (argv: readonly string[], places: number[]) => argv.filter((_, at) => !places.includes(at));

/**
 * Finds the command of a command line.
 * @throws LedgerError UNKNOWN_OPERATION with the nearest command there is.
 */
export function resolveCommand(argv: readonly string[], registry: Registry): Resolved {
  const places = wordPlaces(argv);
  const [first, second] = places.map(place => argv[place]!);
  if (first === undefined) return { kind: 'none', args: [...argv] };
  const words = second === undefined ? [first] : [`${first} ${second}`, first];
  for (const name of words) {
    const operation = registry.instead(name, argv);
    const named = name.includes(' ') ? places : places.slice(0, 1);
    if (operation) return { kind: 'operation', operation, args: without(argv, named) };
  }
  if (second !== undefined) {
    const operation = registry.command([first, second]);
    if (operation) return { kind: 'operation', operation, args: without(argv, places) };
    const short = registry.alias(`${first} ${second}`);
    if (short)
      return { kind: 'operation', operation: short.operation, args: [...short.args, ...without(argv, places)] };
  }
  const rest = without(argv, places.slice(0, 1));
  const own = OWN_COMMANDS.find(command => command === first);
  if (own) return { kind: 'own', command: own, args: rest };
  const single = registry.command([first]) ?? (first.includes('_') ? registry.find(first) : undefined);
  if (single) return { kind: 'operation', operation: single, args: rest };
  const alias = registry.alias(first);
  if (alias) return { kind: 'operation', operation: alias.operation, args: [...alias.args, ...rest] };
  if (!registry.rooms.includes(first)) throw unknownCommand(first, second, registry);
  if (second === undefined || second === 'help') return { kind: 'room', room: first, args: rest };
  throw unknownVerb(first, second, registry);
}

/** Every command a person can type, as one string of words. */
export function commandNames(registry: Registry): string[] {
  const names = registry.operations.map(operation => cliWords(operation).join(' '));
  const aliases = registry.operations.flatMap(operation => (operation.aliases ?? []).map(alias => alias.name));
  return [...names, ...aliases, ...OWN_COMMANDS];
}

function unknownCommand(first: string, second: string | undefined, registry: Registry): LedgerError {
  const both = second === undefined ? undefined : nearest(`${first} ${second}`, commandNames(registry));
  const near = both ?? nearest(first, [...registry.rooms, ...commandNames(registry)]);
  return new LedgerError(
    'UNKNOWN_OPERATION',
    `no command ${JSON.stringify(first)}${near ? `; did you mean: ${near}?` : ''}`,
    {
      hint: near ? `ledgenter ${near} --help` : 'ledgenter help',
    },
  );
}

function unknownVerb(room: string, verb: string, registry: Registry): LedgerError {
  const verbs = verbsOf(registry, room);
  const near = nearest(verb, verbs);
  return new LedgerError(
    'UNKNOWN_OPERATION',
    `${room} has no command ${JSON.stringify(verb)}${near ? `; did you mean: ${room} ${near}?` : ''}`,
    { hint: near ? `ledgenter ${room} ${near} --help` : `ledgenter ${room} --help` },
  );
}
