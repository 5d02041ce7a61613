import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import t, { type Test } from 'tap';
import { toolList } from '../../src/surfaces/mcp/tools.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { makeRegistry } from '../../src/surfaces/registry.ts';
import { cleanEnv, ended, git, LAUNCHER, repository, run, start } from './binary.ts';

interface Result {
  isError?: boolean;
  content: { type: string; text: string }[];
  structuredContent: { ok: boolean; error?: { code: string; hint: string }; [key: string]: unknown };
}

/** A client of the official SDK on a server of the built binary, and a short way to call a tool. */
async function connect(t: Test, cwd: string, args: string[] = [], env: Record<string, string> = {}) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [LAUNCHER, 'mcp', ...args],
    cwd,
    env: cleanEnv(env),
    stderr: 'pipe',
  });
  const client = new Client({ name: 'test-client', version: '1.0.0' });
  await client.connect(transport);
  t.teardown(() => client.close());
  const call = async (name: string, input: object = {}) =>
    (await client.callTool({ name, arguments: { ...input } })) as unknown as Result;
  return { client, call };
}

async function ledger(t: Test): Promise<string> {
  const cwd = t.testdir({});
  await repository(cwd);
  await run(['init'], cwd);
  return cwd;
}

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
const line = (message: object) => `${JSON.stringify(message)}\n`;
const toolCall = (id: number, name: string, input: object) =>
  line({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: input } });

t.test('the official client lists the default tools and calls every one', async t => {
  const { client, call } = await connect(t, await ledger(t));
  const { tools } = await client.listTools();
  const own = toolList(makeRegistry(OPERATIONS), { toolsets: ['default'], readOnly: false });
  t.same(
    tools.map(tool => tool.name),
    own.map(tool => tool.name),
  );
  t.match(client.getInstructions(), /whoami/);
  const made = await call('call', { tool: 'task_create', input: { title: 'First' } });
  t.match(made.structuredContent, { ok: true, task: { id: /^t-/ } });
  t.same(JSON.parse(made.content[0]!.text), made.structuredContent);
  const task_id = (made.structuredContent.task as { id: string }).id;
  for (const { name } of tools) {
    const result = await call(name, name.startsWith('task_') && name !== 'task_query' ? { task_id } : {});
    t.type(result.structuredContent.ok, 'boolean', name);
    t.equal(result.isError === true, !result.structuredContent.ok, name);
    if (!result.structuredContent.ok)
      t.not(result.structuredContent.error?.code, 'INTERNAL', `${name} ${result.content[0]?.text}`);
  }
});

t.test('toolsets and --read-only choose what is listed, and hold call to it', async t => {
  const cwd = await ledger(t);
  const all = await connect(t, cwd, ['--toolsets', 'all']);
  const names = (await all.client.listTools()).tools.map(tool => tool.name);
  for (const operation of OPERATIONS)
    t.equal(names.includes(operation.name.replace('.', '_')), !operation.cliOnly, operation.name);
  const reading = await connect(t, cwd, ['--toolsets=all', '--read-only']);
  for (const tool of (await reading.client.listTools()).tools)
    t.ok(tool.name === 'call' || tool.annotations?.readOnlyHint, tool.name);
  const refused = await reading.call('call', { tool: 'task_create', input: { title: 'x' } });
  t.match(refused, { isError: true, structuredContent: { error: { code: 'REFUSED' } } });
  t.match(await run(['mcp', '--toolsets', 'nope'], cwd), { code: 64, out: '', err: /no toolset "nope"/ });
});

t.test('errors are results that carry the failure envelope', async t => {
  const { call } = await connect(t, await ledger(t));
  t.match(await call('task_crate'), { isError: true, structuredContent: { error: { code: 'UNKNOWN_OPERATION' } } });
  t.match(await call('task_get', { task_id: 't-zzzz' }), {
    isError: true,
    structuredContent: { error: { code: 'NOT_FOUND' } },
  });
  t.match(await call('task_get', { bogus: 1 }), { isError: true, structuredContent: { error: { code: 'BAD_INPUT' } } });
  t.match(await call('call', { tool: 7 }), { isError: true, structuredContent: { error: { code: 'BAD_INPUT' } } });
  t.match(await call('init'), {
    isError: true,
    structuredContent: {
      error: { code: 'UNKNOWN_OPERATION', message: /on the command line only/, hint: 'ledgenter init --help' },
    },
  });
});

