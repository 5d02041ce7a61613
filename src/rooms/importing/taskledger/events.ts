import { type Fields, isMap, textOf, timeOf } from '../common/fields.ts';
import { NOBODY, personOf } from '../common/people.ts';
import type { DirectoryReport, Tally } from '../common/report.ts';
import type { ImportedNote } from '../entry.ts';
import type { Workspace } from './read.ts';
import { compact, personIn } from './render.ts';

/** Events of one note: whole blocks stay as they are when a log grows, so that a later import adds only the last. */
const BLOCK = 50;

interface Event {
  line: string;
  by: string;
  at: string | undefined;
  name: string | undefined;
}

/** What the event logs say, by the task (`<ledger>/<task>`) that each event is about. */
export class Events {
  readonly #byTask = new Map<string, Event[]>();

  constructor({ events }: Workspace, tally: Tally<DirectoryReport>) {
    for (const { body, path, ledger } of events) {
      for (const [index, text] of body.split('\n').entries()) {
        if (text.trim() === '') continue;
        const fields = parsed(text);
        const task = fields && textOf(fields, 'task_id');
        if (task === undefined) tally.tell('bad_event', { file: path, line: index + 1 });
        const key = `${ledger}/${task ?? ''}`;
        const there = this.#byTask.get(key) ?? [];
        this.#byTask.set(key, there);
        there.push(eventOf(text, fields));
      }
    }
  }

  /** Who made a task. */
  maker(id: string): string | undefined {
    return this.#byTask.get(id)?.find(event => event.name === 'task.created' || event.name === 'task.recorded')?.by;
  }

  /** Events of a task as notes. */
  notes(id: string): ImportedNote[] {
    const events = this.#byTask.get(id) ?? [];
    const out: ImportedNote[] = [];
    for (let start = 0; start < events.length; start += BLOCK) {
      const block = events.slice(start, start + BLOCK);
      const at = block.findLast(event => event.at !== undefined)?.at ?? '1970-01-01T00:00:00.000Z';
      const lines = block.map(({ line }) => line);
      out.push({ kind: 'note', text: `Events in taskledger:\n${lines.join('\n')}`, by: block[0]!.by, at });
    }
    return out;
  }

  /** Texts of events that no known task has, by what they name. */
  *others(known: (id: string) => boolean): Iterable<{ id: string; text: string }> {
    for (const [id, events] of this.#byTask) {
      if (!known(id)) yield { id, text: events.map(({ line }) => line).join('\n') };
    }
  }
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function eventOf(text: string, fields: Fields | undefined): Event {
  if (!fields) return { line: `- ${text.trim()}`, by: NOBODY, at: undefined, name: undefined };
  const { ts, event, actor, harness, data, event_id, task_id: _task, ...rest } = fields;
  const more = Object.entries(rest).filter(([name]) => !/^(?:schema_version|object_type|file_version)$/.test(name));
  const parts = [
    `- ${String(ts)} ${String(event)}`,
    `by ${String(compact(actor))}`,
    ...(harness ? [`in ${String(compact(harness))}`] : []),
    ...(isMap(data) && Object.keys(data).length > 0 ? [JSON.stringify(compact(data))] : []),
    ...(more.length > 0 ? [JSON.stringify(Object.fromEntries(more))] : []),
    ...(event_id ? [`(${String(event_id)})`] : []),
  ];
  const by = personOf(personIn(fields, ['actor'])) ?? NOBODY;
  return { line: parts.join(' '), by, at: timeOf(ts), name: textOf(fields, 'event') };
}
