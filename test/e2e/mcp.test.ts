import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import t from 'tap';
import { type Answer, BOOK, LAUNCHER, Stage } from './stage.ts';

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
        (await stage.git(remote, 'log', '-2', '--format=%s', BOOK)).includes('The last words');
      for (let look = 0; look < 100 && !(await gone()); look++) await new Promise(resolve => setTimeout(resolve, 100));
      t.ok(await gone(), 'the remote has it');
      t.same(await stage.faults(cwd), []);
    },
  );
}
