import { isKey } from '../kernel/record.ts';

/** The canonical namespace; a remote may keep the same refs elsewhere (store/git/remote.ts maps them). */
export const SHARED = 'refs/ledgenter/';
const LOCAL = 'refs/ledgenter-local/';

const LEDGER_NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** Folders of ours beside those that are called like ledgers: a ledger of such a name would write over them. */
const OWN_FOLDERS: ReadonlySet<string> = new Set(['cache', 'gate', 'hooks', 'signing', 'stale-ref-lock']);

/** True for a name that a ledger may have: in a ref, and as a folder on every file system. */
export function isLedgerName(text: string): boolean {
  return LEDGER_NAME.test(text) && isKey(text) && !OWN_FOLDERS.has(text);
}

/** Every ref name of one ledger, built and read here and nowhere else; lower case and legal on every file system. */
export interface RefNames {
  ledger: string;
  /** Prefix of all shared refs, ending in `/`. */
  shared: string;
  book: string;
  claims: string;
  claim(id: string): string;
  queues: string;
  queue(writer: string): string;
  /** Last tip of the authority that this clone verified. */
  seen: string;
  /** The book with provisional tenures on top, while there are any (PROTOCOL §10): nothing unsettled lies under `shared`. */
  draft: string;
  parkedPrefix: string;
  parked(entry: string): string;
  /** Claim refs as last seen at the authority, by latest lease for one root (PROTOCOL-FINDINGS #18). */
  knownPrefix: string;
  known(id: string): string;
  /** Claim refs that came in with an import and are no claims here: kept so that somebody can look at them. */
  asidePrefix: string;
  aside(id: string): string;
}

/** @throws RangeError when `ledger` is not a ledger name. */
export function refNames(ledger: string): RefNames {
  if (!isLedgerName(ledger)) throw new RangeError(`not a ledger name: ${JSON.stringify(ledger)}`);
  const shared = `${SHARED}${ledger}/`;
  const local = `${LOCAL}${ledger}/`;
  const leaf = (prefix: string, name: string): string => {
    if (!isKey(name)) throw new RangeError(`not a ref name: ${JSON.stringify(name)}`);
    return prefix + name;
  };
  return {
    ledger,
    shared,
    book: `${shared}book`,
    claims: `${shared}claims/`,
    claim: id => leaf(`${shared}claims/`, id),
    queues: `${shared}queue/`,
    queue: writer => leaf(`${shared}queue/`, writer),
    seen: `${local}seen`,
    draft: `${local}draft`,
    parkedPrefix: `${local}parked/`,
    parked: entry => leaf(`${local}parked/`, entry),
    knownPrefix: `${local}claims/`,
    known: id => leaf(`${local}claims/`, id),
    asidePrefix: `${local}imported/`,
    aside: id => leaf(`${local}imported/`, id),
  };
}

/** The name behind a prefix (`claims/t-…` → `t-…`), undefined when it is none we would write. */
export function leafOf(prefix: string, ref: string): string | undefined {
  const name = ref.startsWith(prefix) ? ref.slice(prefix.length) : '';
  return isKey(name) ? name : undefined;
}
