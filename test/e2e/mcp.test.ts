import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import t from 'tap';
import { type Answer, BOOK, LAUNCHER, Stage } from './stage.ts';

/** What the tools that need more than nothing are called with. */
const inputs = (task: string, other: string): Record<string, object> => ({
  actor_register: { actor: 'carol', name: 'Carol' },
  attach_add: { task_id: task, name: 'log.txt', content: 'all green' },
  ledger_authority: { authority: 'github/acme/web' },
  ledger_policy: { requires_evidence: false },
  parked_retry: { entry: '0123' },
  parked_drop: { entry: '0123' },
  project_create: { project: 'web', title: 'Web' },
  project_update: { project: 'web', title: 'The web' },
  task_ask: { origin_ask_ref: 'github:acme/web#1', title: 'Asked' },
  task_check: { task_id: task, criterion: 'c1', met: true },
  task_claim: { task_id: task },
  task_code_ref: { task_id: task, ref_type: 'branch', name: 'trunk' },
  task_create: { title: 'Made over MCP' },
  task_create_many: {
    tasks: [
      { key: 'a', title: 'One' },
      { key: 'b', title: 'Two', depends_on: ['a'] },
    ],
  },
  task_link: { task_id: task, kind: 'related', to: other },
  task_unlink: { task_id: task, kind: 'related', to: other },
  task_note: { task_id: task, text: 'over MCP' },
  task_get: { task_id: task },
  task_update: { task_id: task, priority: 1 },
  task_renew: { task_id: task },
  task_release: { task_id: task },
  call: { tool: 'whoami', input: {} },
});
/** Tools whose answer here is no: nothing is parked, and a person decides the others. */
const REFUSED = new Set(['parked_retry', 'parked_drop']);
/** Called before the others, and after them, so that all have something to work on. */
const FIRST = ['task_claim', 'project_create'];
const LAST = ['task_release', 'ledger_authority'];

t.test('the official client lists every tool and calls each: it works, or says why not', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one']);
  const cwd = clones[0]!;
  const task = await stage.task(cwd, 'to work on', '--acceptance-criteria', 'it works', '--sync');
  const other = await stage.task(cwd, 'another', '--sync');
  const client = new Client({ name: 'test-host', version: '1.0.0' });
  const args = [LAUNCHER, 'mcp', '--toolsets', 'all'];
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args,
      cwd,
      env: stage.env({ LEDGENTER_ACTOR: 'anna' }),
      stderr: 'pipe',
    }),
  );
  t.teardown(() => client.close());
  const names = (await client.listTools()).tools.map(tool => tool.name);
  const middle = names.filter(name => !FIRST.includes(name) && !LAST.includes(name));
  const given = inputs(task, other);
  t.same(
    Object.keys(given).filter(name => !names.includes(name)),
    [],
    'the tools of this test exist',
  );
  for (const name of [...FIRST, ...middle, ...LAST]) {
    const answer = (await client.callTool({ name, arguments: { ...given[name] } })).structuredContent as Answer;
    t.equal(answer.ok, !REFUSED.has(name), `${name}: ${JSON.stringify(answer).slice(0, 300)}`);
    if (!answer.ok) t.ok(answer.error.hint, `${name} names the next command`);
  }
});

for (const end of ['SIGTERM', 'a closed stdin'] as const) {
  t.test(
    `${end} ends the server in order: the last write is at the remote, nothing is half-written`,
    { skip: process.platform === 'win32' && 'no signals' },
    async t => {
      const stage = new Stage(t.testdir());
      const { remote, clones } = await stage.team(['one']);
      const cwd = clones[0]!;
      const env = { LEDGENTER_AUTOSYNC: 'true' };
      await stage.task(cwd, 'published', '--sync');
      const client = new Client({ name: 'test-host', version: '1.0.0' });
      const transport = new StdioClientTransport({
        command: process.execPath,
        args: [LAUNCHER, 'mcp'],
        cwd,
        env: stage.env({ LEDGENTER_ACTOR: 'anna', ...env }),
        stderr: 'pipe',
      });
      await client.connect(transport);
      const made = (
        await client.callTool({ name: 'call', arguments: { tool: 'task_create', input: { title: 'The last words' } } })
      ).structuredContent as Answer;
      t.match(made, { ok: true, landed: false });
      const closed = new Promise<void>(resolve => {
        client.onclose = () => resolve();
      });
      if (end === 'SIGTERM') {
        process.kill(transport.pid!, 'SIGTERM');
        await closed;
      } else await client.close();
      const gone = async (): Promise<boolean> =>
        (await stage.git(remote, 'log', '-1', '--format=%s', BOOK)).includes('The last words');
      for (let look = 0; look < 100 && !(await gone()); look++) await new Promise(resolve => setTimeout(resolve, 100));
      t.ok(await gone(), 'the remote has it');
      t.same(await stage.faults(cwd), []);
    },
  );
}
