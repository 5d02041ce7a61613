import { writeFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Test } from 'tap';
import type { Answer, Input, Kit } from '../surfaces/good-and-bad.ts';
import { LAUNCHER, Stage } from './stage.ts';

/** An agent host of the official SDK with a server of the built binary behind it. */
export class Host {
  readonly client = new Client({ name: 'test-host', version: '1.0.0' });

  static async start(stage: Stage, cwd: string, actor: string, ...flags: string[]): Promise<Host> {
    const host = new Host();
    const args = [LAUNCHER, 'mcp', ...flags];
    const env = stage.env({ LEDGENTER_ACTOR: actor });
    const transport = new StdioClientTransport({ command: process.execPath, args, cwd, env, stderr: 'pipe' });
    await host.client.connect(transport);
    return host;
  }

  async call(tool: string, input: Input = {}): Promise<Answer> {
    return (await this.client.callTool({ name: tool, arguments: input })).structuredContent;
  }

  /** The answer of a call that must work. @throws Error with what it said when it does not */
  async ok(tool: string, input: Input = {}): Promise<Answer> {
    const answer = await this.call('call', { tool, input });
    if (answer?.ok !== true) throw new Error(`${tool} ${JSON.stringify(input)}: ${JSON.stringify(answer)}`);
    return answer;
  }
}

/** Two clones of one remote, a server in each, and what samples ask for. */
export class OfficeStage implements Kit {
  readonly stage: Stage;
  readonly remote: string;
  readonly here: string;
  readonly there: string;
  readonly commit: string;
  readonly #anna: Host;
  readonly #bob: Host;
  #count = 0;

  private constructor(parts: { stage: Stage; remote: string; clones: string[]; commit: string; hosts: [Host, Host] }) {
    this.stage = parts.stage;
    this.remote = parts.remote;
    [this.here, this.there] = parts.clones as [string, string];
    this.commit = parts.commit;
    [this.#anna, this.#bob] = parts.hosts;
  }

  static async open(t: Test): Promise<OfficeStage> {
    const stage = new Stage(t.testdir());
    const { remote, clones } = await stage.team(['here', 'there']);
    const [here, there] = clones as [string, string];
    const commit = await stage.git(here, 'rev-parse', 'HEAD');
    const hosts: [Host, Host] = [
      await Host.start(stage, here, 'anna', '--toolsets', 'all'),
      await Host.start(stage, there, 'bob'),
    ];
    t.teardown(() => Promise.all(hosts.map(host => host.client.close())));
    const office = new OfficeStage({ stage, remote, clones, commit, hosts });
    await office.bob('task_create', { title: 'So that bob is known' });
    return office;
  }

  get host(): Host {
    return this.#anna;
  }

  n(): number {
    return ++this.#count;
  }

  anna(tool: string, input: Input): Promise<Answer> {
    return this.#anna.ok(tool, input);
  }

  async bob(tool: string, input: Input): Promise<Answer> {
    await this.#bob.ok('sync');
    const answer = await this.#bob.ok(tool, input);
    await this.#bob.ok('sync');
    await this.#anna.ok('sync');
    return answer;
  }

  file(name: string, text: string): string {
    const path = this.stage.path(`${this.n()}-${name}`);
    writeFileSync(path, text);
    return path;
  }

  async exported(): Promise<string> {
    const file = this.stage.path(`${this.n()}.ledger`);
    await this.stage.ok(this.here, ['export', file]);
    return file;
  }

  async parked(): Promise<string> {
    const idempotency_key = `park-${this.n()}`;
    await this.#bob.ok('task_create', { title: 'first', idempotency_key });
    await this.#bob.ok('sync');
    await this.#anna.ok('task_create', { title: 'second', idempotency_key });
    await this.#anna.call('sync');
    const { parked } = await this.#anna.ok('parked_list');
    return parked.at(-1).entry;
  }
}
