import { Book } from '../../src/book/book.ts';
import { type RefNames, refNames } from '../../src/book/refs.ts';
import type { Rulebook } from '../../src/book/rulebook.ts';
import { parseClaim } from '../../src/exchange/claimref.ts';
import { Clone } from '../../src/exchange/clone.ts';
import { LedgerOffice } from '../../src/exchange/perform.ts';
import { ALL_RULES, type Rules } from '../../src/exchange/rules.ts';
import type { ActorKind } from '../../src/kernel/entry.ts';
import { type Handoff, handoffRecord } from '../../src/rooms/handoffs/record.ts';
import { type Task, taskRecord } from '../../src/rooms/tasks/record.ts';
import type { HoldFile } from '../../src/store/desk.ts';
import { MemoryDesk, MemoryStore, ObjectPool } from '../../src/store/memory/index.ts';
import type { Oid, RefUpdate } from '../../src/store/port.ts';
import { type Agent, type Mistakes, noStats, type Site, SKEW, type Stats } from './cast.ts';
import { Fiber } from './fiber.ts';
import { EPOCH, type Ground, LEDGER, RULEBOOK, runId } from './ground.ts';
import { Oracle } from './oracle.ts';
import { GatedDesk, GatedStore, shortRef, type Watch } from './ports.ts';
import { Random } from './random.ts';
import { applyPush, type Fate, type Weather, WeatheredRemote } from './remote.ts';

export interface WorldOptions {
  seed: number;
  rules?: Partial<Rules>;
  mistakes?: Mistakes;
  rulebook?: Rulebook;
  log?: (line: string) => void;
}

/** One remote, some clones, their processes, one clock; everything that happens by chance comes from the seed. */
export class World implements Weather {
  readonly random: Random;
  readonly rules: Rules;
  readonly mistakes: Mistakes;
  readonly names: RefNames = refNames(LEDGER);
  readonly tasks: string[];
  readonly questions: string[];
  readonly remote: MemoryStore;
  readonly sites: Site[] = [];
  readonly agents: Agent[] = [];
  readonly oracle: Oracle;
  readonly stats: Stats = noStats();
  /** ms since the epoch, by the true clock. */
  time = EPOCH;
  /** Nothing happens by chance: a script moves everything, and every listing may be torn. */
  still = false;
  /** In a still world: listings read the book before the other refs. */
  firstBook = true;
  /** False: the network behaves. */
  faults = true;
  /** What happens to the next pushes; then chance decides. */
  readonly fates: Fate[] = [];
  /** Pushes that arrive later than anyone waited. */
  readonly under: RefUpdate[][] = [];
  /** Chance that an idle process goes offline. */
  roaming = 0;
  /** Gates are open: one process acts at a time. */
  calm = false;
  readonly #ground: Ground;
  readonly #rulebook: Rulebook;
  readonly #judged = new Set<Oid>();
  readonly #log: ((line: string) => void) | undefined;
  #count = 0;

  constructor(ground: Ground, { seed, rules = {}, mistakes = {}, rulebook = RULEBOOK, log }: WorldOptions) {
    this.#ground = ground;
    this.#rulebook = rulebook;
    this.#log = log;
    this.random = new Random(seed);
    this.rules = { ...ALL_RULES, ...rules };
    this.mistakes = mistakes;
    this.tasks = [...ground.tasks];
    this.questions = ground.questions;
    const pool = new ObjectPool();
    pool.copyFrom(ground.pool, ground.tip);
    this.remote = new MemoryStore({ pool });
    this.remote.swapNow([{ ref: this.names.book, old: null, new: ground.tip }]);
    this.oracle = new Oracle(pool, () => this.time);
  }

  say(...words: unknown[]): void {
    this.#log?.(`${((this.time - EPOCH) / 1000).toFixed(0).padStart(6)} ${words.join(' ')}`);
  }

