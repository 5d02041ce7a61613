import type { Write } from '../../exchange/writing.ts';
import { FUTURE_MS } from '../../kernel/hold.ts';
import { isId, prefixBody } from '../../kernel/ids.ts';
import type { Who } from '../../kernel/operation.ts';
import { redactInput } from '../../kernel/redact/input.ts';
import { epochMs, instant } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { type Spooled, takeBatch } from '../../rooms/events/batch.ts';
import { land } from '../../rooms/events/land.ts';
import { batchId, batchRecord, type EventRow, isSameStart, rowSchema } from '../../rooms/events/record.ts';
import { taskRecord } from '../../rooms/tasks/record.ts';
import { SpoolFolder } from '../../store/git/spool.ts';

/** Batches that one sync lands: what is left then lands with the next. */
const MAX_BATCHES = 20;

/** What landing needs of the office. */
export interface Lander {
  who: Who;
  view(): Promise<View>;
  /** Writes an entry here, and sends nothing. */
  write(who: Who): Write;
  now: number;
}

/**
 * How far a spool file has landed, in bytes. The note of it may be lost, since the book knows it; a batch of other lines
 * in its place (of a copied clone, or forged) says nothing about these.
 */
export async function landedIn(view: View, folder: SpoolFolder, name: string): Promise<number> {
  for (let from = folder.landed(name); ; ) {
    const known = await view.get(batchRecord, batchId({ spool: name, from }));
    if (!known) return from;
    const rest = folder.rest(name, from);
    const { events } = takeBatch(rest.subarray(0, known.to - from));
    if (known.to - from > rest.length || !isSameStart(timely(events, epochMs(known.at)), known.events)) return from;
    from = known.to;
  }
}

/** A clock that was ahead is no reason to keep nothing: what it said is from when it landed, as far as anybody knows. */
const timely = <E extends EventRow>(events: readonly E[], now: number): E[] =>
  events.map(event => (epochMs(event.ts) > now + FUTURE_MS ? { ...event, ts: instant(now) } : event));

/** Lands what waits in these folders in the local book. @returns how many events */
export async function landSpool(lander: Lander, folders: readonly string[]): Promise<number> {
  let [landed, batches] = [0, 0];
  for (const folder of folders.map(path => new SpoolFolder(path))) {
    for (const name of folder.names()) {
      let from = await landedIn(await lander.view(), folder, name);
      for (; batches < MAX_BATCHES; batches++) {
        const { events, bytes } = takeBatch(folder.rest(name, from));
        if (bytes === 0) break;
        // Where nothing but torn lines stood there is nothing to land.
        const to =
          events.length === 0 ? from + bytes : await landOne(lander, events, { spool: name, from, to: from + bytes });
        landed += events.length;
        from = to;
      }
      folder.setLanded(name, from, lander.now);
    }
  }
  return landed;
}

async function landOne(
  lander: Lander,
  spooled: readonly Spooled[],
  taken: { spool: string; from: number; to: number },
): Promise<number> {
  // Who spooled and syncs writes the entry under the run that said it: a sync has none of its own.
  const own = spooled.findLast(({ agent }) => agent === lander.who.actor);
  const who = {
    ...lander.who,
    ...(own?.kind ? { kind: own.kind } : {}),
    ...(own?.run_id ? { run: own.chain ?? [own.run_id] } : {}),
  };
  const view = await lander.view();
  const events: EventRow[] = [];
  for (const { kind: _kind, chain: _chain, ...event } of timely(spooled, lander.now)) {
    // Anything may stand in a file: what a secret looks like does not reach the book from there either.
    try {
      events.push(await named(view, redactInput(rowSchema() as never, event as EventRow).input as EventRow));
    } catch {
      // an agent that is called like a secret
    }
  }
  if (events.length === 0) return taken.to;
  const input = { ...taken, events };
  // Anything may stand in a spool: a run that a law refuses is no reason to keep what was said.
  const answer = await lander
    .write(who)(land as never, input)
    .catch(error => {
      if (!own?.run_id) throw error;
      return lander.write(lander.who)(land as never, input);
    });
  const { to } = answer as { to?: unknown };
  return typeof to === 'number' ? Math.min(to, taken.to) : taken.to;
}

/** The event with the whole id of its task; what names no task here says so as it was said. */
async function named(view: View, event: EventRow): Promise<EventRow> {
  const { task_id } = event;
  if (task_id === undefined || isId(taskRecord.letter, task_id)) return event;
  const body = prefixBody(taskRecord.letter, task_id);
  const ids = body === undefined ? [] : await view.matching(taskRecord, body);
  return ids.length === 1 ? { ...event, task_id: ids[0]! } : event;
}
