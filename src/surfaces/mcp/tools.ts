import { type Operation, toolName } from '../../kernel/operation.ts';
import { type Registry, toolsetOf } from '../registry.ts';
import { inputSchema } from './schema.ts';

/** A tool as tools/list shows it. */
export interface Tool {
  name: string;
  description: string;
  inputSchema: { type: 'object'; [key: string]: unknown };
  annotations?: { readOnlyHint?: boolean; destructiveHint?: boolean };
}

/** Which tools a server lists. */
export interface Selection {
  /** `default`, `all`, or names of toolsets. */
  toolsets: readonly string[];
  /** Only what leaves no entry; `call` is held to it too. */
  readOnly: boolean;
}

/** Reaches every operation that is not listed. */
export const CALL: Tool = {
  name: 'call',
  description: 'Run any other operation; `guide` with topic tools lists them.',
  inputSchema: {
    type: 'object',
    properties: { tool: { type: 'string' }, input: { type: 'object' } },
    required: ['tool'],
  },
};

/** Every toolset there is, sorted. */
export function toolsetNames(registry: Registry): string[] {
  return [...new Set(exposed(registry).map(toolsetOf))].sort();
}

/** Operations that have a tool. */
export function exposed(registry: Registry): Operation[] {
  return registry.operations.filter(operation => !operation.cliOnly);
}

/** The operations whose tools a server lists. */
export function selected(registry: Registry, { toolsets, readOnly }: Selection): Operation[] {
  const wanted = (operation: Operation) =>
    toolsets.includes('all') ||
    toolsets.includes(toolsetOf(operation)) ||
    (toolsets.includes('default') && operation.default === true);
  return exposed(registry).filter(operation => wanted(operation) && (!readOnly || operation.kind === 'read'));
}

/** The answer to tools/list. */
export function toolList(registry: Registry, selection: Selection): Tool[] {
  return [...selected(registry, selection).map(toolOf), CALL];
}

function toolOf(operation: Operation): Tool {
  const annotations = annotationsOf(operation);
  return {
    name: toolName(operation),
    description: operation.summary,
    inputSchema: inputSchema(operation),
    ...(annotations ? { annotations } : {}),
  };
}

/** Only what differs from the protocol's defaults: not read-only, destructive. */
function annotationsOf(operation: Operation): Tool['annotations'] {
  if (operation.kind === 'read') return { readOnlyHint: true };
  return operation.destructive ? undefined : { destructiveHint: false };
}
