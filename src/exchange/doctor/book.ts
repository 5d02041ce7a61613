import type { Tip } from '../../book/book.ts';
import { isEntry, parseEntry } from '../../book/entry.ts';
import { genesisOid } from '../../book/genesis.ts';
import { verify } from '../../book/verify.ts';
import { FORMAT } from '../../kernel/entry.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { epochMs, formatDuration } from '../../kernel/time.ts';
import type { Commit, Oid } from '../../store/port.ts';
import type { Clone } from '../clone.ts';
import { markSeen, seenTip } from '../fetch.ts';
import { type Area, type Finding, finding } from './findings.ts';
import { type Look, short } from './look.ts';
import type { Premises } from './premises.ts';

/** Files of refs that a crash left empty or torn: nothing can be written while they are there. */
export async function checkRefFiles(premises: Premises): Promise<Area> {
  const findings = (await premises.brokenRefs()).map(({ file, why }) =>
    finding('refs.broken', {
      what: why,
      where: file,
      mend: async () => `put aside as ${await premises.putRefAside(file)}; ${why}`,
    }),
  );
  return { check: 'ref files', good: 'every ref can be read', findings };
}

/** The ref of the book, before anything else can be looked at. */
export async function checkBookRef(clone: Clone, premises: Premises): Promise<{ area: Area; tip: Tip | undefined }> {
  const tip = await clone.book.tryTip();
  const { book, ledger } = clone.names;
  if (tip) return { area: { check: 'book', good: `tip ${short(tip.at)}`, findings: [] }, tip };
  const found =
    (await seenTip(clone)) !== null || (await premises.wrote())
      ? finding('book.gone', {
          what: 'the ref of the book is gone; this clone has had it',
          where: book,
          mend: () => bringBack(clone, premises),
        })
      : finding('book.absent', { what: `no ledger "${ledger}" here`, where: book, next: 'ledgenter init' });
  return { area: { check: 'book', good: '', findings: [found] }, tip };
}

/**
 * Sets the ref to the newest lawful entry among the commits that no ref reaches, so that what was written here and has not
 * landed comes back too; else to the tip that was verified last.
 */
async function bringBack(clone: Clone, premises: Premises): Promise<string> {
  const seen = await seenTip(clone);
  const tip = (await newestOf(clone, seen, await premises.dangling())) ?? seen;
  if (tip === null)
    throw new LedgerError('NOT_FOUND', 'no entry of the ledger is among the objects that are left', {
      hint: 'ledgenter init',
    });
  const swapped = await clone.store.swap([{ ref: clone.names.book, old: null, new: tip }]);
  if (!swapped.ok) throw new LedgerError('BUSY', swapped.reason);
  return tip === seen
    ? `set to ${short(tip)}, the tip that was verified last`
    : `set to ${short(tip)}, its newest entry`;
}

async function newestOf(clone: Clone, seen: Oid | null, commits: readonly Oid[]): Promise<Oid | undefined> {
  const { store, names } = clone;
  const base = seen ?? genesisOid(names.ledger, store.objectFormat);
  const claims = new Set((await store.refs(names.claims)).values());
  const entries = [];
  for (const commit of commits) {
    const found = await keptEntry(clone, commit, claims);
    if (found && (await store.mergeBase(base, found.oid)) === base) entries.push(found);
  }
  for (const { oid } of entries.sort((a, b) => (a.landed > b.landed ? -1 : 1))) {
    const tip = await lawfulPart(clone, oid, seen);
    if (tip !== undefined && tip !== base) return tip;
  }
  return undefined;
}

/**
 * The newest entry of the ledger at or below a commit. What a claim pushed and the authority did not take is no entry of
 * anybody's; below it there may be some. Where this repository decides, a claim that its ref still shows was taken.
 */
async function keptEntry(
  { store, names }: Clone,
  commit: Oid,
  claims: ReadonlySet<Oid>,
): Promise<{ oid: Oid; landed: string } | undefined> {
  for (let oid: Oid | undefined = commit; oid !== undefined; ) {
    const [read]: (Commit | undefined)[] = await store.readCommits([oid]).catch(() => []);
    const entry = read && parseEntry(read);
    if (!entry || !isEntry(entry) || entry.intent.ledger !== names.ledger) return undefined;
    const { claim } = entry.intent;
    if (!entry.stamp.writer.endsWith('-claim') || (claim && claims.has(claim.oid)))
      return { oid, landed: entry.stamp.landed };
    oid = read.parents[0];
  }
  return undefined;
}