  addSite(): Site {
    const store = new MemoryStore({ pool: this.remote.pool });
    const { tip } = this.#ground;
    store.swapNow([
      { ref: this.names.book, old: null, new: tip },
      { ref: this.names.seen, old: null, new: tip },
    ]);
    const name = `c${this.sites.length}`;
    const site = { name, store, desk: new MemoryDesk({ writer: name, now: () => this.time }), online: true };
    this.sites.push(site);
    return site;
  }

  /** A process; `as` continues a run whose process ended. */
  addAgent(site: Site, { as, kind = 'agent', skew }: { as?: Agent; kind?: ActorKind; skew?: number } = {}): Agent {
    const n = this.#next();
    const actor = as?.actor ?? `p${n}`;
    const run = as?.run ?? runId(n);
    const off = as?.skew ?? skew ?? Math.round((this.random.next() * 2 - 1) * SKEW);
    const fiber = new Fiber();
    fiber.free = this.calm;
    const now = (): number => Math.floor(this.time + off);
    const random = (): number => this.random.next();
    const sleep = async (): Promise<void> => {
      await fiber.gate('sleep');
    };
    const agent = { site, actor, run, kind: as?.kind ?? kind, skew: off, fiber, now } as Agent;
    const watch = this.#watch(agent);
    const book = new Book({
      store: new GatedStore(site.store, fiber, watch),
      desk: new GatedDesk(site.desk, fiber, watch),
      rulebook: this.#rulebook,
      judged: this.#judged,
      ledger: LEDGER,
      now,
      sleep,
      random,
    });
    agent.clone = new Clone({
      book,
      remote: new WeatheredRemote(this.remote, this.names, fiber, this.#from(site)),
      lander: actor,
      now,
      sleep,
      random,
      nonce: () => this.nonce(),
      rules: this.rules,
    });
    const { kind: own } = agent;
    agent.office = this.#office(agent, book, actor, own, [run]);
    agent.child = this.#office(agent, book, actor, own, [runId(10_000 + n), run]);
    agent.person = this.#office(agent, book, `h-${site.name}`, 'human', [runId(20_000 + this.sites.indexOf(site))]);
    this.agents.push(agent);
    return agent;
  }

  #office(agent: Agent, book: Book, actor: string, kind: ActorKind, run: string[]): LedgerOffice {
    return new LedgerOffice({
      who: { actor, kind, run, mode: 'session' },
      book,
      clone: async () => agent.clone,
      port: async () => undefined,
      now: agent.now,
      nonce: () => (this.rules.nonce ? this.nonce() : 'fixed'),
    });
  }

  nonce(): string {
    return `n${this.#next().toString(36)}`;
  }

