import { canonicalJson } from '../kernel/canonical.ts';
import { sha256Hex } from '../kernel/ids.ts';
import type { Change } from '../kernel/law.ts';
import { type Task, taskRecord } from '../rooms/tasks/record.ts';
import type { Desk } from '../store/desk.ts';

/** What stands for a command where somebody confirms it: SHA-256 of its text, in hex. */
export function commandHash(command: string): string {
  return sha256Hex(command);
}

const kept = (actor: string, command: string): string => sha256Hex(canonicalJson([actor, command]));

/** True when this actor wrote the command through this clone, or confirmed it here; what came in by sync is not trusted. */
export function trustsCommand(desk: Desk, actor: string, command: string): Promise<boolean> {
  return desk.trusts(kept(actor, command));
}

export async function trustCommands(desk: Desk, actor: string, commands: readonly string[]): Promise<void> {
  if (commands.length > 0) await desk.trust(commands.map(command => kept(actor, command)));
}

/**
 * Commands that an entry gives to criteria: new ones, and those that take another's place. Who brings a task from elsewhere
 * did not write its commands.
 */
export function commandsIn(changes: readonly Change[]): string[] {
  return changes
    .filter(({ def, after }) => def.kind === taskRecord.kind && after !== undefined)
    .filter(({ before, after }) => before !== undefined || !(after as Task).imported)
    .flatMap(({ before, after }) => {
      const old = new Map((before as Task | undefined)?.criteria.map(({ id, check }) => [id, check]));
      return (after as Task).criteria.flatMap(({ id, check }) =>
        check === undefined || old.get(id) === check ? [] : [check],
      );
    });
}
