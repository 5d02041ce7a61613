/** How bad it is: a fault keeps something from working, a warning will, a note is only said. */
export type Level = 'fault' | 'warning' | 'note';

interface Row {
  level: Level;
  says: string;
  /** `ledgenter repair` mends it. */
  repair?: true;
}

/**
 * Everything that `doctor` finds, one row a code. A code keeps its meaning for ever: scripts and people look for it.
 */
export const FINDINGS = {
  'git.unfit': { level: 'fault', says: 'git is missing or too old' },
  'hooks.absent': { level: 'note', says: 'git hooks are not installed: commits are linked by hand' },
  'hooks.broken': { level: 'fault', says: 'a hook of ours is missing, displaced, outdated, or starts what is gone' },
  'book.absent': { level: 'fault', says: 'there is no ledger here' },
  'refs.broken': {
    level: 'fault',
    says: 'the file of a ref is empty or damaged: git reads and writes past it',
    repair: true,
  },
  'book.gone': {
    level: 'fault',
    says: 'the book’s ref is gone, its entries are still among the objects',
    repair: true,
  },
  'book.cut': { level: 'fault', says: 'the beginning of the history is not here (a shallow clone)' },
  'book.newer': { level: 'fault', says: 'the book has entries of a newer format: this ledgenter only reads' },
  'book.objects': { level: 'fault', says: 'objects of the book are missing here', repair: true },
  'draft.waits': { level: 'note', says: 'a provisional claim waits for the remote' },
  'draft.apart': { level: 'warning', says: 'the provisional chain does not follow the book' },
  'draft.lost': { level: 'fault', says: 'the objects of the provisional chain are gone', repair: true },
  'parked.waits': { level: 'note', says: 'entries were refused at replay and are kept' },
  'parked.lost': { level: 'warning', says: 'the objects of a parked entry are gone', repair: true },
  'authority.elsewhere': { level: 'fault', says: 'no remote of this clone is the one that decides claims' },
  'remote.unreachable': { level: 'fault', says: 'the remote cannot be read' },
  'remote.unpublished': { level: 'note', says: 'the remote has no book yet' },
  'remote.book_lost': { level: 'fault', says: 'the remote lost its book; this clone still has it' },
  'remote.rewritten': { level: 'fault', says: 'the book at the remote does not descend from what was verified here' },
  'remote.other': { level: 'fault', says: 'the remote keeps another ledger under this name' },
  'remote.two_books': { level: 'fault', says: 'the remote keeps this ledger under two namespaces' },
  'remote.probe': { level: 'fault', says: 'the remote does not create, swap or delete a claim as it must' },
  'claims.dead': {
    level: 'warning',
    says: 'a claim ref whose tenure is over: finished, given back or lapsed',
    repair: true,
  },
  'claims.orphan': { level: 'note', says: 'a live claim ref without its entry in the book: it lapses by itself' },
  'claims.imported': { level: 'note', says: 'claims that came in with an import and are no claims here', repair: true },
  'desk.damaged': { level: 'warning', says: 'a note of this clone cannot be read', repair: true },
  'desk.hold_lapsed': { level: 'note', says: 'the lease of a claim of this worktree is over' },
  'desk.hold_over': { level: 'warning', says: 'this clone notes a claim that the book has ended', repair: true },
  'desk.left': { level: 'note', says: 'files that a killed process left', repair: true },
  'runs.damaged': { level: 'warning', says: 'the note of a worktree’s run cannot be read', repair: true },
  'runs.stale': { level: 'note', says: 'notes of runs that nobody wrote under for a month', repair: true },
  'cache.damaged': { level: 'warning', says: 'a derived file is not what was written', repair: true },
  'config.namespace': { level: 'fault', says: 'ledgenter.namespace is set to another than the ledger’s' },
  'config.remote': { level: 'fault', says: 'ledgenter.remote names no remote' },
  'config.refspec': { level: 'warning', says: 'a default refspec fetches or pushes refs of ledgers' },
  'config.mirror': { level: 'warning', says: 'pushes to a remote mirror: they delete refs that are not here' },
  'objects.partial': {
    level: 'warning',
    says: 'a partial clone: objects are fetched one by one where they are missing',
  },
  'objects.loose': { level: 'note', says: 'many loose objects slow every look-up' },
  'objects.left': { level: 'note', says: 'objects of an import that was killed', repair: true },
  'clock.ahead': { level: 'warning', says: 'the newest entries landed ahead of this machine’s clock' },
  'check.stopped': { level: 'fault', says: 'a part could not be looked at, for the reason that is told' },
  'signing.broken': { level: 'fault', says: 'entries are to be signed, and cannot be, or by no key of this actor' },
  'signing.unknown': { level: 'note', says: 'entries are signed with a key that the ledger does not have' },
} as const satisfies Record<string, Row>;

export type FindingCode = keyof typeof FINDINGS;

/** One thing that is wrong, where, and the command that mends it. */
export interface Finding {
  code: FindingCode;
  level: Level;
  what: string;
  /** The record, ref, remote, setting or file (from the git directory): never a path of this machine. */
  where: string;
  next: string;
  /** What `repair` does about it; says what it did. */
  mend?: () => Promise<string>;
}

export const REPAIR = 'ledgenter repair';

/** A finding of a code; mended by `repair` where `mend` is given. */
export function finding(
  code: FindingCode,
  { what, where, next, mend }: { what: string; where: string; next?: string; mend?: () => Promise<string> },
): Finding {
  return { code, level: FINDINGS[code].level, what, where, next: next ?? REPAIR, ...(mend ? { mend } : {}) };
}

/** One part of the examination: what it says where nothing is wrong, and what is. */
export interface Area {
  check: string;
  good: string;
  findings: Finding[];
}
