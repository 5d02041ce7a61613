import type { Enacted } from '../book/enact.ts';
import type { RefUpdate } from '../store/port.ts';
import type { Clone } from './clone.ts';

/** Where this repository decides, an entry and the end of its claim are one transaction. */
export async function settle(clone: Clone, enacted: Enacted): Promise<RefUpdate[]> {
  const { claim } = enacted.entry.intent;
  const id = claim && clone.book.rulebook.target(enacted.entry.intent)?.id;
  if (!claim || id === undefined) return [];
  const ref = clone.names.claim(id);
  const oid = (await clone.store.refs(ref)).get(ref);
  if (oid === undefined) return [];
  return [{ ref, old: oid, new: enacted.ended.includes(id) ? null : oid }];
}
