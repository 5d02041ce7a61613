import { fetch } from '../../src/exchange/fetch.ts';
import type { LedgerOffice } from '../../src/exchange/perform.ts';
import { combine } from '../../src/exchange/queue.ts';
import { makeClaim, renew } from '../../src/exchange/renew.ts';
import { sync } from '../../src/exchange/sync.ts';
import { LedgerError } from '../../src/kernel/errors.ts';
import type { Operation } from '../../src/kernel/operation.ts';
import { instant } from '../../src/kernel/time.ts';
import { cancel } from '../../src/rooms/handoffs/cancel.ts';
import { claim as claimHandoff } from '../../src/rooms/handoffs/claim.ts';
import { create } from '../../src/rooms/handoffs/create.ts';
import { release as giveBack } from '../../src/rooms/handoffs/release.ts';
import { respond } from '../../src/rooms/handoffs/respond.ts';
import { claim as claimTask } from '../../src/rooms/tasks/claim.ts';
import { note } from '../../src/rooms/tasks/note.ts';
import { release } from '../../src/rooms/tasks/release.ts';
import { update } from '../../src/rooms/tasks/update.ts';
import type { HoldFile } from '../../src/store/desk.ts';
import { type Agent, LEASE, LEASE_SPAN } from './cast.ts';
import type { World } from './world.ts';

/** The remote or the network said no: part of life, no refusal of a law. */
const LIFE = new Set(['UNREACHABLE', 'BUSY', 'TAMPERED']);

/** What a process does, one action at a time, through the office where the office does it. */
export class Acts {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Writes through the office; a live holder must not be refused (I7). */
  async write(
    agent: Agent,
    operation: Operation,
    input: object,
    options: { office?: LedgerOffice; sync?: boolean } = {},
  ) {
    const { oracle } = this.#world;
    const named = input as { task_id?: string; handoff_id?: string };
    const task = String(named.handoff_id ?? named.task_id);
    const held = options.office === agent.person ? undefined : oracle.grantOf(agent.site.name, agent.run, task);
    const until = held?.until ?? 0;
    try {
      return await (options.office ?? agent.office).perform(operation, input, { sync: options.sync ?? false });
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      this.#world.say(agent.actor, operation.name, 'refused:', error.code, error.message);
      if (error.code === 'TAMPERED') oracle.fail('I6', 'a clone alarms over an honest history');
      // A lease that a sibling prolonged only after it had lapsed here was rightly told as lapsed.
      const live = held && oracle.live({ ...held, until });
      if (live && !LIFE.has(error.code)) oracle.refused(operation.name, error.code);
      return undefined;
    }
  }

