import { epochMs } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { actorRecord, ROLES } from '../actors/record.ts';
import { find } from '../lookup.ts';
import type { Handoff } from './record.ts';

const ALL: readonly string[] = ROLES;

/** True for a word that addresses everybody of a role; an actor of that name is not addressed by it. */
export function isRole(name: string): boolean {
  return ALL.includes(name);
}

/** Roles under which an actor is addressed: everybody who writes in the ledger is a member of it. */
export async function rolesOf(view: View, actor: string): Promise<string[]> {
  return (await find(view, actorRecord, actor))?.role === 'maintainer' ? ['maintainer', 'member'] : ['member'];
}

/** Addressed by name or, unless it is the sender, by a role. */
export function isRecipient(
  { to, from }: { to: readonly string[]; from: string },
  actor: string,
  roles: readonly string[],
): boolean {
  if (!isRole(actor) && to.includes(actor)) return true;
  return actor !== from && roles.some(role => to.includes(role));
}

/** The end of the day until which a handoff can be claimed, in ms since the epoch; never, when it has no day. */
export function expiresAt({ due_on }: Pick<Handoff, 'due_on'>): number {
  return due_on === undefined ? Number.POSITIVE_INFINITY : epochMs(`${due_on}T00:00:00.000Z`) + 86_400_000;
}

/** Unanswered, and its day is over: nobody claims it any more. */
export function isExpired(handoff: Pick<Handoff, 'due_on' | 'status'>, now: number): boolean {
  return handoff.status === 'open' && now >= expiresAt(handoff);
}

/** Actors whom a handoff is for at this moment, for an offer that names them one by one. */
export async function recipientsOf(view: View, { to }: Pick<Handoff, 'to'>, from: string): Promise<string[]> {
  const named = to.filter(name => !isRole(name));
  const others: string[] = [];
  if (to.some(isRole)) {
    for (const { id } of await view.all(actorRecord)) {
      if (isRecipient({ to, from }, id, await rolesOf(view, id))) others.push(id);
    }
  }
  return [...new Set([...named, ...others])].sort();
}