t.test('calls at once are done one after the other, and all are done', async t => {
  const { call } = await connect(t, await ledger(t));
  const made = await Promise.all(
    Array.from({ length: 8 }, (_, index) => call('call', { tool: 'task_create', input: { title: `Task ${index}` } })),
  );
  t.ok(made.every(result => result.structuredContent.ok));
  t.equal((await call('task_query')).structuredContent.total, 8);
});

t.test('an idempotency key holds over MCP', async t => {
  const { call } = await connect(t, await ledger(t));
  const one = () => call('call', { tool: 'task_create', input: { title: 'Once', idempotency_key: 'k-1' } });
  const [first, second] = [await one(), await one()];
  t.same((second.structuredContent.task as { id: string }).id, (first.structuredContent.task as { id: string }).id);
});

t.test('outside a repository the server answers clearly, and works once there is a ledger', async t => {
  const cwd = t.testdir({});
  const { call } = await connect(t, cwd, ['--as', 'anna'], { GIT_CEILING_DIRECTORIES: join(cwd, '..') });
  t.match(await call('task_query'), { isError: true, structuredContent: { error: { code: 'NO_REPOSITORY' } } });
  await repository(cwd);
  t.match(await call('task_query'), {
    isError: true,
    structuredContent: { error: { code: 'NO_LEDGER', hint: 'ledgenter init' } },
  });
  await run(['init'], cwd);
  t.match((await call('task_query')).structuredContent, { ok: true, total: 0 });
});

t.test('the server and the shell of one worktree are one run, another worktree is another', async t => {
  const cwd = t.testdir({ main: {} });
  const main = join(cwd, 'main');
  await repository(main);
  await git(main, 'commit', '-q', '--allow-empty', '-m', 'first');
  await git(main, 'worktree', 'add', '-q', join(cwd, 'other'));
  await run(['init'], main);
  const { call } = await connect(t, main, ['--as', 'anna']);
  const run_ = (text: string) => JSON.stringify(JSON.parse(text)).match(/r-[0-9a-z]{10}/)?.[0];
  const server = run_((await call('whoami')).content[0]!.text);
  t.ok(server);
  t.equal(run_((await run(['whoami', '--json', '--as', 'anna'], main)).out), server);
  t.not(run_((await run(['whoami', '--json', '--as', 'anna'], join(cwd, 'other'))).out), server);
});

t.test('stdout carries nothing but protocol, whatever comes in', async t => {
  const child = start(['mcp'], await ledger(t));
  child.stdin?.write('no json\n');
  child.stdin?.write(line(INITIALIZE));
  child.stdin?.write(line({ jsonrpc: '2.0', method: 'notifications/initialized' }));
  child.stdin?.write(toolCall(2, 'whoami', {}));
  child.stdin?.write(toolCall(3, 'call', { tool: 'task_create', input: { title: 'Last' } }));
  child.stdin?.end();
  const { code, out } = await ended(child);
  t.equal(code, 0);
  const messages = out
    .trim()
    .split('\n')
    .map(text => JSON.parse(text));
  t.ok(messages.every(message => message.jsonrpc === '2.0'));
  t.same(
    messages.map(message => message.id).filter(id => id !== undefined && id !== null),
    [1, 2, 3],
    'what was asked is answered before the end',
  );
});

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  t.test(`${signal} ends the server in order`, { skip: process.platform === 'win32' && 'no signals' }, async t => {
    const cwd = await ledger(t);
    const child = start(['mcp'], cwd);
    const end = ended(child);
    child.stdin?.write(line(INITIALIZE));
    await new Promise(resolve => child.stdout?.once('data', resolve));
    child.stdin?.write(toolCall(2, 'call', { tool: 'task_create', input: { title: 'Kept' } }));
    await new Promise(resolve => child.stdout?.once('data', resolve));
    child.kill(signal);
    t.match(await end, { code: 0, signal: null });
    t.match((await run(['task', 'query', '--json'], cwd)).out, /Kept/);
  });
