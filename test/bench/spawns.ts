import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from './ledgers.ts';
import { once } from './measure.ts';

/** git processes that a command starts, counted by git's own trace: one file a process. */
export function countSpawns(ledger: Ledger): { what: string; spawns: number; bound: number }[] {
  const { tasks } = ledger.run('task', 'query', '--ready') as { tasks: { id: string }[] };
  const id = tasks[0]!.id;
  const cases = [
    { what: '`task query --ready`', args: ['task', 'query', '--ready'], bound: 4 },
    { what: '`task get`', args: ['task', 'get', id], bound: 4 },
    { what: '`task note`', args: ['task', 'note', id, '--text', 'counted'], bound: 6 },
  ];
  return cases.map(({ what, args, bound }) => ({ what, spawns: spawnsOf(ledger, args), bound }));
}

function spawnsOf(ledger: Ledger, args: string[]): number {
  const folder = join(ledger.folder, 'trace');
  rmSync(folder, { recursive: true, force: true });
  ledger.git(ledger.folder, 'init', '-q', '--bare', folder);
  const before = new Set(readdirSync(folder));
  const command = ledger.command(...args);
  once({ ...command, env: { ...command.env, GIT_TRACE2_EVENT: folder } });
  const files = readdirSync(folder).filter(name => !before.has(name));
  // A git that starts another git names it in the same file set; only the ones we started count.
  return files.filter(name => /"event":"start"/.test(readFileSync(join(folder, name), 'utf8')) && !name.includes('/'))
    .length;
}
