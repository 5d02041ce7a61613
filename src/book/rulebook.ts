import type { Intent } from '../kernel/entry.ts';
import type { Change, Law } from '../kernel/law.ts';
import type { Operation, WriteOperation } from '../kernel/operation.ts';
import type { RecordDef } from '../kernel/record.ts';
import type { FileChange, Reader } from '../kernel/view.ts';

/** Everything the rooms define, indexed: the one object that says what can be written and what is lawful. */
export class Rulebook {
  readonly laws: readonly Law[];
  readonly records: readonly RecordDef<unknown>[];
  readonly #writes = new Map<string, WriteOperation<never>>();
  readonly #byKind = new Map<string, RecordDef<unknown>>();
  readonly #byRoom = new Map<string, RecordDef<unknown>[]>();

  constructor(parts: {
    records: readonly RecordDef<unknown>[];
    laws: readonly Law[];
    operations: readonly Operation[];
  }) {
    this.laws = parts.laws;
    this.records = parts.records;
    for (const operation of parts.operations) {
      if (operation.kind === 'write') this.#writes.set(operation.name, operation);
    }
    for (const def of parts.records) {
      this.#byKind.set(def.kind, def);
      const room = topRoom(def);
      this.#byRoom.set(room, [...(this.#byRoom.get(room) ?? []), def]);
    }
  }

  write(op: string): WriteOperation<never> | undefined {
    return this.#writes.get(op);
  }

  kind(kind: string): RecordDef<unknown> | undefined {
    return this.#byKind.get(kind);
  }

  /** The record kind and id behind a path of the tree, undefined when no kind lives there. */
  locate(path: string): { def: RecordDef<unknown>; id: string; parent?: string } | undefined {
    const cut = path.indexOf('/');
    for (const def of this.#byRoom.get(cut < 0 ? '' : path.slice(0, cut)) ?? []) {
      const at = def.at(path);
      if (at) return { def, ...at };
    }
    return undefined;
  }

  /** The record an intent acts on, if its operation names one. */
  target(intent: Intent): { def: RecordDef<unknown>; id: string } | undefined {
    const operation = this.#writes.get(intent.op);
    if (!operation?.target) return undefined;
    return operation.target(intent.input as never) as { def: RecordDef<unknown>; id: string } | undefined;
  }

  /**
   * What the files of a transition change, record by record. Paths of no kind come back under `strange`; files that
   * do not change a byte are left out.
   */
  async changes(
    files: Iterable<FileChange>,
    before: Reader,
  ): Promise<{ changes: Change[]; strange: string[]; unreadable: string[] }> {
    const changes: Change[] = [];
    const strange: string[] = [];
    const unreadable: string[] = [];
    for (const { path, text } of files) {
      const was = await before.read(path);
      if ((text ?? undefined) === was) continue;
      const place = this.locate(path);
      if (!place) {
        strange.push(path);
        continue;
      }
      const change: Change = { ...place, path };
      try {
        if (was !== undefined) change.before = JSON.parse(was);
        if (text !== null) change.after = JSON.parse(text);
      } catch {
        unreadable.push(path);
        continue;
      }
      changes.push(change);
    }
    return { changes, strange, unreadable };
  }
}

function topRoom(def: RecordDef<unknown>): string {
  return def.owner ? topRoom(def.owner) : def.room;
}
