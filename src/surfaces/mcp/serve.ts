import { resolve as resolvePath } from 'node:path';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type ProgressToken } from '@modelcontextprotocol/sdk/types.js';
import { openOffice } from '../compose.ts';
import { enterOffice } from '../enter.ts';
import { asLedgerError } from '../envelope.ts';
import { LedgerWatch } from '../ledgers/watch.ts';
import { OPERATIONS } from '../operations.ts';
import { makeRegistry, type Registry } from '../registry.ts';
import { VERSION } from '../version.ts';
import { readServerArgs, type ServerArgs } from './args.ts';
import { answerCall, readCall } from './calls.ts';
import { addContext, CONTEXT_CAPABILITIES } from './context.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { OfficeSession } from './session.ts';
import { toolList } from './tools.ts';

/** How often held claims are looked at, in ms: a third of the shortest useful lease (90 s). */
const RENEW_MS = 30_000;
/** Longest the end may take: the last writes are pushed in it. In ms. */
const CLOSE_MS = 15_000;

/** What the server is started from. */
export interface Start {
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

/** Serves until the host closes stdin or sends SIGTERM or SIGINT. Answers the exit code. */
export async function serve({ args, env, cwd }: Start): Promise<number> {
  const registry = makeRegistry(OPERATIONS);
  const options = readServerArgs(args, registry);
  keepStdoutClean();
  const server = new Server(
    { name: 'ledgenter', title: 'Ledgenter', version: VERSION },
    { capabilities: { tools: {}, ...CONTEXT_CAPABILITIES }, instructions: INSTRUCTIONS },
  );
  const folder = options.folder === undefined ? cwd : resolvePath(cwd, options.folder);
  const watch = new LedgerWatch(folder, env, options);
  const session = new OfficeSession(
    async () => {
      const { office, place, ledger } = await enterOffice({
        cwd: folder,
        env,
        flags: options,
        terminal: false,
        client: server.getClientVersion()?.name ?? 'mcp',
        life: 'server',
        keepRun: true,
        openOffice,
      });
      watch.begin(place, ledger);
      return office;
    },
    () => watch.moved(),
  );
  addHandlers(server, session, registry, options);
  addContext(server, session, registry);
  const timer = setInterval(() => void session.renew(), RENEW_MS);
  timer.unref();
  const ended = untilEnd(server);
  await server.connect(new StdioServerTransport());
  await ended;
  clearInterval(timer);
  await bounded(session.close());
  return 0;
}

function addHandlers(server: Server, session: OfficeSession, registry: Registry, options: ServerArgs): void {
  const tools = toolList(registry, options);
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const token: ProgressToken | undefined = params._meta?.progressToken;
    let last = -1;
    const progress = (done: number, total: number | undefined, message: string): void => {
      if (token === undefined || done <= last) return; // the protocol wants it to rise
      last = done;
      const note = { progressToken: token, progress: done, message, ...(total === undefined ? {} : { total }) };
      void extra.sendNotification({ method: 'notifications/progress', params: note }).catch(() => {});
    };
    return answerCall(
      () => readCall(registry, params.name, params.arguments, options.readOnly),
      (call, each) => session.call(call.operation, call.input, each),
      {
        signal: extra.signal,
        progress,
        offline: options.offline,
        ...(options.sync === undefined ? {} : { sync: options.sync }),
      },
    );
  });
  server.onerror = error => console.error(`ledgenter: ${asLedgerError(error).message}`);
}

/** stdout is the protocol's: whatever a dependency prints goes to stderr. */
function keepStdoutClean(): void {
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
  console.dir = (value: unknown) => console.error(value);
  console.table = (value: unknown) => console.error(value);
}

/** When the host goes away: its end of stdin or stdout closes, or a signal comes. */
function untilEnd(server: Server): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => resolve();
    process.stdin.on('end', end);
    process.stdin.on('close', end);
    process.stdout.on('error', end);
    process.stderr.on('error', end);
    server.onclose = end;
    let asked = 0;
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (asked++ > 0) process.exit(0);
        end();
      });
  });
}

async function bounded(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, CLOSE_MS);
  });
  await Promise.race([work.catch(error => console.error(`ledgenter: ${asLedgerError(error).message}`)), late]);
  clearTimeout(timer);
}
