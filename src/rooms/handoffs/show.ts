import type { Context } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { cut } from '../lists.ts';
import { type Handoff, handoffRecord } from './record.ts';
import { takesVerdict } from './rules.ts';
import { isExpired, isRecipient, rolesOf } from './who.ts';

/** A handoff as a write answers it: enough to go on, never a long text. */
export function brief(id: string, handoff: Handoff, now: number): Record<string, unknown> {
  const { kind, status, title, created_by, to, task_id, due_on, verdict, answer, answered_by, hold } = handoff;
  return {
    id,
    kind,
    status,
    title,
    from: created_by,
    to,
    ...(task_id === undefined ? {} : { task_id }),
    ...(due_on === undefined ? {} : { due_on }),
    ...(isExpired(handoff, now) ? { expired: true } : {}),
    ...(verdict === undefined ? {} : { verdict }),
    ...(answered_by === undefined ? {} : { answered_by }),
    ...(answer === undefined ? {} : { answer: cut(answer, 400) ?? answer }),
    ...(hold === undefined ? {} : { hold: { actor: hold.actor, lease_until: hold.lease_until } }),
  };
}

/** The one next command for this handoff, to paste once its words are put in; undefined when nothing is to be done. */
export async function nextFor(
  view: View,
  id: string,
  handoff: Handoff,
  actor: string,
  now: number,
): Promise<string | undefined> {
  const { status, created_by, to, hold } = handoff;
  const verdict = takesVerdict(handoff) ? ' --verdict <approve|reject>' : '';
  const respond = `ledgenter handoff respond ${id}${verdict} --answer '<answer>'`;
  if (status === 'claimed') return hold?.actor === actor ? respond : undefined;
  if (status === 'answered') return created_by === actor ? `ledgenter handoff ack ${id}` : undefined;
  if (status !== 'open' || isExpired(handoff, now)) return undefined;
  if (!isRecipient({ to, from: created_by }, actor, await rolesOf(view, actor))) return undefined;
  return handoff.kind === 'work' ? `ledgenter handoff claim ${id}` : respond;
}

/** `{handoff, hints?}` of a handoff after a write. */
export async function answer({ view, who, now }: Context, result: unknown): Promise<{ [key: string]: unknown }> {
  const id = String(result);
  const handoff = await view.get(handoffRecord, id);
  if (!handoff) return { handoff: { id } };
  const next = await nextFor(view, id, handoff, who.actor, now);
  return { handoff: brief(id, handoff, now), ...(next === undefined ? {} : { hints: { next } }) };
}
