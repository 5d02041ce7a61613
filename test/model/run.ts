import { Acts } from './act.ts';
import { type Agent, LEASE_SPAN, type Stats } from './cast.ts';
import { finish } from './finish.ts';
import { theGround } from './ground.ts';
import type { Failure } from './oracle.ts';
import { World, type WorldOptions } from './world.ts';

export interface Outcome {
  failures: Failure[];
  stats: Stats;
}

/** Scheduler turns of one seed. */
const STEPS = 1_000;

/** One world from birth to the last check. The same seed gives the same run. */
export async function runSeed(options: WorldOptions): Promise<Outcome> {
  const world = new World(await theGround(), options);
  const { random } = world;
  const acts = new Acts(world);
  const crash = random.pick([0.006, 0.0015, 0.004]);
  const pace = random.pick([0.0133, 0.0042, 0.0008]) * LEASE_SPAN;
  world.roaming = random.chance(0.5) ? 0.03 : 0.005;
  if (options.seed % 3 === 1) world.tasks.splice(1);
  for (let i = 2 + random.int(3); i > 0; i--) {
    const site = world.addSite();
    const first = world.addAgent(site);
    if (random.chance(0.6)) world.addAgent(site, world.mistakes.twins && random.chance(0.3) ? { as: first } : {});
  }
  for (let i = 0; i < STEPS; i++) {
    world.time += random.chance(0.004) ? random.next() * LEASE_SPAN * 1.17 : random.next() * pace;
    if (world.under.length > 0 && random.chance(0.1)) world.arrive(random.int(world.under.length));
    await turn(world, acts, random.pick(world.agents.filter(one => !one.fiber.dead)), crash);
  }
  world.stats.steps = STEPS;
  await finish(world, acts);
  return { failures: world.oracle.failures, stats: world.stats };
}

async function turn(world: World, acts: Acts, agent: Agent, crash: number): Promise<void> {
  const { random } = world;
  const { fiber } = agent;
  if (fiber.frozen > 0) {
    fiber.frozen--;
    return;
  }
  if (random.chance(0.01)) fiber.frozen = random.int(40);
  if (random.chance(crash)) {
    fiber.crash();
    world.stats.crash++;
    world.say(agent.actor, 'crashes');
    // Half of the time the host starts the same run again: what it held it knows from the clone's notes.
    world.addAgent(agent.site, random.chance(0.5) ? { as: agent } : {});
    return;
  }
  if (fiber.busy) await fiber.step(random.int(fiber.gates.length));
  else await fiber.start(() => acts.any(agent));
  if (fiber.failure !== undefined) throw fiber.failure;
}
