import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Book } from '../book/book.ts';
import type { Rulebook } from '../book/rulebook.ts';
import { ElsewhereRemote, mapAuthority } from '../exchange/authority.ts';
import { Clone } from '../exchange/clone.ts';
import { SelfRemote } from '../exchange/self.ts';
import { LedgerError } from '../kernel/errors.ts';
import { ledgerRecord } from '../rooms/ledger/record.ts';
import {
  type Discovery,
  type GitStore,
  openDesk,
  openGitRemote,
  openGitStore,
  readConfig,
} from '../store/git/index.ts';
import type { Remote } from '../store/port.ts';
import { randomHex } from '../store/random.ts';
import { fingerprintFrom, openHome } from './home.ts';
import type { Env } from './hosts.ts';
import { landedFile } from './landed.ts';
import type { Signing } from './signing.ts';

const DEFAULT_NAMESPACE = 'refs/ledgenter';

interface SeatParts {
  env: Env;
  checkout: string;
  discovery: Discovery;
  rulebook: Rulebook;
  lander: string;
  ledger: string;
  setting: (name: string) => string | undefined;
  signing: (commonDir: () => string) => Signing;
  store?: GitStore;
}

/** Where the book of this checkout is: its own repository or its home, with store, book and exchange over it. */
export class Seat {
  readonly env: Env;
  /** Folder of the checkout, where configuration of the checkout is kept. */
  readonly checkout: string;
  readonly ledger: string;
  readonly setting: (name: string) => string | undefined;
  discovery: Discovery;
  store: GitStore;
  book: Book;
  readonly signing: Signing;
  /** Lands the agent events that wait here; set by who opened the office. */
  landing?: () => Promise<number>;
  readonly #parts: SeatParts;
  readonly #rulebook: Rulebook;
  readonly #lander: string;
  #clone: Promise<Clone> | undefined;

  constructor(parts: SeatParts) {
    this.#parts = parts;
    this.env = parts.env;
    this.checkout = parts.checkout;
    this.setting = parts.setting;
    this.ledger = parts.ledger;
    this.discovery = parts.discovery;
    this.#rulebook = parts.rulebook;
    this.#lander = parts.lander;
    this.signing = parts.signing(() => this.discovery.location.commonDir);
    this.store = parts.store ?? openGitStore(this.discovery, this.env);
    this.book = this.#makeBook();
  }

  /** The seat of another ledger in the same repository; its store is this one's, which closes it. */
  beside(ledger: string): Seat {
    return new Seat({ ...this.#parts, discovery: this.discovery, store: this.store, ledger });
  }

  /** Folder of derived files of the ledger: any of them may be deleted at any time. */
  get cacheFolder(): string {
    return join(this.discovery.location.commonDir, 'ledgenter', 'cache', this.ledger);
  }

  now(): number {
    return Date.now();
  }

  nonce(): string {
    return randomHex(10);
  }

  /** The exchange at the authority that the book names; made once unless told to look elsewhere. */
  clone(options?: { remote?: string; namespace?: string }): Promise<Clone> {
    if (options) this.#clone = undefined;
    this.#clone ??= this.#makeClone(options ?? {});
    return this.#clone;
  }

  remote(name: string, namespace: string): Remote {
    return openGitRemote(this.discovery, this.store, { name, namespace, env: this.env });
  }

  /** Configuration as it is now, after `init` changed it. */
  async reread(): Promise<void> {
    this.discovery = { ...this.discovery, config: await readConfig(this.discovery.location.commonDir, this.env) };
    this.#clone = undefined;
  }

  /** The book is in the home repository from now on. */
  async moveTo(url: string): Promise<void> {
    await this.store.close();
    this.discovery = await openHome(url, this.checkout, this.env);
    this.store = openGitStore(this.discovery, this.env);
    this.book = this.#makeBook();
    this.#clone = undefined;
  }

  /** Adds what this process pushed and lost to the clone's own counts, which `status` and the demo show. */
  async tally(): Promise<void> {
    const clone = await this.#clone?.catch(() => undefined);
    if (!clone || clone.pushes + clone.lost === 0) return;
    for (const [name, more] of Object.entries({ pushes: clone.pushes, 'claims-lost': clone.lost })) {
      if (more > 0) await clone.desk.setNote(name, String(Number((await clone.desk.note(name)) ?? '0') + more));
    }
    clone.pushes = 0;
    clone.lost = 0;
  }

  #makeBook(): Book {
    const desk = openDesk(this.discovery.location.commonDir, this.ledger);
    const { signer, checker } = this.signing;
    return new Book({
      store: this.store,
      desk,
      rulebook: this.#rulebook,
      ledger: this.ledger,
      now: () => this.now(),
      sleep: ms => sleep(ms),
      random: Math.random,
      checker,
      ...(signer ? { signer } : {}),
      landed: landedFile(this.cacheFolder),
    });
  }

  /** What was verified and seen at one authority says nothing of another: after a move it is looked at anew. */
  async #knowAuthority(fingerprint: string): Promise<void> {
    const { desk, names } = this.book;
    const before = await desk.note('authority');
    if (before === fingerprint) return;
    if (before !== undefined) {
      const seen = [...(await this.store.refs(names.seen)), ...(await this.store.refs(names.knownPrefix))];
      await this.store.swap(seen.map(([ref, oid]) => ({ ref, old: oid, new: null })));
    }
    await desk.setNote('authority', fingerprint).catch(() => {}); // a git dir that cannot be written is told by the write
  }

