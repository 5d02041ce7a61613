import type { Answer, CallOptions } from '../../exchange/office.ts';
import type { Failure } from '../../kernel/errors.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Operation } from '../../kernel/operation.ts';
import { failureOf } from '../envelope.ts';
import type { Registry } from '../registry.ts';
import { unknownTool } from '../tools.ts';
import { CALL } from './tools.ts';

/** The result of tools/call: the envelope, twice, for hosts that read one or the other. */
export interface ToolResult {
  content: { type: 'text'; text: string }[];
  structuredContent: { [key: string]: unknown };
  isError?: true;
  [key: string]: unknown;
}

export function resultOf(envelope: Answer | Failure): ToolResult {
  return {
    content: [{ type: 'text', text: JSON.stringify(envelope) }],
    structuredContent: { ...envelope },
    ...(envelope.ok ? {} : { isError: true }),
  };
}

/** A tool call with its operation found and its idempotency key taken out of the input. */
export interface ToolCall {
  operation: Operation;
  input: { [key: string]: unknown };
  key?: string;
}

type Input = { [key: string]: unknown };

/**
 * Reads the parameters of tools/call, through `call` where that is the tool.
 * @throws LedgerError UNKNOWN_OPERATION, BAD_INPUT, or REFUSED for a write on a read-only server.
 */
export function readCall(registry: Registry, name: string, given: unknown, readOnly: boolean): ToolCall {
  const { tool, input } = name === CALL.name ? unwrap(given) : { tool: name, input: asObject(given ?? {}, name) };
  const operation = registry.find(tool);
  if (!operation || operation.cliOnly) throw unknownTool(tool, registry);
  if (readOnly && operation.kind !== 'read')
    throw new LedgerError('REFUSED', `${tool} writes, and this server was started with --read-only`, {
      hint: 'ledgenter mcp (without --read-only)',
    });
  const { idempotency_key: key, ...own } = input;
  if (key !== undefined && typeof key !== 'string') throw new LedgerError('BAD_INPUT', 'idempotency_key is no string');
  return { operation, input: own, ...(key === undefined ? {} : { key }) };
}

function unwrap(given: unknown): { tool: string; input: Input } {
  const { tool, input = {}, ...rest } = asObject(given, CALL.name);
  const [extra] = Object.keys(rest);
  if (typeof tool !== 'string')
    throw new LedgerError('BAD_INPUT', 'call: tool is no string', { hint: 'guide {"topic":"tools"}' });
  if (extra !== undefined) throw new LedgerError('BAD_INPUT', `call: ${JSON.stringify(extra)} belongs inside input`);
  return { tool, input: asObject(input, tool) };
}

function asObject(value: unknown, name: string): Input {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  throw new LedgerError('BAD_INPUT', `${name}: the input is no JSON object`);
}

/** Runs a call and turns whatever happens into a result. */
export async function answerCall(
  read: () => ToolCall,
  run: (call: ToolCall, options: CallOptions) => Promise<Answer>,
  options: CallOptions,
): Promise<ToolResult> {
  try {
    const call = read();
    return resultOf(await run(call, { ...options, ...(call.key === undefined ? {} : { key: call.key }) }));
  } catch (error) {
    return resultOf(failureOf(error));
  }
}
