import { verify } from '../../src/book/verify.ts';
import { update } from '../../src/rooms/tasks/update.ts';
import type { Acts } from './act.ts';
import { type Agent, LEASE_SPAN, type Site } from './cast.ts';
import { forgeries } from './forge.ts';
import type { World } from './world.ts';

/** Everybody is gone, all leases are over, the network works: what must hold then. */
export async function finish(world: World, acts: Acts): Promise<void> {
  for (const { fiber } of world.agents) fiber.crash();
  while (world.under.length > 0) world.arrive();
  world.faults = false;
  world.calm = true;
  world.time += 10 * LEASE_SPAN;
  for (const site of world.sites) site.online = true;
  const last = await settle(world, acts);
  world.time += 10 * LEASE_SPAN;
  await claimEverything(world, acts);
  await settle(world, acts);
  checkNothingLost(world);
  checkAlike(world);
  await checkVerify(world, last[0]!);
}

/** New processes carry everything to the remote and back, until nothing moves any more. */
async function settle(world: World, acts: Acts): Promise<Agent[]> {
  const agents = world.sites.map(site => world.addAgent(site));
  let before = '';
  for (let round = 0; round < 6; round++) {
    for (const agent of agents) {
      await acts.sync(agent);
      if (world.remote.refsNow(world.names.queues).size > 0) await acts.combine(agent);
    }
    const state = JSON.stringify(
      [world.remote, ...world.sites.map(({ store }) => store)].map(store => [...store.refsNow('refs/')]),
    );
    if (state === before) break;
    before = state;
  }
  return agents;
}

async function claimEverything(world: World, acts: Acts): Promise<void> {
  for (const task of world.tasks) {
    const { status } = world.task(world.remoteTip(), task);
    if (status === 'done') continue;
    const agent = world.addAgent(world.random.pick(world.sites), { kind: 'human' });
    if (status === 'blocked' || status === 'cancelled')
      await acts.write(agent, update, { task_id: task, status: 'open' }, { sync: true });
    if (!(await acts.claim(agent, task))) world.oracle.fail('I4', `nobody can claim a task that is ${status}`);
    else if (world.random.chance(0.5)) await acts.finish(agent, task, 'done');
  }
}

function checkNothingLost(world: World): void {
  const { oracle } = world;
  const tip = world.remoteTip();
  const history = oracle.between(tip, null);
  const count = new Map<string, number>();
  for (const { id } of history) count.set(id, (count.get(id) ?? 0) + 1);
  for (const n of count.values()) if (n > 1) oracle.fail('I2', 'an entry landed twice');
  const parked = world.sites.map(site => ({ site, ids: parkedIn(world, site) }));
  for (const [id, { writer, entry }] of oracle.written) {
    const landed = (count.get(id) ?? 0) > 0;
    const here = parked.some(({ site, ids }) => site.name === writer && ids.has(id));
    if (parked.some(({ site, ids }) => site.name !== writer && ids.has(id)))
      oracle.fail('I2', 'an entry is parked in a clone that did not write it');
    if (landed && here) oracle.fail('I2', 'an entry is parked and landed');
    // Freeing what is free, closing what is closed: what says nothing new is dropped.
    const { op, input } = entry.intent;
    const idle = input.assignee === null || input.status === 'cancelled' || op === 'handoff.cancel';
    if (!landed && !here && !idle) oracle.fail('I2', `an entry was lost (${entry.intent.op})`);
  }
  const last = new Map<string, number>();
  for (const { stamp } of history) {
    if ((last.get(stamp.writer) ?? 0) > stamp.n) oracle.fail('I2', 'entries of one clone landed out of order');
    last.set(stamp.writer, stamp.n);
  }
  if (world.remote.refsNow(world.names.queues).size > 0) oracle.fail('I2', 'a queue ref was left over');
}

function parkedIn(world: World, site: Site): Set<string> {
  const prefix = world.names.parkedPrefix;
  return new Set([...site.store.refsNow(prefix).keys()].map(ref => ref.slice(prefix.length)));
}

function checkAlike(world: World): void {
  const { book, draft } = world.names;
  for (const { store } of world.sites) {
    if (store.refsNow(book).get(book) !== world.remoteTip()) world.oracle.fail('I5', 'a clone shows another book');
    if (store.refsNow(draft).size > 0) world.oracle.fail('I5', 'a clone keeps a draft that is settled');
  }
}

async function checkVerify(world: World, agent: Agent): Promise<void> {
  const { book } = agent.clone;
  const tip = world.remoteTip();
  const honest = await verify(book, tip, null);
  for (const { law, op } of honest.findings) world.oracle.fail('I6', `verify refuses an honest entry (${op}: ${law})`);
  for (const { what, oid } of await forgeries(world, agent, tip)) {
    if ((await verify(book, oid, tip)).findings.length === 0)
      world.oracle.fail('I6', `verify accepts a forged ${what}`);
  }
}
