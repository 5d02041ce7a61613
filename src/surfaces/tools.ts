import { LedgerError } from '../kernel/errors.ts';
import { cliWords, toolName } from '../kernel/operation.ts';
import type { Registry } from './registry.ts';
import { nearest } from './suggest.ts';

/** The refusal of a tool that does not exist, with the nearest one that does. */
export function unknownTool(name: string, registry: Registry): LedgerError {
  const shown = JSON.stringify(name.slice(0, 80));
  const found = registry.find(name);
  if (found?.cliOnly)
    return new LedgerError('UNKNOWN_OPERATION', `no tool ${shown}: it is run on the command line only`, {
      hint: `ledgenter ${cliWords(found).join(' ')} --help`,
    });
  const near = nearest(name, registry.operations.filter(one => !one.cliOnly).map(toolName));
  return new LedgerError('UNKNOWN_OPERATION', `no tool ${shown}${near ? `; did you mean ${near}?` : ''}`, {
    hint: near ? `call ${near}` : 'ledgenter help',
  });
}
