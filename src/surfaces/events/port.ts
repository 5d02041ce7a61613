import { definePort } from '../../kernel/operation.ts';

/** What an export needs of this machine. */
export interface EventSite {
  /** The caller's folder, from which the one that is named counts. */
  cwd: string;
  /** The tip of the book as it is now. */
  tip(): Promise<string>;
  /** One export of a clone at a time. */
  politely<T>(work: () => Promise<T>): Promise<T>;
}

export const eventSitePort = definePort<EventSite>('event-site');