  async #makeClone(options: { remote?: string; namespace?: string }): Promise<Clone> {
    const { book } = this;
    const tip = await book.someTip();
    const record = tip && (await book.view(tip.at).get(ledgerRecord, 'ledger'));
    const namespace = options.namespace ?? this.setting('namespace') ?? record?.namespace ?? DEFAULT_NAMESPACE;
    // Where branches carry the ledger, a host would start its checks at every entry.
    book.marker = namespace.startsWith('refs/heads/') ? ' [skip ci]' : '';
    const mapped = options.remote ?? this.setting('remote');
    const base = this.discovery.location.topLevel ?? this.discovery.location.commonDir;
    const remotes = this.discovery.config
      .remotes()
      .map(({ name, url, pushUrls }) => ({ name, fingerprint: fingerprintFrom(base, pushUrls[0] ?? url) }));
    const mapping =
      options.remote === undefined
        ? mapAuthority(record?.authority, remotes, mapped)
        : { kind: 'remote' as const, name: options.remote };
    const remote: Remote =
      mapping.kind === 'self'
        ? new SelfRemote(this.store, book.names)
        : mapping.kind === 'remote'
          ? this.remote(mapping.name, namespace)
          : new ElsewhereRemote(mapping.authority);
    if (mapping.kind === 'remote') {
      await this.#knowAuthority(remotes.find(one => one.name === mapping.name)?.fingerprint ?? mapping.name);
    }
    return new Clone({
      book,
      remote,
      self: mapping.kind === 'self',
      lander: this.#lander,
      now: () => this.now(),
      sleep: ms => sleep(ms),
      random: Math.random,
      nonce: () => this.nonce(),
      landing: async () => {
        await this.landing?.();
      },
    });
  }
}

/** The seat of a checkout, or of a folder outside of all whose home is named by a variable. @throws LedgerError NO_REPOSITORY, NO_LEDGER (a home that is not set up) */
export async function takeSeat(parts: {
  env: Env;
  discovery: Discovery | undefined;
  cwd: string;
  problem: LedgerError | undefined;
  rulebook: Rulebook;
  lander: string;
  ledger: string;
  setting: (name: string) => string | undefined;
  signing: (commonDir: () => string) => Signing;
}): Promise<Seat> {
  const { discovery, setting, env, rulebook, lander, ledger, signing } = parts;
  const checkout = discovery?.location.topLevel ?? discovery?.location.commonDir ?? parts.cwd;
  const home = setting('home');
  const place = home === undefined ? discovery : await openHome(home, checkout, env);
  if (!place) throw parts.problem ?? new LedgerError('NO_REPOSITORY', 'not inside a git repository');
  return new Seat({ rulebook, lander, ledger, env, checkout, discovery: place, setting, signing });
}
