import { definePort } from '../../kernel/operation.ts';

/** How a session ended; `expired`: its lease did, and nobody took over yet. */
export const ENDS = [
  'released',
  'done',
  'in_review',
  'blocked',
  'cancelled',
  'handed_over',
  'taken_over',
  'claimed_again',
  'expired',
] as const;
export type End = (typeof ENDS)[number];

/** A stretch inside a session that does not count: paused, or offered to others and nobody's work. */
export interface Rest {
  from: string;
  /** Absent while it goes on. */
  until?: string;
  kind: 'paused' | 'offered';
  reason?: string;
}

export interface SessionCorrection {
  id: string;
  minutes: number;
  reason: string;
  by: string;
  at: string;
}

/** One work session: one tenure of a task, as the history of the book tells it. */
export interface Session {
  /** The root of the claim. */
  id: string;
  task_id: string;
  actor: string;
  run_id: string;
  started_at: string;
  /** The latest end of the lease that the book was told. */
  lease_until: string;
  /** Absent while the book has no end of it: open, or expired when the lease is over. */
  ended_at?: string;
  ended?: End;
  rests: Rest[];
  corrections: SessionCorrection[];
  /** When the authority heard of the claim, where that was more than ten minutes after it says that it began. */
  landed_at?: string;
  /** Claimed offline; nobody else knows of it yet. */
  provisional?: boolean;
}

/** A correction whose session is none of its task: shown, and counted nowhere. */
export interface StrayCorrection extends SessionCorrection {
  session_id: string;
  task_id: string;
}

export interface SessionBook {
  /** In the order in which the book tells of them. */
  sessions: readonly Session[];
  stray: readonly StrayCorrection[];
}

/** All work sessions, from the history of the book at the tip that the context's view reads: derived and disposable. */
export const sessionsPort = definePort<SessionBook>('sessions');

/** Calendars: which day an instant is in, and when a day begins. Given by the surface, for it is a fact of the machine. */
export interface Zones {
  /** Name of the zone that this machine is in. */
  local: string;
  /** True for the name of a zone that this machine knows (IANA: `Europe/Zurich`). */
  knows(zone: string): boolean;
  /** The day `YYYY-MM-DD` that an instant is in. */
  dayOf(ms: number, zone: string): string;
  /** The instant at which a day begins: midnight, or the first moment there is where the clock jumps over it. */
  startOf(day: string, zone: string): number;
}

export const zonesPort = definePort<Zones>('zones');
