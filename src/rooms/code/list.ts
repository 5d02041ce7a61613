import { PAGE } from '../lists.ts';
import type { CodeRef } from '../tasks/record.ts';

/** A code ref as a person reads it: what it points at in few words, and what became of it. */
export interface Listed {
  id: string;
  ref_type: CodeRef['ref_type'];
  sha?: string;
  name?: string;
  url?: string;
  repo?: string;
  state?: CodeRef['state'];
  live: boolean;
  moved_to?: string;
  by: string;
  at: string;
}

/**
 * The code refs of a task, oldest first. Rebases leave many behind that are not live: of those only the last are shown,
 * unless it is to be `full`; `left` is told then.
 */
export function listed(refs: readonly { id: string; record: CodeRef }[], full: boolean, left: () => void): Listed[] {
  const all = refs.map(({ id, record }) => ({ id, ...record }) as Listed).sort(byTime);
  const dead = all.filter(({ live }) => !live);
  const room = Math.max(0, PAGE - (all.length - dead.length));
  if (full || dead.length <= room) return all;
  left();
  const shown = new Set(dead.slice(dead.length - room));
  return all.filter(ref => ref.live || shown.has(ref));
}

const byTime = (a: Listed, b: Listed) => (a.at + a.id < b.at + b.id ? -1 : 1);
