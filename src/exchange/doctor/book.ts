import type { Tip } from '../../book/book.ts';
import { isEntry } from '../../book/entry.ts';
import { genesisOid } from '../../book/genesis.ts';
import { FORMAT } from '../../kernel/entry.ts';
import { epochMs, formatDuration } from '../../kernel/time.ts';
import type { Clone } from '../clone.ts';
import { markSeen, seenTip } from '../fetch.ts';
import { type Area, type Finding, finding } from './findings.ts';
import { type Look, short } from './look.ts';
import type { Premises } from './premises.ts';

/** The ref of the book, before anything else can be looked at. */
export async function checkBookRef(clone: Clone): Promise<{ area: Area; tip: Tip | undefined }> {
  const tip = await clone.book.tryTip();
  const { book, ledger } = clone.names;
  if (tip) return { area: { check: 'book', good: `tip ${short(tip.at)}`, findings: [] }, tip };
  const lost = await seenTip(clone);
  const what = `no ledger "${ledger}" here`;
  if (lost === null)
    return {
      area: {
        check: 'book',
        good: '',
        findings: [finding('book.absent', { what, where: book, next: 'ledgenter init' })],
      },
      tip,
    };
  const gone = finding('book.gone', {
    what: 'the local book ref is gone, what the remote had is still here',
    where: book,
    async mend() {
      const swapped = await clone.store.swap([{ ref: book, old: null, new: lost }]);
      return swapped.ok ? `set to ${short(lost)}, the tip that was verified last` : 'another process was quicker';
    },
  });
  return { area: { check: 'book', good: '', findings: [gone] }, tip };
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
