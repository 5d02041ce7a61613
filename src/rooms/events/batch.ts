import { isId } from '../../kernel/ids.ts';
import { parseInstant } from '../../kernel/time.ts';
import { lineOf, lineProblem } from './line.ts';
import { type EventRow, MAX_BATCH, MAX_EVENTS } from './record.ts';

/** What one line of the spool says: the event, and who wrote it. */
export interface Spooled extends EventRow {
  kind?: 'agent' | 'human' | 'service';
  /** The run and its ancestors, nearest first, where it has any. */
  chain?: string[];
}

/** Nesting of runs. */
const MAX_DEPTH = 8;
const KINDS: readonly unknown[] = ['agent', 'human', 'service'];

const isChain = (chain: unknown, run: unknown): chain is string[] =>
  Array.isArray(chain) &&
  chain.length <= MAX_DEPTH &&
  chain[0] === run &&
  chain.every(one => typeof one === 'string' && isId('r', one));

/** The event of a spooled line; undefined for one that was torn by a crash, or is something else. */
export function readSpooled(text: string): Spooled | undefined {
  try {
    const { run_id, kind, chain, ...event } = JSON.parse(text) as Record<string, unknown>;
    if (lineProblem(JSON.stringify(event)) !== undefined) return undefined;
    const row = event as unknown as EventRow;
    return {
      ...row,
      ts: parseInstant(row.ts)!,
      ...(typeof run_id === 'string' && isId('r', run_id) ? { run_id } : {}),
      ...(isChain(chain, run_id) ? { chain } : {}),
      ...(KINDS.includes(kind) ? { kind: kind as Spooled['kind'] } : {}),
    };
  } catch {
    return undefined;
  }
}

/** The events of one batch, and how many bytes of the spool they take. */
export interface Taken {
  events: Spooled[];
  bytes: number;
  /** Lines that were no events. */
  torn: number;
}

/**
 * Takes from the beginning of a spool what fits into one batch, heartbeats collapsed. A last line without its end is left:
 * it may just be being written.
 */
export function takeBatch(spool: Uint8Array): Taken {
  const events: Spooled[] = [];
  const beats = new Map<string, Beat>();
  const decoder = new TextDecoder();
  let [bytes, size, torn] = [0, 0, 0];
  for (let at = 0; at < spool.length; ) {
    const end = spool.indexOf(10, at);
    if (end < 0) break;
    const text = decoder.decode(spool.subarray(at, end));
    at = end + 1;
    const event = text.trim() === '' ? undefined : readSpooled(text);
    if (event) {
      const beat = event.event === 'heartbeat' ? beats.get(keyOf(event)) : undefined;
      const more = beat ? 0 : lineOf(event).length + 60;
      if (!beat && (events.length === MAX_EVENTS || size + more > MAX_BATCH)) break;
      size += more;
      if (beat) again(beat, event);
      else {
        events.push(event);
        if (event.event === 'heartbeat')
          beats.set(keyOf(event), { row: event, first: event.ts, last: event.ts, count: 1 });
      }
    } else if (text.trim() !== '') torn++;
    bytes = at;
  }
  for (const { row, first, last, count } of beats.values())
    if (count > 1) Object.assign(row, { ts: first, data: { first, last, count } });
  return { events, bytes, torn };
}

interface Beat {
  row: Spooled;
  first: string;
  last: string;
  count: number;
}

const keyOf = ({ agent, run_id, task_id, source }: EventRow): string =>
  JSON.stringify([agent, run_id, task_id, source]);

/** What the last of them says is what is kept. */
function again(beat: Beat, { ts, summary }: EventRow): void {
  beat.count++;
  if (ts < beat.first) beat.first = ts;
  if (ts < beat.last) return;
  beat.last = ts;
  beat.row.summary = summary;
}
