import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { EXIT } from '../../kernel/errors.ts';
import { asLedgerError } from '../envelope.ts';
import type { Registry } from '../registry.ts';
import { completeVariable } from './complete.ts';
import { completeArgument, getPrompt, listPrompts } from './prompts.ts';
import { type Ask, listResources, readResource, resourceTemplates } from './resources.ts';
import type { OfficeSession } from './session.ts';

/** The protocol's code for a resource that is not there; the SDK has no name for it. */
const RESOURCE_NOT_FOUND = -32_002;

/** What {@link addContext} adds to a server. */
export const CONTEXT_CAPABILITIES = { resources: {}, prompts: {}, completions: {} };

/** Resources, prompts and completion: what a host puts before its model without a tool call. They only read. */
export function addContext(server: Server, session: OfficeSession, registry: Registry): void {
  const ask =
    (signal: AbortSignal): Ask =>
    (operation, input) =>
      session.call(operation, input, { signal });
  server.setRequestHandler(ListResourcesRequestSchema, ({ params }, { signal }) =>
    told(() => listResources(registry, ask(signal), params?.cursor)),
  );
  server.setRequestHandler(ListResourceTemplatesRequestSchema, async () => ({
    resourceTemplates: resourceTemplates(registry),
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }, { signal }) =>
    told(() => readResource(registry, ask(signal), params.uri)),
  );
  server.setRequestHandler(ListPromptsRequestSchema, async () => ({ prompts: listPrompts() }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }, { signal }) =>
    told(() => getPrompt(registry, ask(signal), params.name, params.arguments)),
  );
  server.setRequestHandler(CompleteRequestSchema, ({ params }, { signal }) =>
    told(async () => {
      const { ref, argument } = params;
      const { name, value } = argument;
      const completion =
        ref.type === 'ref/resource'
          ? await completeVariable(registry, ask(signal), ref.uri, name, value)
          : await completeArgument(ask(signal), ref.name, name, value);
      return { completion };
    }),
  );
}

/** These requests have no envelope: a refusal is an error of the protocol, its message one line with the next step. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = asLedgerError(thrown);
    const { exit, hint, message } = error;
    const code =
      exit === EXIT.notFound
        ? RESOURCE_NOT_FOUND
        : exit === EXIT.data || exit === EXIT.usage
          ? ErrorCode.InvalidParams
          : ErrorCode.InternalError;
    throw Object.assign(new Error(`${message}; next: ${hint}`), { code, data: error.toFailure().error });
  }
}
