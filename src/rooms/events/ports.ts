import type { ActorKind } from '../../kernel/entry.ts';
import { definePort } from '../../kernel/operation.ts';
import type { EventRow } from './record.ts';

/** Where events wait for the next sync, on this machine. */
export interface Spool {
  /** Absolute path of the checkout, taken out of texts. */
  root?: string;
  /**
   * Keeps one event: a line, written in one piece beside what others write.
   * @throws LedgerError NO_ROOM, READ_ONLY_REPOSITORY where nothing can be kept
   */
  add(event: EventRow & { kind: ActorKind; chain?: string[] }): Promise<void>;
  /** What waits, oldest first. */
  waiting(): Promise<EventRow[]>;
  /** Lands what waits in the local book. @returns how many events */
  land(): Promise<number>;
}

export const spoolPort = definePort<Spool>('event-spool');
