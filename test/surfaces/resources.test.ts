import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import t, { type Test } from 'tap';
import type { ReadOperation } from '../../src/kernel/operation.ts';
import { inputFields } from '../../src/surfaces/inputs.ts';
import { fitJson, fitText, MAX_RESOURCE } from '../../src/surfaces/mcp/fit.ts';
import { readAddress, sources, variables } from '../../src/surfaces/mcp/resources.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { makeRegistry } from '../../src/surfaces/registry.ts';
import { cleanEnv, LAUNCHER, repository, run } from './binary.ts';

const registry = makeRegistry(OPERATIONS);

async function connect(t: Test) {
  const cwd = t.testdir({});
  await repository(cwd);
  await run(['init'], cwd);
  const client = new Client({ name: 'test-client', version: '1.0.0' });
  const command = { command: process.execPath, args: [LAUNCHER, 'mcp'], cwd, env: cleanEnv(), stderr: 'pipe' as const };
  await client.connect(new StdioClientTransport(command));
  t.teardown(() => client.close());
  // biome-ignore lint/suspicious/noExplicitAny: answers of every operation pass here
  const call = async (tool: string, input: object): Promise<any> => {
    const { structuredContent } = await client.callTool({ name: 'call', arguments: { tool, input: { ...input } } });
    return structuredContent;
  };
  return { client, call };
}

const textOf = (content: object | undefined): string => String((content as { text?: unknown } | undefined)?.text);

t.test('every resource names fields of its operation and a list whose first column they take', async t => {
  const uris = new Set<string>();
  for (const source of sources(registry)) {
    const { uri, list, input = {} } = source.resource;
    t.match(uri, /^ledgenter:\/\/[a-z]+(\/(\{\w+\}|[a-z]+))*$/, source.name);
    t.notOk(uris.has(uri.replace(/\{\w+\}/g, '*')), `${uri} is one operation's`);
    uris.add(uri.replace(/\{\w+\}/g, '*'));
    const fields = inputFields(source).map(({ name }) => name);
    for (const name of [...variables(source), ...Object.keys(input)]) t.ok(fields.includes(name), `${uri}: ${name}`);
    if (!list) continue;
    const operation = registry.find(list.operation) as ReadOperation<never>;
    t.ok(operation?.table, `${uri}: ${list.operation} is a list`);
    t.ok(operation.input().safeParse({ ...list.input, limit: 1 }).success, `${uri}: its input`);
  }
  t.ok(uris.size >= 2);
});

t.test('a name in an address may be percent-encoded, and nothing else stands for it', async t => {
  t.match(readAddress(registry, 'ledgenter://task/t-0123456789').input, { task_id: 't-0123456789' });
  t.match(readAddress(registry, 'ledgenter://skill/re%6cease').input, { skill: 'release' });
  const bad = ['', 'task', 'ledgenter://task', 'ledgenter://task/', 'ledgenter://task/a/b', 'ledgenter://task/%', 'x'];
  for (const uri of [...bad, `ledgenter://task/${'x'.repeat(600)}`, 'https://task/a', 'ledgenter://task/a?b'])
    t.throws(
      () => readAddress(registry, uri),
      { code: 'NOT_FOUND', hint: 'resources/templates/list' },
      uri.slice(0, 40),
    );
});

t.test('an answer too large for a resource is cut and says so', async t => {
  const small = { ok: true, text: 'short' };
  t.equal(fitJson(small), JSON.stringify(small));
  const notes = Array.from({ length: 500 }, () => ({ text: '😀'.repeat(5_000) }));
  const cut = fitJson({ ok: true, notes });
  t.ok(cut.length <= MAX_RESOURCE);
  t.match(JSON.parse(cut), { ok: true, truncated: true });
  t.ok(JSON.parse(cut).notes.length > 1);
  t.notMatch(cut, /\\ud83d"/, 'no half of a character');
  const wide = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`field${index}`, index]));
  t.match(JSON.parse(fitJson({ ok: true, ...wide })), { ok: true, truncated: true });
  t.match(fitText('x'.repeat(100_000)), /^x{30000,}…\n\n\(cut: 100000 characters\)\n$/);
  t.ok(fitText('x'.repeat(100_000)).length <= MAX_RESOURCE);
});

