/** A point at which a process waits for the scheduler. */
export interface Gate {
  what: string;
  open(): void;
}

/**
 * One process of the simulated world. Everything it does to anything shared passes a gate; the scheduler opens one gate
 * at a time and waits until nothing moves any more. A crash is a fiber whose gates never open again.
 */
export class Fiber {
  readonly gates: Gate[] = [];
  dead = false;
  /** True: gates are open (the quiet time after a run, when only one process acts). */
  free = false;
  /** Scheduler turns that it sleeps through: a frozen process. */
  frozen = 0;
  #busy = false;
  #failure: unknown;

  get busy(): boolean {
    return this.#busy;
  }

  /** What an action threw that was no refusal of the product: a fault of the code or of the model. */
  get failure(): unknown {
    return this.#failure;
  }

  gate(what: string): Promise<void> | undefined {
    if (this.dead) return new Promise(() => {});
    if (this.free) return undefined;
    return new Promise(resolve => {
      this.gates.push({ what, open: resolve });
    });
  }

  /** Starts an action; it runs to its first gate. */
  start(action: () => Promise<unknown>): Promise<void> {
    this.#busy = true;
    action().then(
      () => {
        this.#busy = false;
      },
      error => {
        this.#failure = error;
        this.#busy = false;
      },
    );
    return quiet();
  }

  crash(): void {
    this.dead = true;
    this.gates.length = 0;
  }

  /** Opens the gate at `index` and waits until this process stands at a gate again or is done. */
  async step(index = 0): Promise<void> {
    const [gate] = this.gates.splice(index, 1);
    gate?.open();
    await quiet();
  }
}

/** Resolves when no microtask is left: every process then waits at a gate or has ended. */
export function quiet(): Promise<void> {
  return new Promise(resolve => {
    process.nextTick(resolve);
  });
}
