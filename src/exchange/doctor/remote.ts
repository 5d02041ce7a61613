import { LedgerError } from '../../kernel/errors.ts';
import { instant } from '../../kernel/time.ts';
import { claimMeta, probeName } from '../claimref.ts';
import { seenTip } from '../fetch.ts';
import { type Area, type Finding, finding } from './findings.ts';
import { caught, type Look, short } from './look.ts';

/** The authority: which it is, what it shows, and whether it does what claims need. */
export async function checkRemote(look: Look): Promise<Area[]> {
  const { clone, record } = look;
  const authority: Area = { check: 'authority', good: 'this repository decides claims', findings: [] };
  if (clone.self) {
    look.shown = await clone.store.refs(clone.names.shared);
    return [authority];
  }
  authority.good = `${record?.authority} is remote ${clone.remote.name}`;
  const listing = await caught(() => clone.remote.fetch(clone.names.shared));
  if (listing instanceof LedgerError) {
    authority.findings.push(
      finding('authority.elsewhere', {
        what: listing.message,
        where: record?.authority ?? 'ledger.json',
        next: listing.hint,
      }),
    );
    return [authority];
  }
  if (listing.kind === 'broken') {
    const what = `${clone.remote.name} cannot be read: ${listing.reason}`;
    authority.findings.push(
      finding('remote.unreachable', { what, where: `remote ${clone.remote.name}`, next: 'git remote -v' }),
    );
    return [authority];
  }
  look.shown = listing.refs;
  const refs: Area = { check: 'refs', good: '', findings: [] };
  const shown = listing.refs.get(clone.names.book);
  refs.good = `the book at ${clone.remote.name} is ${shown === undefined ? 'not there' : short(shown)}`;
  refs.findings.push(...(await bookFindings(look, shown)), ...(await twoBooks(look)));
  const namespace: Area = {
    check: 'namespace',
    good: 'create, swap and delete of a ref work, all or nothing',
    findings: await probe(look),
  };
  return [authority, refs, namespace];
}

/** A lost or rewound book at the remote, and how any clone that still has it brings it back. */
async function bookFindings({ clone, record }: Look, shown: string | undefined): Promise<Finding[]> {
  const { name } = clone.remote;
  const seen = await seenTip(clone);
  const { book } = await clone.book.tip();
  const ref = clone.names.book;
  const there = record?.namespace === undefined ? ref : ref.replace(/^refs\/ledgenter/, record.namespace);
  const where = `${there} at ${name}`;
  if (shown === undefined)
    return seen === null
      ? [finding('remote.unpublished', { what: 'the ledger was not published yet', where, next: 'ledgenter sync' })]
      : [
          finding('remote.book_lost', {
            what: `${name} lost the book (a mirror push from a clone without it does that); this clone still has it`,
            where,
            next: `git push ${name} ${book}:${there}`,
          }),
        ];
  if (seen !== null && shown !== seen && (await clone.store.mergeBase(seen, shown)) !== seen)
    return [
      finding('remote.rewritten', {
        what: `the book at ${name} (${short(shown)}) does not descend from what was seen (${short(seen)}): somebody rewrote it`,
        where,
        next: `ledgenter verify --ref ${shown}`,
      }),
    ];
  if (seen === null && (await clone.store.mergeBase(book, shown)) === null)
    return [
      finding('remote.other', {
        what: `${name} keeps another ledger "${clone.names.ledger}": the histories share no beginning`,
        where,
        next: `ledgenter verify --ref ${shown}`,
      }),
    ];
  return [];
}

async function twoBooks({ clone, site, record }: Look): Promise<Finding[]> {
  const found = (await site.look(clone.remote.name)) ?? [];
  const here = found.filter(one => one.ledger === clone.names.ledger);
  if (here.length < 2) return [];
  const refs = here.map(({ namespace, ledger }) => `${namespace}/${ledger}/book`);
  const own = `${record?.namespace}/${clone.names.ledger}/book`;
  return [
    finding('remote.two_books', {
      what: `${clone.remote.name} keeps ledger ${clone.names.ledger} twice, at ${refs.join(' and ')}; this clone goes by ${own}`,
      where: refs.find(ref => ref !== own) ?? refs[0]!,
      next: `ask the owner of ${clone.remote.name} which one is right`,
    }),
  ];
}

/** Create, swap, delete of a ref in the namespace, on the real remote, each with an exact lease. */
async function probe({ clone, context }: Look): Promise<Finding[]> {
  const name = probeName(clone.nonce());
  const ref = clone.names.claim(name);
  const at = instant(context.now);
  const body = {
    id: name,
    actor: context.who.actor,
    run: context.who.run[0]!,
    root: name,
    chain: [],
    since: at,
    lease_until: at,
  };
  const failed = (what: string, next: string): Finding[] => [
    finding('remote.probe', { what, where: `remote ${clone.remote.name}`, next }),
  ];
  const one = await clone.store.commit([], [], claimMeta({ ...body, nonce: clone.nonce() }, at));
  const two = await clone.store.commit([], [], claimMeta({ ...body, nonce: clone.nonce() }, at));
  const steps = [
    { what: 'create', old: null, new: one },
    { what: 'swap', old: one, new: two },
    { what: 'delete', old: two, new: null },
  ];
  for (const step of steps) {
    const pushed = await clone.push([{ ref, old: step.old, new: step.new }]);
    if (pushed.kind === 'accepted') continue;
    const reason = 'reason' in pushed ? pushed.reason : pushed.refs.map(each => each.reason).join('; ');
    const error = pushed.kind === 'denied' ? new LedgerError(pushed.code, reason) : undefined;
    return failed(
      `${clone.remote.name} did not ${step.what} a probe ref: ${reason}`,
      error?.hint ?? 'ledgenter doctor',
    );
  }
  const atomic = await clone.push([
    { ref, old: null, new: one },
    { ref: clone.names.claim(`${name}b`), old: two, new: one },
  ]);
  if (atomic.kind === 'accepted') return failed('the remote ignores the lease of a push', 'use another host');
  const left = await clone.remote.fetch(clone.names.claims);
  if (left.kind === 'fetched' && left.refs.has(ref)) {
    await clone.push([{ ref, old: one, new: null }]);
    return failed('the remote applies half of an atomic push', 'use another host, or --home <url>');
  }
  return [];
}
