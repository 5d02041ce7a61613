import type { Oid } from '../../store/port.ts';
import { type Area, type Finding, finding } from './findings.ts';
import type { Look } from './look.ts';

/** What waits in this clone apart from the book: refused entries, and provisional claims. */
export async function checkParked({ clone, tip }: Look): Promise<Area[]> {
  const parked = await clone.store.refs(clone.names.parkedPrefix);
  const lost = await unreadable(clone.store, [...parked]);
  const findings: Finding[] = lost.map(([ref, oid]) => forgotten('parked.lost', ref, oid, clone));
  const waits = parked.size - lost.length;
  if (waits > 0)
    findings.unshift(
      finding('parked.waits', {
        what: `${waits} entries were refused at replay`,
        where: clone.names.parkedPrefix,
        next: 'ledgenter parked list',
      }),
    );
  return [
    { check: 'parked', good: 'no entry was refused', findings },
    { check: 'offline', good: 'no provisional claim waits', findings: await draftOf({ clone, tip }) },
  ];
}

async function draftOf({ clone, tip }: Pick<Look, 'clone' | 'tip'>): Promise<Finding[]> {
  const { draft: ref } = clone.names;
  if (tip.draft === null) return [];
  if ((await unreadable(clone.store, [[ref, tip.draft]])).length > 0)
    return [forgotten('draft.lost', ref, tip.draft, clone)];
  if ((await clone.store.mergeBase(tip.book, tip.draft)) !== tip.book)
    return [
      finding('draft.apart', {
        what: 'the provisional chain does not follow the book: a sync decides its entries anew',
        where: ref,
        next: 'ledgenter sync',
      }),
    ];
  return [
    finding('draft.waits', { what: 'a provisional claim waits for the remote', where: ref, next: 'ledgenter sync' }),
  ];
}

async function unreadable(store: Look['clone']['store'], refs: [string, Oid][]): Promise<[string, Oid][]> {
  const commits = await store.readCommits(refs.map(([, oid]) => oid));
  return refs.filter((_, index) => commits[index] === undefined);
}

/** A ref whose objects are gone keeps nothing; its id stays in the log of the repair, should they turn up. */
function forgotten(code: 'parked.lost' | 'draft.lost', ref: string, oid: Oid, clone: Look['clone']): Finding {
  return finding(code, {
    what: `the commit ${oid.slice(0, 12)} that it names is not here`,
    where: ref,
    async mend() {
      const swapped = await clone.store.swap([{ ref, old: oid, new: null }]);
      return swapped.ok ? `forgot the ref; it named ${oid}` : 'another process was quicker';
    },
  });
}
