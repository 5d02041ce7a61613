import type { By } from '../../kernel/operation.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { ledgerRecord } from '../ledger/record.ts';
import { runRecord } from '../runs/record.ts';
import { actorRecord } from './record.ts';

/**
 * The actor and the run of an entry, where the book has none yet: reading leaves no trace, the first write enters them.
 * `view` is the state before the entry. Whoever initialises the ledger becomes its maintainer.
 */
export async function enrol(view: View, by: By): Promise<FileChange[]> {
  const files: FileChange[] = [];
  const { actor, kind, at } = by;
  if ((await view.get(actorRecord, actor)) === undefined) {
    const role = by.intent.op === 'ledger.init' && (await isNew(view)) ? 'maintainer' : 'member';
    files.push(actorRecord.put(actor, { kind, role, created_at: at }));
  }
  const [run, parent] = by.run;
  if ((await view.get(runRecord, run!)) === undefined) {
    files.push(runRecord.put(run!, { actor, ...(parent === undefined ? {} : { parent }), started_at: at }));
  }
  return files;
}

/** True until the first `ledger.init` entry. */
export async function isNew(view: View): Promise<boolean> {
  const ledger = await view.get(ledgerRecord, 'ledger');
  return ledger !== undefined && ledger.namespace === undefined;
}
