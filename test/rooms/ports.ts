import { entryId } from '../../src/kernel/entry.ts';
import type { RecordDef } from '../../src/kernel/record.ts';
import { historyPort, type RecentEntry, recentPort } from '../../src/rooms/logbook/ports.ts';
import { type Table, tables } from '../../src/rooms/rows.ts';
import { activeTask, claims, type TaskRow, taskIndex } from '../../src/rooms/tasks/ports.ts';
import type { TestOffice } from './office.ts';

/** Ids of all records of a kind with a top folder of its own. */
async function idsOf(office: TestOffice, def: RecordDef<unknown>): Promise<string[]> {
  const { view } = office;
  if (def.letter === '') return view.ids(def);
  const found: string[] = [];
  for (const a of await view.reader.list(def.room))
    for (const b of await view.reader.list(`${def.room}/${a}`)) found.push(...(await view.matching(def, a + b)));
  return found;
}

/** The ports of the derived views over a test office: what they would answer, without files and without git. */
export function viewPorts(office: TestOffice, ready: Partial<TaskRow>[] = []) {
  const newest = (): RecentEntry[] =>
    [...office.entries].reverse().map(intent => {
      const { task_id, handoff_id, status, title } = intent.input as Record<string, string>;
      const told = Object.entries({ task_id, handoff_id, status, title }).filter(([, value]) => value !== undefined);
      const { actor, op, at } = intent;
      return { entry: entryId(intent), actor, run: intent.run[0]!, op, at, ...Object.fromEntries(told) };
    });
  return {
    [tables.name]: {
      // biome-ignore lint/suspicious/noExplicitAny: a table of any kind
      async rows(table: Table<any, any>) {
        const rows: object[] = [];
        for (const id of (await idsOf(office, table.def)).sort()) {
          const row = table.row((await office.view.get(table.def, id)) as never, id);
          if (row) rows.push({ ...row, id });
        }
        return rows;
      },
    },
    [recentPort.name]: {
      newest: newest(),
      since(entry: string) {
        const rows = newest();
        const at = rows.findIndex(row => row.entry === entry);
        return { entries: at < 0 ? rows : rows.slice(0, at), more: at < 0 };
      },
    },
    [historyPort.name]: { entries: async () => ({ rows: [], total: office.entries.length }) },
    [taskIndex.name]: {
      counts: async () => ({
        open: ready.length,
        in_progress: 0,
        blocked: 0,
        in_review: 0,
        done: 0,
        cancelled: 0,
        ready: ready.length,
        unassigned_ready: ready.length,
        all: ready.length,
      }),
      query: async () => ({ rows: [], total: 0 }),
      async *claimable() {
        yield* ready;
      },
    },
    [activeTask.name]: { id: async () => undefined },
    [claims.name]: {
      held: async () => [...office.claims].map(([id, { lease_until }]) => ({ id, lease_until })),
      renew: async () => ({ lease_until: '' }),
    },
  };
}
