import { prefixBody } from '../../kernel/ids.ts';

/** The trailer that names the task of a commit, unless the switch `ledgenter.trailer` says another. */
export const TRAILER = 'Task';
/** The trailer that asks for the task to be done once the commit is on the default branch. */
export const CLOSES = 'Closes';
/** Longest message that is read, in UTF-16 units: what is behind it names nothing. */
const MAX_MESSAGE = 262_144;
/** Ids taken from one message at most: a squash of a whole branch names fewer. */
const MAX_IDS = 200;

/** The tasks that the message of a commit names, each once, in the order of their lines. */
export interface Trailers {
  tasks: string[];
  closes: string[];
}

/** True for a name that can stand before the colon of a trailer. */
export function isTrailerName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9-]{0,39}$/.test(name);
}

/**
 * Reads `Task: t-…` and `Closes: t-…` lines anywhere in a message: a host's squash button moves them out of the last
 * paragraph. Names count in any case, values may be several with commas between, and whatever is not shaped like a
 * task id or a prefix of one (a ticket of another system, a sentence) is left alone.
 * @param name of the first trailer; one that is no name of a trailer finds nothing
 */
export function trailersOf(message: string, name: string = TRAILER): Trailers {
  const out: Trailers = { tasks: [], closes: [] };
  const wanted = isTrailerName(name) ? name.toLowerCase() : undefined;
  for (const line of message.slice(0, MAX_MESSAGE).split(/\r\n|\n|\r/)) {
    // git sets the messages that it squashes in by four blanks, hosts make a list of them.
    const match = /^[ \t]{0,16}(?:[*-] )?([A-Za-z][A-Za-z0-9-]{0,39}):[ \t]*(\S.*)$/.exec(line);
    if (!match) continue;
    const key = match[1]!.toLowerCase();
    // Named `Closes`, the first trailer is the second too.
    if (key === wanted) add(out.tasks, match[2]!);
    if (key === CLOSES.toLowerCase()) add(out.closes, match[2]!);
  }
  return out;
}

function add(ids: string[], value: string): void {
  for (const part of value.split(',')) {
    const body = /^\s*t-/i.test(part) ? prefixBody('t', part) : undefined;
    const id = `t-${body}`;
    if (body !== undefined && ids.length < MAX_IDS && !ids.includes(id)) ids.push(id);
  }
}
