import type { ImportedTask } from '../entry.ts';

/** The folder that a task lies in says as much of its state as its status does. */
export type Place = 'tasks' | 'drafts' | 'completed' | 'archive';

export interface Standing {
  status: ImportedTask['status'];
  reason?: string;
  label?: string;
  /** Under way there; nobody holds it here. */
  started?: true;
  /** Put away without being finished. */
  dropped?: true;
}

/**
 * The one table of what a status becomes. The last of a project's statuses is the one of finished work, the first that of
 * work nobody began; what lies between is open here, with the status in a label, for a status never brings a claim.
 */
export function standingOf(place: Place, status: string, statuses: readonly string[]): Standing {
  const said = status.trim().toLowerCase();
  const first = (statuses[0] ?? 'To Do').toLowerCase();
  const last = (statuses.at(-1) ?? 'Done').toLowerCase();
  const finished = said === last || said === 'done';
  if (place === 'completed' || (finished && place !== 'drafts')) return { status: 'done' };
  if (place === 'archive') return { status: 'cancelled', reason: 'archived in Backlog.md', dropped: true };
  if (place === 'drafts') return { status: 'open', label: 'draft' };
  if (said === 'blocked') return { status: 'blocked', reason: 'blocked in Backlog.md' };
  if (said === first || said === 'to do' || said === '') return { status: 'open' };
  return { status: 'open', label: `status:${status.trim()}`, started: true };
}

/** 0 is the highest here; a project may name priorities of its own, which become labels. */
export const PRIORITIES: Readonly<Record<string, number>> = { critical: 0, urgent: 0, high: 1, medium: 2, low: 3 };
