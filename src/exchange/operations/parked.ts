import * as z from 'zod/mini';
import { isEntry } from '../../book/entry.ts';
import type { Logged } from '../../book/history.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import type { Clone } from '../clone.ts';
import { clonePort } from '../site.ts';

/** Characters of an entry id that name a parked entry. */
const SHORT = 16;

const entryField = () =>
  mark(z.string().check(z.regex(/^[0-9a-f]{4,64}$/, { error: 'is no entry id' })), { machine: true });

export const parkedList = defineOperation({
  name: 'parked.list',
  kind: 'act',
  toolset: 'ledger',
  summary: 'Entries that a law refused when they met the work of others: kept here, with the reason',
  input: () => z.strictObject({}),
  examples: [{ cli: 'ledgenter parked list', says: 'what was refused, and why' }],
  async act(context) {
    const clone = await context.use(clonePort);
    const parked = await readParked(clone);
    await clone.desk.setNote('parked-new', '0');
    const rows = [];
    for (const { oid, entry } of parked) {
      const { op, at, actor, input } = entry.intent;
      const reason = (await clone.desk.note(`parked-${entry.id.slice(0, SHORT)}`)) ?? 'refused at replay';
      rows.push({ entry: entry.id.slice(0, SHORT), op, at, actor, input, reason, oid });
    }
    return { total: rows.length, parked: rows };
  },
});

export const parkedRetry = defineOperation({
  name: 'parked.retry',
  kind: 'act',
  toolset: 'ledger',
  summary: 'Try a parked entry again on the present state; it stays parked when a law still refuses it',
  input: () => z.strictObject({ entry: entryField() }),
  positional: 'entry',
  examples: [{ cli: 'ledgenter parked retry 3f2a', says: 'the entry whose id begins so' }],
  async act(context, input) {
    const clone = await context.use(clonePort);
    const { entry, oid } = await pick(clone, input.entry);
    const ref = clone.names.parked(entry.id);
    const { claim: _old, prev: _prev, chain: _chain, provisional: _offline, ...intent } = entry.intent;
    const operation = clone.book.rulebook.write(intent.op);
    if (operation?.hold === 'take') {
      throw new LedgerError('REFUSED', 'a lost claim is not tried again; claim anew', { hint: 'ledgenter task claim' });
    }
    const hold = (await clone.desk.holds()).find(
      one => one.id === clone.book.rulebook.target(intent)?.id && one.actor === intent.actor,
    );
    const { root, oid: claimOid, actor, run, lease_until } = hold ?? {};
    const again = hold
      ? { ...intent, claim: { root: root!, oid: claimOid!, actor: actor!, run: run!, lease_until: lease_until! } }
      : intent;
    const carry = operation?.carry ? await carriedFiles(clone, oid) : [];
    await clone.book.transact({ ...again, nonce: clone.nonce() }, { carry });
    await clone.store.swap([{ ref, old: oid, new: null }]);
    return { entry: entry.id.slice(0, SHORT), op: intent.op, recorded: true };
  },
});

export const parkedDrop = defineOperation({
  name: 'parked.drop',
  kind: 'act',
  toolset: 'ledger',
  summary: 'Forget a parked entry; its text is printed once more',
  input: () => z.strictObject({ entry: entryField() }),
  positional: 'entry',
  destructive: true,
  humanOnly: true,
  examples: [{ cli: 'ledgenter parked drop 3f2a', says: 'a person decides that it is not needed' }],
  async act(context, input) {
    const clone = await context.use(clonePort);
    const { entry, oid } = await pick(clone, input.entry);
    await clone.store.swap([{ ref: clone.names.parked(entry.id), old: oid, new: null }]);
    return { dropped: entry.intent };
  },
});

type Parked = Pick<Logged, 'oid' | 'entry'>;

async function readParked(clone: Clone): Promise<Parked[]> {
  const refs = await clone.store.refs(clone.names.parkedPrefix);
  const out: Parked[] = [];
  for (const oid of refs.values()) {
    const { entry } = await clone.book.entryAt(oid);
    if (isEntry(entry)) out.push({ oid, entry });
  }
  return out.sort((a, b) => (a.entry.intent.at < b.entry.intent.at ? -1 : 1));
}

/** @throws LedgerError NOT_FOUND, AMBIGUOUS */
async function pick(clone: Clone, prefix: string): Promise<Parked> {
  const found = (await readParked(clone)).filter(({ entry }) => entry.id.startsWith(prefix));
  if (found.length === 1) return found[0]!;
  const hint = 'ledgenter parked list';
  if (found.length === 0) throw new LedgerError('NOT_FOUND', `no parked entry begins with ${prefix}`, { hint });
  throw new LedgerError('AMBIGUOUS', `${found.length} parked entries begin with ${prefix}`, { hint });
}

/** Bytes that came with the parked commit and are not in its intent. */
async function carriedFiles(clone: Clone, oid: string) {
  const files: { path: string; text: string | null }[] = [];
  for await (const { changes } of clone.store.changes([oid])) {
    const added = changes.filter(change => change.after !== null);
    const texts = await clone.store.readBlobs(added.map(change => change.after!));
    added.forEach((change, index) => {
      if (texts[index] !== undefined) files.push({ path: change.path, text: texts[index]! });
    });
  }
  return files;
}
