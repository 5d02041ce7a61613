import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Oid } from '../../store/port.ts';
import { writeWhole } from '../files.ts';
import { Base, VERSION } from './base.ts';
import { follow } from './delta.ts';
import { Snapshot } from './snapshot.ts';

const BASE = 'tasks.base';
/** Size in bytes past which the file of steps is folded into a new base. */
const MAX_STEPS = 262_144;
/**
 * The index's files in one folder. Any of them may be missing, torn or a rival's at any time: what is read is checked,
 * and what cannot be written is left unwritten (the next process builds it again).
 */
export class CacheFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What the files know, as near to `wanted` as they go; undefined when there is nothing to go by. */
  load(wanted: Oid): { snapshot: Snapshot; full: boolean } | undefined {
    let base: Base;
    try {
      base = Base.open(join(this.#folder, BASE));
    } catch {
      return undefined; // missing, torn, of another version: built anew
    }
    const start = new Snapshot(base.tip, base);
    let steps = '';
    try {
      steps = readFileSync(this.#steps(base.tip), 'utf8');
    } catch {
      // no steps since the base
    }
    const { snapshot, damaged } = follow(start, steps, wanted);
    return { snapshot, full: damaged || steps.length > MAX_STEPS };
  }

  /** Adds one step behind the base of `base`; a process that has replaced that base meanwhile never reads it. */
  append(base: Oid, line: string): void {
    this.#quietly(() => appendFileSync(this.#steps(base), line));
  }

  /** Puts a new base in place and forgets the steps of older ones; false when the folder does not take it. */
  replace(base: Base): boolean {
    return this.#quietly(() => {
      writeWhole(this.#folder, BASE, base.bytes());
      this.#sweep(this.#steps(base.tip));
    });
  }

  #steps(base: Oid): string {
    return join(this.#folder, `tasks-${VERSION}-${base}.steps`);
  }

  #sweep(keep: string): void {
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      if (name.startsWith('tasks-') && name.endsWith('.steps') && path !== keep) rmSync(path, { force: true });
    }
  }

  /** A cache that cannot be written (read-only folder, no room, file held open on Windows) is no fault: work goes on. */
  #quietly(work: () => void): boolean {
    try {
      mkdirSync(this.#folder, { recursive: true });
      work();
      return true;
    } catch {
      return false;
    }
  }
}
