import { resolve } from 'node:path';
import type { Tip } from '../../book/book.ts';
import { isLedgerName, leafOf, refNames } from '../../book/refs.ts';
import { noteReserved } from '../../book/reserved.ts';
import { authorityAt } from '../../book/signatures.ts';
import { claimUpdates, toldHolds } from '../../exchange/transfer/claims.ts';
import { freshOf, type Judged, judgeArrival } from '../../exchange/transfer/judge.ts';
import { addArrival, conflicting, draftWaits, layArrival } from '../../exchange/transfer/lay.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { graceOf } from '../../rooms/ledger/grace.ts';
import type { BundleHead } from '../../store/git/transfer/bundle.ts';
import { Incoming } from '../../store/git/transfer/incoming.ts';
import type { Oid } from '../../store/port.ts';
import type { Arrival } from './arrival.ts';
import type { ImportLedgerInput } from './operation.ts';
import { quoted, type TransferSite, transferPort } from './port.ts';

type Answer = { [key: string]: unknown };

/** Holds and conflicts that an answer lists. */
const TOLD = 20;
const MEGABYTE = 1 << 20;

/** Reads, judges and takes in a file of `export`. Until the last step, which moves the refs at once, nothing counts. */
export async function importLedger(context: Context, input: ImportLedgerInput): Promise<Answer> {
  const site = await context.use(transferPort);
  const clone = await site.clone();
  const own = await clone.book.tryTip();
  if (own && own.draft !== null) throw draftWaits();
  const run = {
    cwd: site.location.commonDir,
    gitDir: site.location.commonDir,
    env: site.env,
    signal: context.signal,
  };
  const incoming = await Incoming.open(
    resolve(input.file),
    run,
    head => checkHead(head, site),
    (done, total) => context.progress?.(Math.floor(done / MEGABYTE), Math.ceil(total / MEGABYTE), 'megabytes read:'),
  );
  const { book: seen, store } = site.judging(incoming.env, context.signal);
  try {
    const { tip, claims } = refsOf(incoming.head, site.ledger);
    const judged = await judgeArrival(seen, tip, own, clone.book.landed, context);
    const arrival: Arrival = { context, input, clone, own, incoming, seen, tip, claims, judged };
    return {
      ...(input.dry_run ? { dry_run: true } : {}),
      ledger: site.ledger,
      ...(await takeIn(arrival)),
    };
  } finally {
    await store.close();
    await incoming.close();
  }
}

/** The file names nothing but the book and the claims of this ledger. @throws LedgerError BAD_INPUT, OTHER_LEDGER */
function checkHead({ objectFormat, refs }: BundleHead, { location, ledger }: TransferSite): void {
  if (objectFormat !== location.objectFormat)
    throw new LedgerError(
      'BAD_INPUT',
      `the file has ${objectFormat} objects, this repository ${location.objectFormat} ones`,
      { hint: `git init --object-format=${objectFormat} <folder>, and import there` },
    );
  const books = [...refs.keys()].filter(ref => ref.endsWith('/book'));
  const name = /^refs\/ledgenter\/([^/]+)\/book$/.exec(books[0] ?? '')?.[1];
  if (books.length !== 1 || name === undefined || !isLedgerName(name))
    throw new LedgerError('BAD_INPUT', 'the file has no book of a ledger, or several');
  const names = refNames(name);
  const strange = [...refs.keys()].find(ref => ref !== names.book && leafOf(names.claims, ref) === undefined);
  if (strange !== undefined)
    throw new LedgerError('BAD_INPUT', `the file has a ref that no export has: ${strange.slice(0, 100)}`);
  if (name !== ledger)
    throw new LedgerError('OTHER_LEDGER', `the file has ledger "${name}", and this is "${ledger}"`, {
      hint: `ledgenter import <file> --ledger ${name}`,
    });
}

function refsOf({ refs }: BundleHead, ledger: string): { tip: Oid; claims: Map<string, Oid> } {
  const names = refNames(ledger);
  const claims = new Map<string, Oid>();
  for (const [ref, oid] of refs) {
    const id = leafOf(names.claims, ref);
    if (id !== undefined) claims.set(id, oid);
  }
  return { tip: refs.get(names.book)!, claims };
}

async function takeIn(arrival: Arrival): Promise<Answer> {
  const { input, judged, own, tip } = arrival;
  if (judged.relation === 'same' || judged.relation === 'older')
    return {
      came: 'nothing',
      entries: 0,
      ...(await standing(arrival, own!.book)),
      hints: { next: 'ledgenter ledger-status' },
    };
  if (judged.relation === 'whole') return takeWhole(arrival);
  if (input.ids === 'new') {
    const { takeCopies } = await import('./copies.ts');
    return takeCopies(arrival, tip);
  }
  return takePart(arrival, own!);
}

