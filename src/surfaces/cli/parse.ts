import parser from 'yargs-parser/browser';
import { LedgerError } from '../../kernel/errors.ts';
import { cliWords, type Operation } from '../../kernel/operation.ts';
import { type InputField, inputFields } from '../inputs.ts';
import { nearest } from '../suggest.ts';
import { coerce } from './coerce.ts';
import { flagText, GLOBALS, type GlobalValues } from './globals.ts';

/** A command line, taken apart: the global flags, and the input of the operation. */
export interface Parsed {
  globals: GlobalValues;
  input: Record<string, unknown>;
  /** Words that belong to no flag and no positional; only where no operation was given. */
  rest: string[];
}

const CONFIGURATION = {
  'boolean-negation': true,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': true,
  'flatten-duplicate-arrays': true,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'short-option-groups': false,
  'strip-aliased': true,
} as const;

/**
 * Reads the words after the command. `operation` undefined reads only the global flags.
 * @throws LedgerError USAGE for a flag that does not exist (naming the nearest), a missing value or a word too many;
 * BAD_INPUT for a value of the wrong type.
 */
export function parseArgs(args: readonly string[], operation?: Operation): Parsed {
  const fields = operation ? inputFields(operation) : [];
  const own = new Set(fields.map(field => field.flag));
  const globals = GLOBALS.filter(flag => !own.has(flag.name));
  const shield = new Shield();
  const said = plainBooleans(args, fields, helpCommand(operation));
  const shielded = said.map(arg => shield.hide(arg));
  const valued = [
    ...fields.filter(field => field.kind !== 'boolean').map(field => field.flag),
    ...globals.filter(flag => flag.kind === 'string').map(flag => flag.name),
  ];
  const { argv, error } = parser.detailed(shielded, {
    string: valued,
    narg: Object.fromEntries(valued.map(name => [name, 1])),
    array: fields.filter(field => field.many && field.kind !== 'boolean').map(field => field.flag),
    boolean: [
      ...fields.filter(field => field.kind === 'boolean').map(field => field.flag),
      ...globals.filter(flag => flag.kind === 'boolean').map(flag => flag.name),
    ],
    alias: Object.fromEntries(globals.flatMap(flag => (flag.short ? [[flag.name, [flag.short]]] : []))),
    configuration: CONFIGURATION,
  });
  const context = { operation, help: helpCommand(operation) };
  const known = new Map(fields.map(field => [field.flag, field]));
  const input: Record<string, unknown> = {};
  const values: Record<string, unknown> = {};
  for (const [name, raw] of Object.entries(argv)) {
    if (name === '_') continue;
    const value = shield.reveal(raw);
    const field = known.get(name);
    const global = globals.find(flag => flag.name === name);
    if (field) input[field.name] = coerce(field, value, context.help);
    else if (global) values[name] = single(name, value, context.help);
    else throw unknownFlag(name, [...own, ...globals.map(flag => flag.name)], context.help);
  }
  if (error) throw new LedgerError('USAGE', missingValue(error, valued), { hint: context.help });
  const words = (argv._ as unknown[]).map(word => String(shield.reveal(word)));
  const rest = operation ? takePositional(operation, fields, words, input, context.help) : words;
  return { globals: globalValues(values), input, rest };
}

/**
 * `--ready=yes` as `--ready=true`: the parser takes whatever is not `true` for false.
 * @throws LedgerError BAD_INPUT for a value that is neither
 */
function plainBooleans(args: readonly string[], fields: InputField[], help: string): string[] {
  const end = args.indexOf('--');
  return args.map((arg, index) => {
    const [, name, value] = (end < 0 || index < end ? /^--([a-z][a-z0-9-]*)=(.*)$/s.exec(arg) : null) ?? [];
    const field = fields.find(each => each.kind === 'boolean' && each.flag === name);
    if (!field || value === undefined || (value === '' && field.nullable)) return arg;
    return `--${name}=${coerce(field, value.toLowerCase(), help)}`;
  });
}

/** `ledgenter help task claim`. */
export function helpCommand(operation: Operation | undefined): string {
  return operation ? `ledgenter help ${cliWords(operation).join(' ')}` : 'ledgenter help';
}

/**
 * A quoted text that begins with a dash (`- first point`) is a text: the parser sees a word in its place. NUL cannot
 * stand in an argument, so no argument looks like one of these.
 */
class Shield {
  readonly #hidden: string[] = [];

  hide(arg: string): string {
    if (!/^-/.test(arg) || !/\s/.test(arg) || /^--?[A-Za-z][\w-]*=/.test(arg)) return arg;
    return `\0${this.#hidden.push(arg) - 1}`;
  }

  reveal(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(item => this.reveal(item));
    return typeof value === 'string' && value.startsWith('\0') ? this.#hidden[Number(value.slice(1))] : value;
  }
}

function takePositional(
  operation: Operation,
  fields: InputField[],
  words: string[],
  input: Record<string, unknown>,
  help: string,
): string[] {
  const field = fields.find(each => each.name === operation.positional);
  if (words.length === 0) return [];
  if (field && input[field.name] === undefined && (words.length === 1 || field.many)) {
    input[field.name] = coerce(field, field.many ? words : words[0], help);
    return [];
  }
  const second = fields.find(each => each.name === operation.second);
  if (field && second && words.length === 2 && input[field.name] === undefined && input[second.name] === undefined) {
    input[field.name] = coerce(field, words[0], help);
    input[second.name] = coerce(second, words[1], help);
    return [];
  }
  const extra = field && input[field.name] === undefined ? words[1]! : words[0]!;
  const text = fields.find(each => each.long && each.required && input[each.name] === undefined);
  const hint = text && text !== field ? `put it behind --${text.flag}` : help;
  throw new LedgerError('USAGE', `one word too many: ${JSON.stringify(extra.slice(0, 80))}`, { hint });
}

function unknownFlag(name: string, known: string[], help: string): LedgerError {
  const near = nearest(name, known);
  return new LedgerError(
    'USAGE',
    `no flag ${flagText(name.slice(0, 80))}${near ? `; did you mean ${flagText(near)}?` : ''}`,
    {
      hint: help,
    },
  );
}

function missingValue(error: Error, valued: string[]): string {
  const name = valued.find(each => error.message.endsWith(` ${each}`));
  return name ? `${flagText(name)} needs a value (${flagText(name)}=… when it begins with a dash)` : error.message;
}

function single(name: string, value: unknown, help: string): unknown {
  if (!Array.isArray(value)) return value;
  throw new LedgerError('USAGE', `${flagText(name)} is given twice`, { hint: help });
}

function globalValues(values: Record<string, unknown>): GlobalValues {
  const text = (name: string) => (typeof values[name] === 'string' ? (values[name] as string) : undefined);
  const optional = {
    as: text('as'),
    run: text('run'),
    mode: text('mode'),
    ledger: text('ledger'),
    key: text('idempotency-key'),
    folder: text('C'),
  };
  return {
    json: values.json === true,
    quiet: values.quiet === true,
    help: values.help === true,
    version: values.version === true,
    edit: values.edit === true,
    offline: values.offline === true,
    ...(typeof values.sync === 'boolean' ? { sync: values.sync } : {}),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}
