import { LedgerError } from '../kernel/errors.ts';
import { toolName } from '../kernel/operation.ts';
import type { Registry } from './registry.ts';
import { nearest } from './suggest.ts';

/** The refusal of a tool that does not exist, with the nearest one that does. */
export function unknownTool(name: string, registry: Registry): LedgerError {
  const near = nearest(name, registry.operations.map(toolName));
  const shown = JSON.stringify(name.slice(0, 80));
  return new LedgerError('UNKNOWN_OPERATION', `no tool ${shown}${near ? `; did you mean ${near}?` : ''}`, {
    hint: near ? `call ${near}` : 'ledgenter help',
  });
}
