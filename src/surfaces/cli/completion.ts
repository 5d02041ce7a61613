import { EXIT, LedgerError } from '../../kernel/errors.ts';
import { cliWords, type Operation } from '../../kernel/operation.ts';
import { inputFields } from '../inputs.ts';
import { positionalOf, type Registry, verbsOf } from '../registry.ts';
import { nearest } from '../suggest.ts';
import { SCRIPTS } from './completion-scripts.ts';
import { flagText, GLOBALS } from './globals.ts';
import { OWN_COMMANDS } from './resolve.ts';
import type { World } from './world.ts';

/**
 * `completion <shell>` prints its script; `completion --words <words before> <word>` answers the script's question,
 * from the registry alone: it runs at every press of a key.
 */
export function completion(world: World, args: readonly string[]): number {
  const [shell, ...words] = args;
  if (shell === '--words') {
    const found = complete(world.registry, words);
    world.stdout.write(found.map(word => `${word}\n`).join(''));
    return EXIT.ok;
  }
  const script = shell === undefined ? undefined : SCRIPTS[shell];
  if (script === undefined) {
    const near = shell ? nearest(shell, Object.keys(SCRIPTS)) : undefined;
    throw new LedgerError(
      'USAGE',
      shell === undefined ? 'which shell?' : `no completion for ${JSON.stringify(shell)}`,
      {
        hint: `ledgenter completion ${near ?? Object.keys(SCRIPTS).join('|')}`,
      },
    );
  }
  world.stdout.write(script);
  return EXIT.ok;
}

/** What may stand where the last of `words` is being typed. */
export function complete(registry: Registry, words: readonly string[]): string[] {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  return [...new Set(candidates(registry, before, typed))].filter(word => word.startsWith(typed)).sort();
}

function candidates(registry: Registry, before: readonly string[], typed: string): string[] {
  const named = before.filter(word => !word.startsWith('-'));
  const [first, second] = named;
  const operation =
    (second === undefined
      ? undefined
      : (registry.command([first!, second]) ?? registry.alias(`${first} ${second}`)?.operation)) ??
    (first === undefined ? undefined : (registry.command([first]) ?? registry.alias(first)?.operation));
  if (operation) return inOperation(operation, before.at(-1) ?? '', typed);
  if (typed.startsWith('-')) return GLOBALS.map(flag => flagText(flag.name));
  if (first === undefined) return firstWords(registry);
  if (first === 'help') return second === undefined ? firstWords(registry) : verbsOf(registry, second);
  if (first === 'call') return second === undefined ? registry.operations.map(each => each.name.replace('.', '_')) : [];
  if (first === 'completion') return Object.keys(SCRIPTS);
  return second === undefined ? verbsOf(registry, first) : [];
}

function firstWords(registry: Registry): string[] {
  const aliases = registry.operations.flatMap(operation =>
    (operation.aliases ?? []).map(alias => alias.name.split(' ')[0]!),
  );
  return [...registry.operations.map(operation => cliWords(operation)[0]!), ...aliases, ...OWN_COMMANDS];
}

function inOperation(operation: Operation, previous: string, typed: string): string[] {
  const fields = inputFields(operation);
  const asked = fields.find(field => `--${field.flag}` === previous);
  if (asked?.choices) return asked.choices;
  if (asked && asked.kind !== 'boolean') return [];
  const mode = GLOBALS.find(flag => flagText(flag.name) === previous);
  if (mode?.choices) return [...mode.choices];
  if (mode?.kind === 'string') return [];
  const flags = [
    ...fields.filter(field => field.name !== operation.positional && field.name !== operation.second),
    ...GLOBALS,
  ].map(each => ('flag' in each ? `--${each.flag}` : flagText(each.name)));
  return typed.startsWith('-') ? flags : [...(positionalOf(operation)?.choices ?? []), ...flags];
}
