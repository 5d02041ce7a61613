import type { By } from '../../kernel/operation.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { ledgerRecord } from '../ledger/record.ts';
import { enterRun } from '../runs/enter.ts';
import { actorRecord } from './record.ts';

/**
 * The actor and the run of an entry, where the book has none yet: reading leaves no trace, the first write enters them.
 * `view` is the state before the entry, `decided` what the entry itself changes. Whoever initialises the ledger becomes
 * its maintainer.
 */
export async function enrol(view: View, by: By, decided: readonly FileChange[] = []): Promise<FileChange[]> {
  const files: FileChange[] = [];
  const { actor, kind, at } = by;
  const given = decided.some(({ path }) => path === actorRecord.path(actor));
  if (!given && (await view.get(actorRecord, actor)) === undefined) {
    const role = by.intent.op === 'ledger.init' && (await isNew(view)) ? 'maintainer' : 'member';
    files.push(actorRecord.put(actor, { kind, role, created_at: at }));
  }
  return [...files, ...(await enterRun(view, by, decided))];
}

/** True until the first `ledger.init` entry. */
export async function isNew(view: View): Promise<boolean> {
  const ledger = await view.get(ledgerRecord, 'ledger');
  return ledger !== undefined && ledger.namespace === undefined;
}
