import type { Rulebook } from '../../src/book/rulebook.ts';
import type { Rules } from '../../src/exchange/rules.ts';
import type { HoldFile } from '../../src/store/desk.ts';
import { Acts } from './act.ts';
import type { Agent, Mistakes, Site } from './cast.ts';
import { finish } from './finish.ts';
import { theGround } from './ground.ts';
import type { Failure } from './oracle.ts';
import { World } from './world.ts';

export interface ScriptOptions {
  rules?: Partial<Rules>;
  mistakes?: Mistakes;
  rulebook?: Rulebook;
  log?: (line: string) => void;
}

/** A world whose processes a test steps by hand; chance and weather are still. */
export class Script {
  readonly world: World;
  readonly acts: Acts;
  /** The one task that everybody wants. */
  readonly task: string;

  private constructor(world: World) {
    this.world = world;
    this.acts = new Acts(world);
    this.task = world.tasks[0]!;
  }

  static async open({ rules, mistakes, rulebook, log }: ScriptOptions = {}): Promise<Script> {
    const world = new World(await theGround(), {
      seed: 1,
      ...(rules ? { rules } : {}),
      ...(mistakes ? { mistakes } : {}),
      ...(rulebook ? { rulebook } : {}),
      ...(log ? { log } : {}),
    });
    world.faults = false;
    world.still = true;
    return new Script(world);
  }

  /** A clone with one process; clocks are right unless told otherwise. */
  clone(skew = 0): Agent {
    return this.sibling(this.world.addSite(), skew);
  }

  /** Another process, of a run of its own, in the same clone. */
  sibling(site: Site, skew = 0): Agent {
    return this.world.addAgent(site, { skew });
  }

  /** Begins an action and stops it before the gate whose name begins with `gate` (the `nth` such). */
  async until(agent: Agent, gate: string, action?: () => Promise<unknown>, nth = 1): Promise<void> {
    if (action) await agent.fiber.start(action);
    for (let seen = 0; agent.fiber.busy; ) {
      const at = agent.fiber.gates[0];
      if (at?.what.startsWith(gate)) {
        seen++;
        if (seen === nth) return;
      }
      await agent.fiber.step();
    }
    this.#check(agent);
  }

  /** Lets a process go on (or do `action`) to its end. */
  async go(agent: Agent, action?: () => Promise<unknown>): Promise<void> {
    if (action) await agent.fiber.start(action);
    while (agent.fiber.busy) await agent.fiber.step();
    this.#check(agent);
  }

  #check(agent: Agent): void {
    if (agent.fiber.failure !== undefined) throw agent.fiber.failure;
  }

  /** Minutes pass. */
  pass(minutes: number): void {
    this.world.time += minutes * 60_000;
  }

  claim = (agent: Agent): Promise<unknown> => this.acts.claim(agent, this.task);
  work = (agent: Agent): Promise<unknown> => this.acts.work(agent, this.task);
  comment = (agent: Agent): Promise<unknown> => this.acts.comment(agent, this.task);
  sync = (agent: Agent): Promise<unknown> => this.acts.sync(agent);
  combine = (agent: Agent): Promise<unknown> => this.acts.combine(agent);

  async hold(agent: Agent): Promise<HoldFile | undefined> {
    return (await agent.site.desk.holds()).find(({ id, run }) => id === this.task && run === agent.run);
  }

  /** The other task, where something must be written that nobody contends for. */
  aside = (agent: Agent): Promise<unknown> => this.acts.comment(agent, this.world.tasks[1]!);

  /** What every invariant says at the end of all. */
  async verdict(): Promise<Failure[]> {
    await finish(this.world, this.acts);
    return this.world.oracle.failures;
  }
}
