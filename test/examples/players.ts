import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type Answer, LAUNCHER, Stage } from '../e2e/stage.ts';
import { filled, lacks, partOf, type Step } from './story.ts';

const HOST = 'https://git.example.com/acme';

/** What a step came to. */
interface Outcome {
  answer: Answer;
  exit: number | null;
  said: string;
}

/**
 * Actors of a story, each with a machine of its own: a home folder and checkouts of real repositories, whose remotes
 * git finds under web addresses (`url.insteadOf`).
 */
export class Players {
  readonly stage: Stage;
  readonly kept = new Map<string, string>();
  readonly #servers = new Map<string, Client>();
  readonly #people = new Set<string>();

  constructor(dir: string) {
    this.stage = new Stage(dir);
  }

  /** Bare repositories `acme/<name>.git` with a first commit. */
  async remotes(names: readonly string[]): Promise<void> {
    for (const name of names) await this.stage.remote(`${name}.git`);
  }

  /**
   * A machine of an actor with checkouts of these repositories, which nobody set up for the ledger yet. A `person` has no
   * terminal here: a key of theirs says that it is them.
   */
  async machine(actor: string, places: readonly string[], { person = false } = {}): Promise<void> {
    mkdirSync(this.stage.path(actor, 'home'), { recursive: true });
    const key = this.stage.path(actor, 'key');
    if (person) {
      spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `${actor}@laptop`, '-f', key]);
      this.#people.add(actor);
    }
    const base = posix(this.stage.dir);
    const lines = [
      '[user]',
      `name = ${actor}`,
      `email = ${actor}@example.com`,
      `[url "${base}/"]`,
      `insteadOf = ${HOST}/`,
      ...(person
        ? ['[gpg]', 'format = ssh', '[user]', `signingKey = ${posix(key)}.pub`, '[ledgenter]', 'sign = true']
        : []),
    ];
    writeFileSync(this.#config(actor), `${lines.join('\n')}\n`);
    for (const place of places) {
      const options = { as: actor, env: this.#env(actor) };
      const ran = await this.stage.tryGit(
        this.stage.path(actor),
        ['clone', '-q', `${HOST}/${place}.git`, place],
        options,
      );
      if (ran.code !== 0) throw new Error(ran.err);
    }
  }

  /** Carries out one step. Undefined when all it promised held, else what did not. */
  async play(step: Step): Promise<string | undefined> {
    const { answer, exit, said } = step.does.kind === 'tool' ? await this.#call(step) : await this.#run(step);
    const wanted = step.exit ?? (step.does.kind === 'tool' ? undefined : 0);
    if (wanted !== undefined && exit !== wanted) return `exits with ${exit}, not ${wanted}: ${said}`;
    for (const text of step.answers) {
      const missing = lacks(answer ?? said, JSON.parse(filled(text, this.kept)));
      if (missing) return `${missing}: ${said}`;
    }
    for (const { name, path } of step.keeps) {
      const part = partOf(answer, path);
      if (part === undefined) return `the answer has no ${path}: ${said}`;
      this.kept.set(name, String(part));
    }
    return undefined;
  }

  /** Ends the servers as a host does. */
  async close(): Promise<void> {
    for (const client of this.#servers.values()) await client.close();
    this.#servers.clear();
  }

  async #run({ actor, place, does }: Step): Promise<Outcome> {
    if (does.kind !== 'command') throw new Error('no command');
    const [program, ...words] = does.words.map(word => filled(word, this.kept));
    const cwd = this.stage.path(actor, place);
    if (program === 'echo' && does.toFile !== undefined) {
      writeFileSync(join(cwd, does.toFile), `${words.join(' ')}\n`);
      return { answer: undefined, exit: 0, said: '' };
    }
    const options = { as: actor, env: this.#env(actor) };
    const ran =
      program === 'ledgenter'
        ? await this.stage.run(cwd, words, options)
        : await this.stage.tryGit(cwd, words, options);
    if (program !== 'ledgenter' && program !== 'git') throw new Error(`a story has no ${program}`);
    return { answer: ran.answer, exit: ran.code, said: `${ran.out}${ran.err}`.trim() };
  }

  async #call({ actor, place, does }: Step): Promise<Outcome> {
    if (does.kind !== 'tool') throw new Error('no tool');
    const client = await this.#server(actor, place);
    const input = JSON.parse(filled(does.input, this.kept));
    const answer = (await client.callTool({ name: does.tool, arguments: input })).structuredContent as Answer;
    return { answer, exit: answer.ok ? 0 : 1, said: JSON.stringify(answer) };
  }

  async #server(actor: string, place: string): Promise<Client> {
    const name = `${actor} ${place}`;
    const known = this.#servers.get(name);
    if (known) return known;
    const client = new Client({ name: 'test-host', version: '1.0.0' });
    const env = this.stage.env({ LEDGENTER_ACTOR: actor, ...this.#env(actor) });
    const cwd = this.stage.path(actor, place);
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [LAUNCHER, 'mcp'], cwd, env, stderr: 'pipe' }),
    );
    this.#servers.set(name, client);
    return client;
  }

  #config(actor: string): string {
    return this.stage.path(actor, 'gitconfig');
  }

  #env(actor: string): Record<string, string> {
    const home = this.stage.path(actor, 'home');
    return {
      HOME: home,
      USERPROFILE: home,
      XDG_CONFIG_HOME: home,
      GIT_CONFIG_GLOBAL: this.#config(actor),
      GIT_AUTHOR_NAME: actor,
      GIT_AUTHOR_EMAIL: `${actor}@example.com`,
      GIT_COMMITTER_NAME: actor,
      GIT_COMMITTER_EMAIL: `${actor}@example.com`,
      ...(this.#people.has(actor) ? { LEDGENTER_KIND: 'human' } : {}),
    };
  }
}

/** A path as git's configuration takes it. */
const posix = (path: string): string => path.replace(/\\/g, '/');
