import { canonicalJson } from '../kernel/canonical.ts';
import type { Entry } from '../kernel/entry.ts';
import { sha256Hex } from '../kernel/ids.ts';
import type { Change } from '../kernel/law.ts';
import { ACCEPT } from '../rooms/plans/rules.ts';
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

const keptPlan = (actor: string, task: string, sha256: string): string =>
  sha256Hex(canonicalJson([actor, ACCEPT, task, sha256]));

/** True when this actor, a person, accepted the plan with this hash through this clone. */
export function trustsPlan(desk: Desk, actor: string, task: string, sha256: string): Promise<boolean> {
  return desk.trusts(keptPlan(actor, task, sha256));
}

/**
 * Keeps what an entry that this actor wrote here makes trusted: its commands, and those of the plan that it accepts. The
 * commands of a plan are another's, and an agent that a policy lets accept it is not the person who read them.
 */
export async function trustWritten(
  desk: Desk,
  actor: string,
  { entry: { intent }, changes }: { entry: Entry; changes: readonly Change[] },
): Promise<void> {
  const { op, kind, input } = intent;
  if (op !== ACCEPT) return trustCommands(desk, actor, commandsIn(changes));
  if (kind !== 'human') return;
  const plan = keptPlan(actor, String(input.task_id), String(input.sha256));
  await desk.trust([plan, ...commandsIn(changes).map(command => kept(actor, command))]);
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