t.test('resources are listed, completed and read by the official client', async t => {
  const { client, call } = await connect(t);
  t.match(client.getServerCapabilities(), { resources: {}, prompts: {}, completions: {} });
  const { resourceTemplates } = await client.listResourceTemplates();
  t.ok(resourceTemplates.some(({ uriTemplate }) => uriTemplate === 'ledgenter://task/{task_id}'));
  const tasks = Array.from({ length: 70 }, (_, index) => ({ key: `k${index}`, title: `Task number ${index}` }));
  const made = await call('task_create_many', { tasks });
  t.ok(made.ok);
  await call('skill_upsert', { skill: 'release', description: 'How we release', body: 'Tag it.' });

  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listResources(cursor === undefined ? {} : { cursor });
    t.ok(page.resources.length <= 100, 'a page is bounded');
    if (cursor === undefined) {
      t.ok(
        page.resources.some(({ uri }) => uri === 'ledgenter://skill/release'),
        'the first page has some of every kind',
      );
      t.match(
        page.resources.find(({ uri }) => uri.startsWith('ledgenter://task/')),
        { name: /Task number/ },
      );
    }
    seen.push(...page.resources.map(({ uri }) => uri));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  t.equal(new Set(seen).size, seen.length, 'nothing is listed twice');
  t.equal(seen.filter(uri => uri.startsWith('ledgenter://task/')).length, 70, 'and all are listed in the end');

  const uri = seen.find(one => one.startsWith('ledgenter://task/'))!;
  const [content] = (await client.readResource({ uri })).contents as { mimeType: string; text: string }[];
  t.match(content, { uri, mimeType: 'application/json' });
  t.match(JSON.parse(textOf(content)), { ok: true, task: { id: uri.split('/').at(-1), title: /Task number/ } });
  const prefix = uri.slice(0, -3);
  t.match(
    JSON.parse(textOf((await client.readResource({ uri: prefix })).contents[0])),
    { ok: true },
    'a prefix will do',
  );
  const [skill] = (await client.readResource({ uri: 'ledgenter://skill/release' })).contents;
  t.match(skill, { mimeType: 'text/markdown', text: /^# release [\s\S]*Tag it\.\n$/ });

  const complete = async (template: string, name: string, value: string) =>
    (await client.complete({ ref: { type: 'ref/resource', uri: template }, argument: { name, value } })).completion;
  const id = uri.split('/').at(-1)!;
  t.same((await complete('ledgenter://task/{task_id}', 'task_id', id.slice(0, 7))).values, [id]);
  t.same((await complete('ledgenter://task/{task_id}', 'task_id', id.slice(2, 8))).values, [id], 'without its letter');
  t.equal((await complete('ledgenter://task/{task_id}', 'task_id', 't')).values.length, 70);
  t.equal((await complete('ledgenter://task/{task_id}', 'task_id', '')).values.length, 70);
  t.same((await complete('ledgenter://task/{task_id}', 'task_id', '../..')).values, []);
  t.same((await complete('ledgenter://skill/{skill}', 'skill', 're')).values, ['release']);
  t.same((await complete('ledgenter://nothing/{x}', 'x', '')).values, []);

  for (const [address, code] of [
    ['ledgenter://task/t-0000000000', -32002],
    ['ledgenter://task/no-id', -32002],
    ['ledgenter://nothing', -32002],
  ] as const) {
    const error = { code, message: /next: \S/, data: { code: 'NOT_FOUND', hint: /\S/ } };
    await t.rejects(client.readResource({ uri: address }), error, address);
  }
  await t.rejects(client.listResources({ cursor: 'no cursor' }), { code: -32602, message: /next: / });
});

t.test('prompts say what to do, with what the ledger says now', async t => {
  const { client, call } = await connect(t);
  const { task } = await call('task_create', {
    title: 'Wire the sweeper',
    acceptance_criteria: [{ text: 'it sweeps' }],
  });
  const { prompts } = await client.listPrompts();
  t.same(
    prompts.map(({ name }) => name),
    ['start_my_shift', 'hand_this_over', 'review_this'],
  );
  const text = async (name: string, given: Record<string, string> = {}) =>
    textOf((await client.getPrompt({ name, arguments: given })).messages[0]?.content as object);
  const start = await text('start_my_shift', { mode: 'loop' });
  t.match(start, /whoami|hints/);
  t.match(start, /"counts":/);
  t.match(await text('hand_this_over'), /task_note/);
  const over = await text('hand_this_over', { task_id: task.id, to: 'grace' });
  t.match(over, /grace/);
  t.match(over, /Wire the sweeper/);
  const review = await text('review_this', { task_id: task.id.slice(0, 7) });
  t.match(review, /it sweeps/);
  for (const one of [start, over, review]) {
    t.ok(one.length < 12_000);
    for (const [, tool] of one.split('The ledger says now')[0]!.matchAll(/`(\w+_\w+)[ `]/g))
      t.ok(registry.find(tool!), `${tool} is an operation`);
  }
  const complete = async (name: string, argument: string, value: string) =>
    (await client.complete({ ref: { type: 'ref/prompt', name }, argument: { name: argument, value } })).completion
      .values;
  t.same(await complete('start_my_shift', 'mode', 'l'), ['loop']);
  t.same(await complete('review_this', 'task_id', task.id.slice(0, 5)), [task.id]);
  t.same(await complete('review_this', 'nothing', ''), []);
  await t.rejects(client.getPrompt({ name: 'review' }), { code: -32002, message: /next: / });
  await t.rejects(client.getPrompt({ name: 'review_this' }), { code: -32602, message: /task_id is missing/ });
  await t.rejects(client.getPrompt({ name: 'review_this', arguments: { task_id: 'a\nb' } }), { code: -32602 });
  await t.rejects(client.getPrompt({ name: 'start_my_shift', arguments: { other: 'x' } }), { code: -32602 });
});
