import type { Begin } from '../../kernel/entry.ts';
import type { By } from '../../kernel/operation.ts';
import { epochMs } from '../../kernel/time.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { isAbandoned, lastOf, type Run, runRecord, TOUCH_MS } from './record.ts';

/**
 * What an entry does to runs beside its own business: it enters its run, keeps it alive, opens it again when it had
 * ended, and closes those that were left open. `view` is the state before; a run that `files` writes is left to it.
 */
export async function enterRun(view: View, by: By, files: readonly FileChange[] = []): Promise<FileChange[]> {
  const [id, parent] = by.run;
  const out: FileChange[] = [];
  if (!files.some(({ path }) => path === runRecord.path(id!))) {
    const before = await view.get(runRecord, id!);
    const after = before ? kept(before, by) : begun(by, parent);
    if (after !== before) out.push(runRecord.put(id!, after));
  }
  for (const other of new Set(by.intent.begin?.closes ?? [])) {
    if (by.run.includes(other)) continue;
    const run = await view.get(runRecord, other);
    // Decided again on another tip: it may have written since, or somebody else has closed it.
    if (run && isAbandoned(run, epochMs(by.at))) out.push(runRecord.put(other, closed(run)));
  }
  return out;
}

/** Op of the entries that land agent events, under the run that said them. */
const LANDING = 'event.land';

/** A run as its first entry enters it. */
export function begun({ actor, at, intent: { begin } }: By, parent: string | undefined): Run {
  return { actor, ...(parent === undefined ? {} : { parent }), started_at: at, ...circumstances(begin) };
}

/** The part of `begin` that the record keeps. */
function circumstances(begin: Begin | undefined): Partial<Run> {
  if (!begin) return {};
  const { closes: _others, ...rest } = begin;
  return rest;
}

/** The run after a write of its own; itself when nothing changes. */
export function kept(before: Run, { at, intent: { op, begin } }: By): Run {
  // What a run said lands with a later sync: that is nothing it did after its end.
  if (op === LANDING && before.ended_at !== undefined) return before;
  const reopens = before.ended_at !== undefined && before.ended_at < at;
  const late = epochMs(at) > epochMs(lastOf(before)) + TOUCH_MS;
  // A run may be in the book without its circumstances: its first entry was made where nobody asked for them.
  const learns = before.kind === undefined && begin !== undefined;
  if (!reopens && !late && !learns) return before;
  const { ended_at, abandoned, ...open } = before;
  return {
    ...(reopens ? open : before),
    ...(learns ? circumstances(begin) : {}),
    ...(late || reopens ? { last_at: at } : {}),
  };
}

/** Closed where it was last seen. */
export function closed(run: Run): Run {
  return { ...run, ended_at: lastOf(run), abandoned: true };
}