  #next(): number {
    this.#count++;
    return this.#count;
  }

  // What the remote shows, from outside.

  remoteTip(): Oid {
    return this.remote.refsNow(this.names.book).get(this.names.book)!;
  }

  /** A task at a commit, read from outside. */
  task(commit: Oid, id: string): Task {
    const { pool } = this.remote;
    return JSON.parse(pool.blobs.get(pool.at(commit, taskRecord.path(id))!.oid)!) as Task;
  }

  // The network.

  #from(site: Site): Weather {
    return {
      online: () => site.online,
      fate: () => this.fate(),
      fetchFails: () => this.fetchFails(),
      bookFirst: () => this.bookFirst(),
      torn: () => this.torn(),
      late: updates => this.late(updates),
      applied: updates => this.applied(updates),
    };
  }

  online(): boolean {
    return true;
  }

  fate(): Fate {
    const given = this.fates.shift();
    if (given) return given;
    const x = this.faults ? this.random.next() : 0;
    if (x < 0.86) return 'normal';
    if (x < 0.91) return 'deaf';
    return x < 0.95 ? 'dropped' : 'late';
  }

  fetchFails(): boolean {
    return this.faults && this.random.chance(0.03);
  }

  bookFirst(): boolean {
    return this.still ? this.firstBook : this.random.chance(0.5);
  }

  torn(): boolean {
    return this.still ? !this.calm : !this.calm && this.random.chance(0.4);
  }

  late(updates: RefUpdate[]): void {
    this.under.push(updates);
  }

  /** One of the pushes under way arrives. */
  arrive(index = 0): void {
    const [updates] = this.under.splice(index, 1);
    if (updates) applyPush(this.remote, updates, this);
  }

  applied(updates: readonly RefUpdate[]): void {
    for (const { ref, old, new: oid } of updates) {
      this.say('   remote', shortRef(this.names, ref), oid === null ? 'deleted' : oid.slice(0, 8));
      if (oid !== null && ref.startsWith(this.names.claims)) this.#superseded(ref, oid);
      if (ref !== this.names.book || oid === null) continue;
      for (const { id, intent, stamp } of this.oracle.landed(old, oid)) {
        this.stats.landed++;
        this.say('   lands', id.slice(0, 8), intent.op, stamp.writer, stamp.n, intent.actor, intent.claim?.root ?? '');
      }
    }
  }

  /** A run's own next claim ends the tenures in its chain. */
  #superseded(ref: string, oid: Oid): void {
    const { chain, run } = parseClaim(ref.slice(this.names.claims.length), this.remote.pool.commits.get(oid)!);
    for (const grant of this.oracle.grants) if (grant.run === run && chain.includes(grant.root)) grant.ended = true;
  }

  // What a process does, as it takes effect.

  #watch(agent: Agent): Watch {
    const { site } = agent;
    const { book, draft, parkedPrefix } = this.names;
    return {
      swapped: updates => {
        for (const { ref, old, new: oid } of updates) {
          if ((ref === book || ref === draft) && oid !== null && oid !== old) this.oracle.chained(oid, site.name);
          if (ref.startsWith(parkedPrefix)) this.#parked(site, old, oid);
        }
      },
      held: hold => {
        this.say(agent.actor, 'hold file', hold.root, hold.provisional ? 'provisional' : '', hold.lease_until);
        this.#held(agent, hold);
      },
      dropped: (id, root) => {
        this.say(agent.actor, 'drops hold', root);
        this.oracle.dropped(site.name, id, root);
      },
    };
  }

  #parked(site: Site, old: Oid | null, oid: Oid | null): void {
    if (oid === null) {
      this.stats.unparked++;
      this.say(site.name, 'unparks', this.oracle.entryAt(old!)?.id.slice(0, 8));
      return;
    }
    this.stats.parked++;
    const entry = this.oracle.parked(oid);
    this.say(site.name, 'parks', entry?.id.slice(0, 8), entry?.intent.op, entry?.intent.claim?.root ?? '');
  }

  /** A provisional tenure that was confirmed is told to its run by its hold file. */
  #held(agent: Agent, hold: HoldFile): void {
    this.oracle.held(agent.site.name, hold);
    if (!hold.provisional && this.provisionals.delete(hold.root)) {
      this.stats.confirmed++;
      const own = this.agents.find(({ run }) => run === hold.run) ?? agent;
      this.oracle.told(agent.site.name, hold, own.skew, this.isDone(hold.id));
    }
  }

  /** Roots of provisional tenures whose run lives and still believes. */
  readonly provisionals = new Set<string>();

  /** Finished at the remote: a task, or a handoff that was answered. */
  isDone(id: string): boolean {
    if (id.startsWith('t-')) return this.task(this.remoteTip(), id).status === 'done';
    const blob = this.remote.pool.at(this.remoteTip(), handoffRecord.path(id));
    const handoff = blob && (JSON.parse(this.remote.pool.blobs.get(blob.oid)!) as Handoff);
    return handoff?.status === 'answered';
  }

  /** The run was told "yours". */
  told(agent: Agent, hold: HoldFile): void {
    this.stats.won++;
    this.say(agent.actor, 'YOURS', hold.root, 'until', hold.lease_until);
    this.oracle.told(agent.site.name, hold, agent.skew, this.isDone(hold.id));
    const ref = this.names.claim(hold.id);
    const shown = this.remote.refsNow(ref).get(ref);
    if (shown !== undefined) this.#superseded(ref, shown);
  }
}
