/**
 * The rules of the protocol that simulation found (numbers: counterexamples in docs/SPEC.md). All are on, always; the
 * model-based tests switch one off at a time to show that its counterexample comes back. #6 (two times) and #7 (the root
 * of a tenure) live in the laws; their tests put a naive law or renewal in place.
 */
export const ALL_RULES = {
  /** #1: the push that lands an ending deletes the claim ref; never before, never apart. */
  landDelete: true,
  /** #2: after the ref is won, fetch again and run the laws on that tip. */
  recheck: true,
  /** #3: takeover waits for the grace. */
  grace: true,
  /** #4: own clock is compared with the lease as the last thing before "yours". */
  lateAnswer: true,
  /** #5: a holder stops holding when an ending starts. */
  endFirst: true,
  /** #8: an offer is written into the claim ref; accepting needs that mark. */
  offerInRef: true,
  /** #9: a provisional tenure lands only after its ref was won. */
  provisionalFence: true,
  /** #10: sync reads its own tip before it fetches. */
  tipFirst: true,
  /** #11: refs are listed again before anything is parked, and a parked entry seen in the book is unparked. */
  confirmPark: true,
  unpark: true,
  /** #12: the combiner builds on no local ref. */
  offRef: true,
  /** #13: a queue ref lands whole or not at all; its owner withdraws it before parking; order within a clone is kept. */
  wholeQueue: true,
  withdraw: true,
  writerOrder: true,
  /** #14: a sync with nothing waiting deletes its own left-over queue ref; landed entries are dropped by id. */
  dropStale: true,
  dedupe: true,
  /** #15: a run that meets its own claim lands its waiting ending first, then swaps to a new root. */
  ownNewRoot: true,
  /** #16, #17: entries under a claim land only while the ref shows their tenure. */
  holderFence: true,
  claimFence: true,
  /** #18: a provisional claim respects the last seen claim ref and this clone's hold files. */
  provisionalSeen: true,
  /** A claim ref on a finished task is swept only past lease and grace. */
  sweepLate: true,
  /** #19: claims and entries carry a nonce. */
  nonce: true,
};

export type Rules = { readonly [rule in keyof typeof ALL_RULES]: boolean };
