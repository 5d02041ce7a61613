/**
 * The laws on the refs themselves, by which a gate judges a push. What is in the entries is judged by the laws of the
 * ledger; these say which ref may move where. Listed in docs/SPEC.md.
 */
export const REF_LAWS = {
  'ref.known':
    'Under the namespace of ledgers there are the book, the claims and the queue of a ledger by its name, and nothing else; and no ref has the name of the namespace itself.',
  'ref.book':
    'A book begins with the genesis of its ledger, comes where no other namespace has one of that ledger, is kept where it says that it is, is never deleted, and goes forward only, from where it stands, by entries that each build on the one before.',
  'ref.claim':
    'A claim ref shows a claim on a record that the book has and that is not final; it comes to a record nobody else holds, is renewed by its holder and then never ends earlier, is taken over after lease and grace, moves along with an offer to whom it is offered, and goes when the book ends its tenure; of an actor that the book does not know it ends within three days.',
  'ref.hold':
    'An entry begins, works under or ends a tenure only while the claim ref of its record, as it is or as it moves along in the same push, shows that tenure or a later one of the same holder, or while nobody else has a live one there.',
  'ref.queue':
    'A queue ref is named as a clone, and holds at most 20,000 entries of the ledger, one behind the other, on an entry of the book.',
} as const;

export type RefLaw = keyof typeof REF_LAWS;