/** A chain as far as its entries are lawful, and none of them provisional: such never lie under the shared refs. */
async function lawfulPart(clone: Clone, tip: Oid, seen: Oid | null): Promise<Oid | undefined> {
  const { findings, newer } = await verify(clone.book, tip, seen, {
    limit: 1,
    further: async ({ intent }) =>
      intent.provisional ? { law: 'book', message: 'a provisional claim begins here' } : undefined,
  });
  const stop = findings[0]?.oid ?? newer?.oid;
  return stop === undefined ? tip : (await clone.store.readCommits([stop]))[0]?.parents[0];
}

/** Whether all of the book is here, can be read, and was written by clocks like this one. */
export async function checkHistory(look: Look): Promise<Area> {
  const { clone, tip, premises } = look;
  const findings: Finding[] = [];
  const { book } = clone.names;
  const { entry } = await clone.book.entryAt(tip.book);
  if (isEntry(entry) && entry.intent.format > FORMAT)
    findings.push(
      finding('book.newer', {
        what: `the book has format ${entry.intent.format}, this ledgenter writes ${FORMAT}`,
        where: book,
        next: 'npm install -g ledgenter@latest',
      }),
    );
  const root = await premises.root(tip.book);
  if (root !== genesisOid(clone.names.ledger, clone.store.objectFormat))
    findings.push(
      finding('book.cut', {
        what: 'the beginning of the history is not here',
        where: book,
        next: `git fetch --unshallow ${clone.self ? '<remote>' : clone.remote.name}`,
      }),
    );
  const missing = await premises.missing(tip.at);
  if (missing !== undefined) findings.push(missingObjects(look, missing));
  return { check: 'history', good: 'whole, to its first entry', findings };
}

function missingObjects({ clone, tip, premises, record }: Look, why: string): Finding {
  const { book } = clone.names;
  const what = `objects of the book are missing here: ${why}`;
  if (clone.self)
    return finding('book.objects', {
      what,
      where: book,
      next: 'git fetch <a clone that has them> "+refs/ledgenter/*:refs/ledgenter-remotes/rescue/*"',
    });
  return finding('book.objects', {
    what,
    where: book,
    async mend() {
      await bringAll(premises, clone, record?.namespace);
      const left = await premises.missing(tip.at);
      return left === undefined
        ? `fetched from ${clone.remote.name}: the book is whole again`
        : `fetched from ${clone.remote.name}, which lacks some of it too: ${left}`;
    },
  });
}

async function bringAll(premises: Premises, clone: Clone, namespace: string | undefined): Promise<void> {
  const there = namespace === undefined ? clone.names.book : clone.names.book.replace(/^refs\/ledgenter/, namespace);
  await premises.refetch(clone.remote.name, there);
  const seen = await seenTip(clone);
  if (seen !== null) await markSeen(clone, seen);
}

/** Entries looked at for their clocks, and how far ahead one may be before it is told, in ms. */
const NEWEST = 50;
const APART_MS = 120_000;

/** Whoever is wrong, a lease judged by two clocks is held twice: the laws bear ten minutes, the grace two. */
export async function checkClock({ clone, tip, context }: Look): Promise<Area> {
  const findings: Finding[] = [];
  for (const commit of await clone.store.newest(tip.book, NEWEST)) {
    const { entry } = await clone.book.entryAt(commit.oid);
    if (!isEntry(entry)) continue;
    const ahead = epochMs(entry.stamp.landed) - context.now;
    if (ahead <= APART_MS) continue;
    const { actor } = entry.intent;
    findings.push(
      finding('clock.ahead', {
        what: `an entry by ${actor} landed ${formatDuration(ahead)} ahead of the clock of this machine: one of the two is wrong`,
        where: `entry ${entry.id.slice(0, 12)}`,
        next: 'date -u, here and there',
      }),
    );
    break;
  }
  return { check: 'clock', good: 'no entry landed after now', findings };
}
