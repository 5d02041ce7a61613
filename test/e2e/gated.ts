import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LAUNCHER, type Ran, Stage } from './stage.ts';

const HOOKS = fileURLToPath(new URL('../../hooks', import.meta.url));

/** Puts the gate before a bare repository, as the stub of an installer starts it; every start of node is a line in `gate.log`. */
export function gate(stage: Stage, remote: string): void {
  const node = stage.path('node.sh');
  const log = stage.path('gate.log');
  // The hook takes NODE_OPTIONS of whoever pushes away, and with it the clock of the stage.
  const clock = stage.later(0).NODE_OPTIONS;
  const script = [
    '#!/bin/sh',
    `echo started >>'${log}'`,
    `[ -z "$CLOCK_AHEAD" ] || [ -n "$RIGHT_AT_SERVER" ] || export NODE_OPTIONS='${clock}'`,
    `exec '${process.execPath}' "$@"`,
    '',
  ];
  writeFileSync(node, script.join('\n'));
  chmodSync(node, 0o755);
  writeFileSync(stage.path('gate.conf'), `node ${node}\nlauncher ${LAUNCHER}\n`);
  const stub = [
    '#!/bin/sh',
    `ledgenter_hooks='${HOOKS}' ledgenter_conf='${stage.path('gate.conf')}'`,
    '. "$ledgenter_hooks/pre-receive"',
    'exit $ledgenter_status',
    '',
  ];
  writeFileSync(join(remote, 'hooks', 'pre-receive'), stub.join('\n'), { mode: 0o755 });
}

/** Beside `stage.later`: the clock of the server stays right. */
export const RIGHT_AT_SERVER = { RIGHT_AT_SERVER: 'yes' };

/** How often the gate started node so far. */
export function starts(stage: Stage): number {
  const log = stage.path('gate.log');
  return existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0;
}

/** A push by plain git. */
export function push(stage: Stage, cwd: string, to: string, ...specs: string[]): Promise<Ran> {
  return stage.tryGit(cwd, ['push', '-q', '--force', to, ...specs]);
}

/** Every ref of a repository and what it shows, to compare. */
export function refsOf(stage: Stage, cwd: string): Promise<string> {
  return stage.git(cwd, 'for-each-ref', '--format=%(refname) %(objectname)');
}

/** Objects of a repository, packed or not. */
export async function objectsOf(stage: Stage, cwd: string): Promise<number> {
  return (await stage.git(cwd, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname)')).split('\n').length;
}

/** A stage on which every remote has the gate. */
export class GatedStage extends Stage {
  override async remote(name = 'shared.git'): Promise<string> {
    gate(this, await super.remote(name));
    return this.path(name);
  }
}
