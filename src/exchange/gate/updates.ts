import { isLedgerName, type RefNames, refNames } from '../../book/refs.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { isKey } from '../../kernel/record.ts';
import type { RefUpdate } from '../../store/port.ts';
import { NAMESPACES } from '../namespaces.ts';

/** Refs that one push may name; a team with so many live claims at once does not push them together. */
const MAX_UPDATES = 20_000;
/** What a clone is called in its stamps. */
const WRITER = /^[a-z0-9-]{1,64}$/;

/** A pushed ref of a ledger. */
export interface Placed {
  update: RefUpdate;
  /** Where the server keeps this ledger: `refs/ledgenter` or `refs/heads/ledgenter`. */
  namespace: string;
  names: RefNames;
  kind: 'book' | 'claim' | 'queue';
  /** The record's id, the writer's; empty for the book. */
  leaf: string;
}

/**
 * The lines `<old> <new> <ref>` that git gives a pre-receive hook.
 * @throws LedgerError BAD_INPUT for anything else, TOO_LARGE for more refs than one push may name
 */
export function parseUpdates(text: string): RefUpdate[] {
  const updates: RefUpdate[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const match = /^([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) (refs\/.+)$/.exec(line);
    if (!match) throw new LedgerError('BAD_INPUT', 'stdin has not the lines that git gives a pre-receive hook');
    if (updates.length >= MAX_UPDATES)
      throw new LedgerError('TOO_LARGE', `a push names at most ${MAX_UPDATES} refs`, {
        hint: 'push fewer refs at once',
      });
    const oid = (hex: string): string | null => (/^0+$/.test(hex) ? null : hex);
    updates.push({ ref: match[3]!, old: oid(match[1]!), new: oid(match[2]!) });
  }
  return updates;
}

/**
 * Whether a ref lies under a namespace of ledgers. In any case: where a file system makes no difference, `refs/Ledgenter`
 * would move the same file past the gate.
 */
export function isLedgerRef(ref: string): boolean {
  const lower = ref.toLowerCase();
  return NAMESPACES.some(namespace => lower.startsWith(`${namespace}/`)) || isNamespace(ref);
}

/** Whether a ref has the name of a namespace itself: where it stands, git makes no ref below. */
export function isNamespace(ref: string): boolean {
  const lower = ref.toLowerCase();
  return NAMESPACES.some(namespace => lower === namespace);
}

/** Where a ref under the namespace belongs; undefined when no ledger has such a ref. Nothing else ever names a ref to git. */
export function place(update: RefUpdate): Placed | undefined {
  for (const namespace of NAMESPACES) {
    if (!update.ref.startsWith(`${namespace}/`)) continue;
    const [ledger = '', kind, leaf = '', ...more] = update.ref.slice(namespace.length + 1).split('/');
    if (!isLedgerName(ledger) || more.length > 0) return undefined;
    const at = (name: Placed['kind']): Placed => ({ update, namespace, names: refNames(ledger), kind: name, leaf });
    if (kind === 'book' && leaf === '' && update.ref.endsWith('/book')) return at('book');
    if (kind === 'claims' && isKey(leaf)) return at('claim');
    if (kind === 'queue' && isKey(leaf) && WRITER.test(leaf)) return at('queue');
    return undefined;
  }
  return undefined;
}

/** The ref in the namespace of the server. */
export function there(namespace: string, canonical: string): string {
  return namespace + canonical.slice(NAMESPACES[0].length);
}
