import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Context, Port } from '../../../src/kernel/operation.ts';
import { LAWS } from '../../../src/rooms/index.ts';
import { catalogue } from '../../../src/rooms/orientation/ports.ts';
import { OPERATIONS } from '../../../src/surfaces/operations.ts';
import { partsOf } from '../../../src/surfaces/setup/hosts.ts';
import { type Machine, machinePort } from '../../../src/surfaces/setup/machine.ts';
import { SETUP_NAMES, type SetupName } from '../../../src/surfaces/setup/names.ts';
import type { Part } from '../../../src/surfaces/setup/part.ts';
import { setUp } from '../../../src/surfaces/setup/setup.ts';

/** Hosts that keep something for their user. */
export const USER_HOSTS = SETUP_NAMES.filter(name => name !== 'agents-md');

// biome-ignore lint/suspicious/noExplicitAny: each test reads its own part of the answer
type Answer = any;
type Flags = { here?: boolean; guard?: boolean; remove?: boolean; dry_run?: boolean; yes?: boolean };

/** A machine with a home of its own, and the calls of somebody who sits at it. */
export class DeskTop {
  readonly machine: Machine;
  readonly said: string[] = [];
  /** What the person answers; undefined: there is none. */
  answers: string[] | undefined;

  constructor(dir: string, more: Partial<Machine> = {}) {
    const home = join(dir, 'home');
    mkdirSync(home, { recursive: true });
    this.machine = {
      platform: 'linux',
      home,
      env: {},
      node: join(dir, 'bin', 'node'),
      launcher: join(dir, 'lib', 'ledgenter.cjs'),
      say: text => void this.said.push(text),
      ...more,
    };
  }

  run(host: SetupName, flags: Flags = {}): Promise<Answer> {
    const ask = async () => this.answers?.shift() ?? 'no';
    const machine: Machine = { ...this.machine, ...(this.answers ? { ask } : {}) };
    const known = new Map<string, unknown>([
      [machinePort.name, machine],
      [catalogue.name, { operations: OPERATIONS, laws: LAWS }],
    ]);
    const context = { use: async (port: Port<unknown>) => known.get(port.name) } as unknown as Context;
    return setUp(context, { host, ...flags });
  }

  parts(host: SetupName, here = false): Part[] {
    return partsOf(host, this.machine, here, 'the skill\n');
  }

  /** The configuration files of a host that people keep too. */
  configs(host: SetupName, here = false): string[] {
    return this.parts(host, here)
      .filter(part => part.kind === 'json' || part.kind === 'toml')
      .map(part => part.path);
  }

  put(file: string, bytes: string | Buffer): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }

  /** Every file below the home but those of setup itself, with its bytes; folders end in a slash. */
  files(root = this.machine.home): Map<string, string> {
    const out = new Map<string, string>();
    const walk = (folder: string): void => {
      for (const name of readdirSync(folder).sort()) {
        const path = join(folder, name);
        const key = relative(root, path);
        if (key.startsWith('.ledgenter') || key.startsWith('.git')) continue;
        if (statSync(path).isDirectory()) {
          out.set(`${key}/`, '');
          walk(path);
        } else out.set(key, readFileSync(path).toString('base64'));
      }
    };
    if (existsSync(root)) walk(root);
    return out;
  }
}