  async claim(agent: Agent, task: string): Promise<boolean> {
    const answer = await this.#try(agent, 'claim', () =>
      agent.office.perform(claimTask, { task_id: task, lease: LEASE }, { sync: false }),
    );
    const hold = answer?.claimed ? await this.#holdOf(agent, task) : undefined;
    if (!answer || !hold) return false;
    this.#world.told(agent, hold);
    if (answer.took_over_from) this.#world.stats.takeover++;
    return true;
  }

  async claimOffline(agent: Agent, task: string): Promise<void> {
    const answer = await this.#try(agent, 'offline claim', () =>
      agent.office.perform(claimTask, { task_id: task, lease: LEASE }, { offline: true }),
    );
    const hold = answer?.provisional ? await this.#holdOf(agent, task) : undefined;
    if (!hold) return;
    this.#world.stats.provisional++;
    this.#world.provisionals.add(hold.root);
    await this.write(agent, note, { task_id: task, text: 'w' });
    if (!this.#world.still && this.#world.random.chance(0.5))
      await this.write(agent, update, { task_id: task, status: 'done' });
  }

  async renew(agent: Agent, hold: HoldFile): Promise<void> {
    if (this.#world.mistakes.renewedRoot) return naiveRenew(agent, hold);
    const renewed = await this.#try(agent, 'renew', () => renew(agent.clone, hold));
    this.#world.say(agent.actor, 'renew', renewed?.kind);
  }

  work(agent: Agent, task: string): Promise<unknown> {
    const { random, still } = this.#world;
    const office = !still && random.chance(0.2) ? agent.child : agent.office;
    return this.write(agent, note, { task_id: task, text: 'w' }, { office });
  }

  async finish(agent: Agent, task: string, how: 'done' | 'release' | 'blocked', wait = false): Promise<void> {
    const { random, rules, still } = this.#world;
    const hold = await this.#holdOf(agent, task);
    const options = {
      sync: wait || (!still && random.chance(0.6)),
      office: !still && random.chance(0.1) ? agent.child : agent.office,
    };
    const reason = how === 'blocked' ? { reason: 'r' } : {};
    const written =
      how === 'release'
        ? await this.write(agent, release, { task_id: task }, options)
        : await this.write(agent, update, { task_id: task, status: how, ...reason }, options);
    if (!hold) return;
    if (!rules.landDelete) await agent.clone.push([{ ref: agent.clone.names.claim(task), old: hold.oid, new: null }]);
    // What the rule forbids: an ending that did not get through counts as not begun.
    if (!rules.endFirst && written === undefined && options.sync) await agent.clone.desk.putHold(hold);
  }

  comment(agent: Agent, task: string): Promise<unknown> {
    return this.write(agent, note, { task_id: task, text: 'c', kind: 'comment' });
  }

  /** A person opens a task again and frees it for everybody. */
  async reopen(agent: Agent, task: string): Promise<void> {
    const office = agent.person;
    await this.write(agent, update, { task_id: task, status: 'open', reason: `r${this.#world.nonce()}` }, { office });
    await this.write(agent, update, { task_id: task, assignee: null }, { office });
  }

  /** Somebody who holds nothing puts a free task away, or brings it back. */
  async meddle(agent: Agent, task: string): Promise<void> {
    if (this.#world.random.chance(0.5)) return this.reopen(agent, task);
    await this.write(agent, update, { task_id: task, status: 'cancelled', reason: 'r' }, { office: agent.person });
  }

  async sync(agent: Agent, contended = !this.#world.still && this.#world.random.chance(0.3)): Promise<void> {
    const report = await this.#try(agent, 'sync', () => sync(agent.clone, { contended }));
    this.#world.say(agent.actor, 'sync', JSON.stringify(report));
  }

  async combine(agent: Agent): Promise<void> {
    const fetched = await this.#try(agent, 'combine', () => fetch(agent.clone));
    if (fetched?.kind !== 'fetched') return;
    const { landed, refused } = await combine(agent.clone, fetched);
    if (landed.size > 0) this.#world.stats.combined++;
    for (const [writer, reason] of refused) this.#world.say(agent.actor, 'cannot combine', writer, reason);
  }

  /** Hands what it holds to another, and perhaps takes it back. */
  async offer(agent: Agent, hold: HoldFile, to: Agent): Promise<void> {
    const { random, stats, still } = this.#world;
    const input = { to: [to.actor], kind: 'work', title: `go on ${this.#world.nonce()}`, task_id: hold.id };
    const answer = await this.#try(agent, 'offer', () => agent.office.perform(create, input, { sync: false }));
    if (answer?.offered !== hold.id) {
      const kept = await this.#holdOf(agent, hold.id);
      // A fresh swap brought the hold back; without one, what is on file is what was there before.
      if (kept && kept.oid !== hold.oid) this.#world.told(agent, kept);
      return;
    }
    const handoff_id = (answer.handoff as { id: string }).id;
    stats.offered++;
    this.#world.say(agent.actor, 'offers', hold.root, 'to', to.actor);
    await this.sync(agent);
    if (!still && random.chance(0.4)) await this.takeBack(agent, hold.id, handoff_id);
  }

  async takeBack(agent: Agent, task: string, handoff_id: string): Promise<void> {
    const answer = await this.#try(agent, 'take back', () =>
      agent.office.perform(cancel, { handoff_id }, { sync: false }),
    );
    const kept = answer ? await this.#holdOf(agent, task) : undefined;
    this.#world.say(agent.actor, 'takes back', kept?.root);
    if (!kept) return;
    this.#world.stats.kept++;
    this.#world.told(agent, kept);
  }

  /** Claims a task through the handoff that offers it to this agent; else the task itself. */
  async accept(agent: Agent, task: string): Promise<void> {
    const tip = await agent.clone.book.tip();
    const { hold } = this.#world.task(tip.at, task);
    if (!hold?.offer?.to.includes(agent.actor)) {
      await this.claim(agent, task);
      return;
    }
    if (!(await this.claimHandoff(agent, hold.offer.id))) return;
    const moved = await this.#holdOf(agent, task);
    if (!moved) return;
    this.#world.stats.moved++;
    this.#world.told(agent, moved);
  }

  async claimHandoff(agent: Agent, handoff_id: string): Promise<boolean> {
    const answer = await this.#try(agent, 'accept', () =>
      agent.office.perform(claimHandoff, { handoff_id, lease: LEASE }, { sync: false }),
    );
    const hold = answer?.claimed ? await this.#holdOf(agent, handoff_id) : undefined;
    if (hold) this.#world.told(agent, hold);
    return hold !== undefined;
  }

  /** The question that everybody may answer: claimed, answered or given back by who has it. */
  async drain(agent: Agent): Promise<void> {
    const { random, still } = this.#world;
    const handoff_id = random.pick(this.#world.questions);
    if (!(await this.#holdOf(agent, handoff_id))) {
      await this.claimHandoff(agent, handoff_id);
      return;
    }
    const options = { sync: !still && random.chance(0.5) };
    if (random.chance(0.4)) await this.write(agent, respond, { handoff_id, answer: 'a' }, options);
    else await this.write(agent, giveBack, { handoff_id }, options);
  }

  /** A refusal is an answer. An alarm is none: every history of the model is honest. */
  async #try<T>(agent: Agent, what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      this.#world.say(agent.actor, what, error.code, error.message);
      if (error.code === 'TAMPERED') this.#world.oracle.fail('I6', 'a clone alarms over an honest history');
      return undefined;
    }
  }

  async #holdOf(agent: Agent, task: string): Promise<HoldFile | undefined> {
    return (await agent.site.desk.holds()).find(hold => hold.id === task && hold.run === agent.run);
  }

  /** One action as chance has it. */
  async any(agent: Agent): Promise<unknown> {
    const { random } = this.#world;
    const task = random.pick(this.#world.tasks);
    const hold = await this.#holdOf(agent, task);
    const x = random.next();
    if (!agent.site.online) return this.#offline(agent, task, x);
    if (hold && !hold.provisional) return this.#holding(agent, task, hold, x);
    if (x < 0.06) return this.drain(agent);
    if (x < 0.4) return random.chance(0.6) ? this.accept(agent, task) : this.claim(agent, task);
    if (x < 0.5) return this.comment(agent, task);
    if (x < 0.55) return this.#world.mistakes.meddling ? this.meddle(agent, task) : this.reopen(agent, task);
    if (x < 0.8) return this.sync(agent);
    if (x < 1 - this.#world.roaming) return this.combine(agent);
    agent.site.online = false;
    return undefined;
  }

  async #offline(agent: Agent, task: string, x: number): Promise<void> {
    if (x < 0.3) agent.site.online = true;
    else if (x < 0.6) await this.claimOffline(agent, task);
    else await this.comment(agent, task);
  }

  async #holding(agent: Agent, task: string, hold: HoldFile, x: number): Promise<unknown> {
    if (x < 0.25) return this.renew(agent, hold);
    if (x < 0.45) return this.finish(agent, task, 'done');
    if (x < 0.57) return this.finish(agent, task, 'release');
    if (x < 0.6) return this.finish(agent, task, 'blocked');
    const to = this.#world.random.pick(this.#world.agents.filter(one => one !== agent && !one.fiber.dead));
    if (x < 0.75 && to) return this.offer(agent, hold, to);
    return x < 0.9 ? this.work(agent, task) : this.sync(agent);
  }
}

/** A renewal as it must not be (#7): with a root of its own. */
async function naiveRenew(agent: Agent, hold: HoldFile): Promise<void> {
  const { clone } = agent;
  const root = clone.nonce();
  const lease_until = instant(agent.now() + LEASE_SPAN);
  const made = await makeClaim(clone, { ...hold, root, lease_until }, hold.oid);
  const pushed = await clone.push([{ ref: clone.names.claim(hold.id), old: hold.oid, new: made.oid }]);
  if (pushed.kind !== 'accepted') return;
  await clone.desk.amendHold(hold.id, hold.root, kept => ({ ...kept, root, oid: made.oid, lease_until }));
}