/** There is no book here, or one that the file goes on with: it becomes the book here, commit for commit. */
async function takeWhole(arrival: Arrival): Promise<Answer> {
  const { clone, seen, tip, own, claims, judged, input, incoming, context } = arrival;
  const facts = { came: 'the whole ledger', entries: judged.entries, ...told(judged) };
  const holds = await holdsOf(arrival, tip);
  if (input.dry_run) return { ...facts, ...holds, ...(await standing(arrival, tip)), hints: next(input) };
  const decides = (await authorityAt(seen.view(tip))) === undefined;
  const policy = input.lock_policy ?? 'quarantine';
  const updates = await claimUpdates(clone, seen, claims, judged.holds, { policy, decides });
  if (context.signal?.aborted) throw new LedgerError('CANCELLED', 'stopped; nothing was taken in');
  await incoming.keep();
  const { names } = clone;
  const swapped = await clone.store.swap([
    { ref: names.book, old: own?.book ?? null, new: tip },
    { ref: names.draft, old: null, new: null },
    ...updates,
  ]);
  if (!swapped.ok)
    throw new LedgerError('BUSY', 'this ledger was written while the file was judged; nothing was taken in');
  await noteReserved(clone.book, tip);
  return { ...facts, ...holds, ...(await standing(arrival, tip)), hints: { next: await nextStep(seen, tip) } };
}

/** Both have what the other has not: the entries of the file are decided anew on the book here, all of them or none. */
async function takePart(arrival: Arrival, own: Tip): Promise<Answer> {
  const { clone, seen, tip, judged, input, incoming, context } = arrival;
  const fresh = await freshOf(seen, tip, judged.base!, own, clone.book.landed);
  const tried = await layArrival(clone, seen, own, fresh, context);
  const facts = {
    came: tried.written > 0 ? 'entries' : 'nothing',
    entries: tried.written,
    already_there: judged.entries - fresh.length + tried.same,
    ...(tried.settings > 0 ? { settings_left_out: tried.settings } : {}),
  };
  const { conflicts } = tried;
  if (input.dry_run)
    return {
      ...facts,
      conflicts: conflicts.length,
      ...(conflicts.length > 0 ? { conflicting: conflicts.slice(0, TOLD) } : {}),
      ...(await holdsOf(arrival, tip)),
      hints: next(input, conflicts.length > 0 ? 'new' : undefined),
    };
  if (conflicts.length > 0) throw conflicting(conflicts);
  if (tried.written === 0) return { ...facts, ...(await standing(arrival, own.book)), hints: nothingNew };
  await incoming.keep();
  const added = await addArrival(clone, fresh, context);
  await noteReserved(clone.book, added.tip);
  return {
    ...facts,
    ...(await holdsOf(arrival, tip)),
    ...(await standing(arrival, added.tip)),
    landed: clone.self,
    hints: { next: clone.self ? 'ledgenter task query --ready' : 'ledgenter sync' },
  };
}

const nothingNew = { next: 'ledgenter ledger-status' };

/** What was looked at is what comes: the flags that were given, and `--ids new` where it is that or nothing. */
const next = ({ file, ids, lock_policy }: ImportLedgerInput, way = ids): Answer => ({
  next: `ledgenter import ${quoted(file)}${way ? ` --ids ${way}` : ''}${lock_policy ? ` --lock-policy ${lock_policy}` : ''}`,
});

/** What to do in a repository that got a whole ledger: claims are decided where its book says. */
async function nextStep(seen: Arrival['seen'], tip: Oid): Promise<string> {
  const authority = await authorityAt(seen.view(tip));
  return authority === undefined ? 'ledgenter task query --ready' : 'ledgenter doctor';
}

async function standing({ seen }: Arrival, tip: Oid): Promise<Answer> {
  // A tip that was made here is not among what a file brought.
  const [commit] = await seen.store.readCommits([tip]);
  return { tip, ...(commit ? { tree: commit.tree } : {}) };
}

function told({ records, actors }: Judged): Answer {
  return { records: Object.fromEntries(Object.entries(records).sort()), actors: [...actors].sort().slice(0, TOLD) };
}

async function holdsOf({ seen, judged, input, context, claims }: Arrival, tip: Oid): Promise<Answer> {
  if (judged.holds.length === 0) return {};
  const holds = toldHolds(judged.holds, await graceOf(seen.view(tip)), context.now);
  return {
    lock_policy: input.lock_policy ?? 'quarantine',
    holds: holds.length,
    claim_refs: claims.size,
    held: holds.slice(0, TOLD),
  };
}
