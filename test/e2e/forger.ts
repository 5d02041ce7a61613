import { canonicalJson } from '../../src/kernel/canonical.ts';
import type { Intent } from '../../src/kernel/entry.ts';
import { type Answer, BOOK, type Stage } from './stage.ts';

/** What a forged commit says and does; all else is taken over from an honest entry of the same actor. */
export interface Forgery {
  actor: string;
  op: string;
  input: Record<string, unknown>;
  /** Other fields of the intent. */
  intent?: Record<string, unknown>;
  /** Path → new text, or null to remove the file. */
  files: Record<string, string | null>;
  parents?: string[];
  /** Other fields of the stamp. */
  stamp?: Record<string, unknown>;
  /** What stands as its signature, made from its intent. */
  sign?: (intent: Intent) => string;
}

/** Writes commits of the book with nothing but git, as one does who asks no law. */
export class Forger {
  readonly #stage: Stage;
  readonly #cwd: string;
  #count = 0;

  constructor(stage: Stage, cwd: string) {
    this.#stage = stage;
    this.#cwd = cwd;
  }

  tip(): Promise<string> {
    return this.#stage.git(this.#cwd, 'rev-parse', BOOK);
  }

  /** The record at a path of the book. */
  async read(path: string): Promise<Answer> {
    return JSON.parse(await this.#stage.git(this.#cwd, 'show', `${BOOK}:${path}`));
  }

  /** The paths of the book below a folder. */
  async list(folder: string): Promise<string[]> {
    return (await this.#stage.git(this.#cwd, 'ls-tree', '-r', '--name-only', BOOK, `${folder}/`)).split('\n');
  }

  /** The last honest entry of an actor. */
  async last(actor: string): Promise<Answer> {
    const messages = (await this.#stage.git(this.#cwd, 'log', '--format=%B%x00', BOOK)).split('\0');
    const bodies = messages.map(text => text.slice(text.indexOf('\n\n') + 2)).filter(text => text.startsWith('{'));
    return bodies.map(text => JSON.parse(text)).find(({ intent }) => intent.actor === actor);
  }

  /** A forged commit on the tip; no ref shows it yet. */
  async commit({
    actor,
    op,
    input,
    intent: other = {},
    files,
    parents,
    stamp: others = {},
    sign,
  }: Forgery): Promise<string> {
    const honest = await this.last(actor);
    const { claim: _claim, prev: _prev, chain: _chain, key: _key, ...kept } = honest.intent;
    const intent = { ...kept, op, input, at: new Date().toISOString(), nonce: `forged-${this.#count++}`, ...other };
    return this.land({ intent, ...(sign ? { signature: sign(intent) } : {}) }, files, parents, others);
  }

  /** An entry with a signature of any kind, landed by the forger: an honest one may be landed again, or altered. */
  async land(
    { intent, signature }: { intent: Intent; signature?: string },
    files: Record<string, string | null> = {},
    parents?: string[],
    others: Record<string, unknown> = {},
  ): Promise<string> {
    const stamp = { writer: 'forger', n: 1000 + ++this.#count, landed: new Date().toISOString(), ...others };
    const body = { intent, stamp, ...(signature === undefined ? {} : { signature }) };
    const message = `${intent.actor} forged\n\n${canonicalJson(body)}\n`;
    return this.commitTree(await this.#tree(files), parents ?? [await this.tip()], message, intent.actor);
  }

  async commitTree(tree: string, parents: string[], message: string, author: string): Promise<string> {
    const env = { GIT_AUTHOR_NAME: author, GIT_AUTHOR_EMAIL: `${author}@ledgenter.invalid` };
    const args = ['commit-tree', tree, ...parents.flatMap(oid => ['-p', oid]), '-F', '-'];
    return (await this.#git(args, { env, input: message })).trim();
  }

  async show(oid: string): Promise<void> {
    await this.#stage.git(this.#cwd, 'update-ref', BOOK, oid);
  }

  async #tree(files: Record<string, string | null>): Promise<string> {
    const env = { GIT_INDEX_FILE: this.#stage.path('forged-index') };
    await this.#git(['read-tree', BOOK], { env });
    for (const [path, text] of Object.entries(files)) {
      if (text === null) await this.#git(['update-index', '--force-remove', path], { env });
      else {
        const blob = (await this.#git(['hash-object', '-w', '--stdin'], { input: text })).trim();
        await this.#git(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], { env });
      }
    }
    return (await this.#git(['write-tree'], { env })).trim();
  }

  async #git(args: string[], options: { env?: Record<string, string>; input?: string }): Promise<string> {
    const ran = await this.#stage.tryGit(this.#cwd, args, options);
    if (ran.code !== 0) throw new Error(`git ${args.join(' ')}: ${ran.err}`);
    return ran.out;
  }
}

/** A record as the book keeps it. */
export function recordText(record: unknown): string {
  return `${canonicalJson(record)}\n`;
}
