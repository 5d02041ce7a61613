import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import t, { type Test } from 'tap';
import { type Answer, BOOK, LAUNCHER, Stage } from './stage.ts';

/** A host that starts `ledgenter mcp` in a worktree; answers what tools answer. */
async function host(t: Test, stage: Stage, cwd: string, as: string) {
  const client = new Client({ name: 'test-host', version: '1.0.0' });
  const env = stage.env({ LEDGENTER_ACTOR: as });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [LAUNCHER, 'mcp'], cwd, env, stderr: 'pipe' }),
  );
  t.teardown(() => client.close());
  return async (name: string, args: Record<string, unknown> = {}): Promise<Answer> =>
    (await client.callTool({ name, arguments: args })).structuredContent;
}

async function worktree(stage: Stage, cwd: string, name: string): Promise<string> {
  await stage.git(cwd, 'worktree', 'add', '-q', '-b', name, stage.path(name));
  return stage.path(name);
}

t.test('one agent is one run: claimed over MCP, noted by CLI, done by a child run in the same worktree', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one']);
  const cwd = clones[0]!;
  const task = await stage.task(cwd, 'to be done by one', '--sync');
  const call = await host(t, stage, cwd, 'anna');
  const claimed = await call('task_claim', { task_id: task });
  t.match(claimed, { ok: true, claimed: true });
  const { run } = (await stage.ok(cwd, ['task', 'get', task])).task.hold;
  t.match(await stage.ok(cwd, ['task', 'note', task, '--text', 'from the shell']), { ok: true });
  const env = { LEDGENTER_RUN: `${run}/helper` };
  t.match(await stage.ok(cwd, ['task', 'update', task, '--status', 'done'], { env }), { task: { status: 'done' } });
  await stage.ok(cwd, ['sync']);
  const entries = (await stage.git(cwd, 'log', '--format=%B%x00', BOOK)).split('\0');
  const roots = entries.flatMap(text => /"claim":\{[^}]*"root":"([^"]+)"/.exec(text)?.[1] ?? []);
  t.equal(roots.length, 3, 'claim, note and done were written under a claim');
  t.equal(new Set(roots).size, 1, 'which is one tenure');
  t.same(await stage.faults(cwd), []);
});

t.test(
  'lesson 9: two sessions under one name are two holders: the second, in another worktree, is refused and told who holds',
  async t => {
    const stage = new Stage(t.testdir());
    const { clones } = await stage.team(['one']);
    const cwd = clones[0]!;
    const task = await stage.task(cwd, 'wanted twice', '--sync');
    const first = await host(t, stage, cwd, 'anna');
    const second = await host(t, stage, await worktree(stage, cwd, 'side'), 'anna');
    const claimed = await first('task_claim', { task_id: task });
    t.equal(claimed.claimed, true);
    const { run } = (await stage.ok(cwd, ['task', 'get', task])).task.hold;
    const again = await second('task_claim', { task_id: task });
    t.match(again, {
      ok: false,
      error: { code: 'CLAIM_LOST', details: { holder: 'anna', run } },
    });
    const noted = await second('task_note', { task_id: task, text: 'not mine' });
    t.match(noted, { ok: false, error: { message: /anna/ } });
    t.match(['NOT_HOLDER', 'CLAIM_LOST'], [noted.error.code]);
    t.match(await second('task_update', { task_id: task, status: 'done' }), { ok: false });
    t.match(await first('task_note', { task_id: task, text: 'still mine' }), { ok: true });
  },
);

t.test('lesson 9: a release needs no token: the same worktree releases from another process', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one', 'two']);
  const task = await stage.task(clones[0]!, 'kept in the git dir', '--sync');
  await stage.ok(clones[0]!, ['task', 'claim', task]);
  t.match(await stage.ok(clones[0]!, ['task', 'release', task, '--sync']), { task: { status: 'open' }, landed: true });
  await stage.ok(clones[1]!, ['sync']);
  t.match(await stage.ok(clones[1]!, ['task', 'claim', task], { as: 'bert' }), { claimed: true });
});

t.test(
  'a closed stdin ends the run of a server that wrote something and holds nothing; else there is no entry',
  async t => {
    const stage = new Stage(t.testdir());
    const { clones } = await stage.team(['one']);
    const cwd = clones[0]!;
    const open = async () => {
      const { runs } = await stage.ok(cwd, ['run', 'query', '--open']);
      return (runs as Answer[]).filter(({ kind }) => kind !== undefined).length;
    };
    const session = async (...calls: [string, Record<string, unknown>][]) => {
      const client = new Client({ name: 'test-host', version: '1.0.0' });
      const env = stage.env({ LEDGENTER_ACTOR: 'anna' });
      const transport = new StdioClientTransport({
        command: process.execPath,
        args: [LAUNCHER, 'mcp'],
        cwd,
        env,
        stderr: 'pipe',
      });
      await client.connect(transport);
      for (const [name, args] of calls)
        t.match(
          (await client.callTool({ name, arguments: args })).structuredContent,
          { ok: true, ...(name === 'task_claim' ? { claimed: true } : {}) },
          name,
        );
      await client.close();
    };
    const entries = async () => Number(await stage.git(cwd, 'rev-list', '--count', BOOK));
    const before = await entries();
    await session(['whoami', {}]);
    t.equal(await entries(), before, 'reading leaves no entry');
    await session(['call', { tool: 'task_create', input: { title: 'one' } }]);
    t.equal(await entries(), before + 2, 'a task, and the end of the run');
    t.equal(await open(), 0);
    await session(['call', { tool: 'task_create', input: { title: 'two' } }], ['task_claim', {}]);
    t.equal(await open(), 1, 'what it holds can be gone on with');
    await session(
      ['call', { tool: 'task_create', input: { title: 'three' } }],
      ['call', { tool: 'run_end', input: { counts: { ticks: 1 } } }],
      ['call', { tool: 'task_create', input: { title: 'four' } }],
    );
    const { runs } = await stage.ok(cwd, ['run', 'query']);
    const kinds = (runs as Answer[]).filter(({ kind }) => kind !== undefined);
    t.equal(kinds.length, 3, 'what is written after the end belongs to another run');
    t.same(await stage.faults(cwd), []);
  },
);
