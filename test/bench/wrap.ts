import type { Ledger } from './ledgers.ts';
import { type Command, ratioOf } from './measure.ts';

/**
 * CPU that `wrap` adds to a command, against an empty Node: the command alone taken off. In a clone with a ledger, so that the
 * spool is written and git is asked which files were touched.
 */
export function wrapCost(ledger: Ledger, runs: number): number {
  const git = ['git', '--version'];
  const bare: Command = { program: git[0]!, args: git.slice(1), cwd: ledger.clone, env: ledger.env };
  const wrapped = ratioOf(ledger.node, ledger.command('wrap', '--as', 'bench', '--', ...git), runs).ratio;
  return wrapped - ratioOf(ledger.node, bare, runs).ratio;
}
