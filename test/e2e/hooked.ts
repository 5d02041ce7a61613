import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Ran, RunOptions, Stage } from './stage.ts';

/** A code ref as `task get` shows it. */
export interface Ref {
  id: string;
  sha: string;
  live: boolean;
  moved_to?: string;
}

/** Files made so far, so that no two have one name. */
let made = 0;

/** Ordinary git in a checkout whose hooks are ours. */
export class Hooked {
  readonly stage: Stage;
  readonly cwd: string;
  readonly options: RunOptions;

  constructor(stage: Stage, cwd: string, options: RunOptions = {}) {
    this.stage = stage;
    this.cwd = cwd;
    this.options = options;
  }

  /** The same hands in another folder, or under another name. */
  in(cwd: string, options: RunOptions = this.options): Hooked {
    return new Hooked(this.stage, cwd, options);
  }

  async install(): Promise<void> {
    await this.stage.ok(this.cwd, ['hooks', 'install', '--yes'], this.options);
  }

  /** A git command that must work; what it and its hooks said on stderr. */
  async git(...args: string[]): Promise<string> {
    const ran = await this.tryGit(args);
    if (ran.code !== 0) throw new Error(`git ${args.join(' ')} ended with ${ran.code}: ${ran.out}${ran.err}`);
    return ran.err;
  }

  tryGit(args: string[], options: RunOptions = {}): Promise<Ran> {
    const env = { ...this.options.env, ...options.env };
    return this.stage.tryGit(this.cwd, args, { ...this.options, ...options, env });
  }

  /** Changes a file and commits it; answers the commit. */
  async commit(message: string, ...flags: string[]): Promise<string> {
    this.write();
    await this.git('add', '-A');
    await this.git('commit', '-q', '-m', message, ...flags);
    return this.head();
  }

  write(name = `file-${made++}.txt`, text = `${name}\n`): string {
    writeFileSync(join(this.cwd, name), text);
    return name;
  }

  append(name: string, text: string): void {
    appendFileSync(join(this.cwd, name), text);
  }

  async head(name = 'HEAD'): Promise<string> {
    return this.stage.git(this.cwd, 'rev-parse', name);
  }

  message(name = 'HEAD'): Promise<string> {
    return this.stage.git(this.cwd, 'log', '-1', '--format=%B', name);
  }

  ledger(...args: string[]): Promise<Answer> {
    return this.stage.ok(this.cwd, args, this.options);
  }

  async refs(task: string): Promise<Ref[]> {
    return (await this.ledger('task', 'get', task, '--include', 'refs')).refs ?? [];
  }

  /** The commits that stand for the task now, sorted. */
  async live(task: string): Promise<string[]> {
    return (await this.refs(task))
      .filter(ref => ref.live)
      .map(ref => ref.sha)
      .sort();
  }

  /** A new task that this run holds. */
  async claimed(title: string, ...flags: string[]): Promise<string> {
    const id = await this.stage.task(this.cwd, title, ...flags);
    await this.ledger('task', 'claim', id);
    return id;
  }
}
