import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, once } from './measure.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = join(ROOT, 'bin', 'ledgenter.cjs');

/** A checkout with a bare remote beside it, and how commands are run there. */
export class Ledger {
  readonly folder: string;
  readonly hub: string;
  readonly clone: string;
  readonly env: NodeJS.ProcessEnv;

  constructor(name: string) {
    this.folder = mkdtempSync(join(tmpdir(), `ledgenter-bench-${name}-`));
    this.hub = join(this.folder, 'hub.git');
    this.clone = join(this.folder, 'clone');
    this.env = {
      ...process.env,
      HOME: this.folder,
      USERPROFILE: this.folder,
      GIT_CONFIG_NOSYSTEM: '1',
      LEDGENTER_ACTOR: 'bench',
      LEDGENTER_AUTOSYNC: 'false',
    };
    this.git(this.folder, 'init', '-q', '--bare', this.hub);
    this.git(this.folder, 'clone', '-q', this.hub, this.clone);
    this.run('init');
  }

  git(cwd: string, ...args: string[]): string {
    return once({ program: 'git', args, cwd, env: this.env });
  }

  command(...args: string[]): Command {
    return { program: process.execPath, args: [BIN, ...args], cwd: this.clone, env: this.env, good: [0, 1] };
  }

  run(...args: string[]): { [key: string]: unknown } {
    return JSON.parse(once(this.command(...args, '--json'))) as { [key: string]: unknown };
  }

  get node(): Command {
    return { program: process.execPath, args: ['-e', '0'], cwd: this.clone, env: this.env };
  }
}

/** So many open tasks without dependencies, as a beads export: the quickest lawful way in. */
export function manyReady(ledger: Ledger, count: number): void {
  const file = join(ledger.folder, 'many.jsonl');
  const at = '2026-01-01T00:00:00Z';
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      id: `m-${index}`,
      title: `Task number ${index} of a long list`,
      description: 'A body of the usual length. '.repeat(12),
      status: 'open',
      priority: index % 5,
      issue_type: 'task',
      created_at: at,
      updated_at: at,
    }),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  ledger.run('import', 'beads', file, '--project', 'many');
  ledger.run('sync');
}
