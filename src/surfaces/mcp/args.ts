import parser from 'yargs-parser/browser';
import { LedgerError } from '../../kernel/errors.ts';
import { flagText } from '../cli/globals.ts';
import type { Registry } from '../registry.ts';
import { nearest } from '../suggest.ts';
import { type Selection, toolsetNames } from './tools.ts';

/** What `ledgenter mcp` was started with. */
export interface ServerArgs extends Selection {
  as?: string;
  run?: string;
  mode?: string;
  ledger?: string;
  folder?: string;
  sync?: boolean;
  offline: boolean;
}

const STRINGS = ['toolsets', 'as', 'run', 'mode', 'ledger', 'C'];
const BOOLEANS = ['read-only', 'offline', 'sync', 'quiet', 'json'];

/** @throws LedgerError USAGE for an unknown flag, toolset or a word too many. */
export function readServerArgs(args: readonly string[], registry: Registry): ServerArgs {
  const { argv, error } = parser.detailed([...args], {
    string: STRINGS,
    boolean: BOOLEANS,
    narg: Object.fromEntries(STRINGS.map(name => [name, 1])),
    configuration: {
      'camel-case-expansion': false,
      'dot-notation': false,
      'duplicate-arguments-array': true,
      'short-option-groups': false,
    },
  });
  const hint = 'ledgenter help mcp';
  if (error) throw new LedgerError('USAGE', error.message, { hint });
  const { _: words, ...flags } = argv as { _: unknown[]; [name: string]: unknown };
  if (words.length > 0) throw new LedgerError('USAGE', `one word too many: ${JSON.stringify(words[0])}`, { hint });
  for (const name of Object.keys(flags)) {
    if ([...STRINGS, ...BOOLEANS].includes(name)) continue;
    const near = nearest(name, [...STRINGS, ...BOOLEANS]);
    throw new LedgerError('USAGE', `no flag ${flagText(name)}${near ? `; did you mean ${flagText(near)}?` : ''}`, {
      hint,
    });
  }
  const text = (name: string) => (flags[name] === undefined ? undefined : String([flags[name]].flat().at(-1)));
  const optional = { as: text('as'), run: text('run'), mode: text('mode'), ledger: text('ledger'), folder: text('C') };
  return {
    toolsets: toolsetsOf([flags.toolsets ?? 'default'].flat().map(String), registry),
    readOnly: flags['read-only'] === true,
    offline: flags.offline === true,
    ...(typeof flags.sync === 'boolean' ? { sync: flags.sync } : {}),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

function toolsetsOf(texts: string[], registry: Registry): string[] {
  const known = ['default', 'all', ...toolsetNames(registry)];
  const wanted = texts
    .flatMap(text => text.split(','))
    .map(text => text.trim())
    .filter(text => text !== '');
  for (const name of wanted)
    if (!known.includes(name))
      throw new LedgerError('USAGE', `no toolset ${JSON.stringify(name)}`, { hint: `--toolsets ${known.join(',')}` });
  return wanted.length > 0 ? wanted : ['default'];
}
