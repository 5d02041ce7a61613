import { rm } from 'node:fs/promises';
import { LandedIndex } from '../../book/landed.ts';
import type { Rebuilt } from '../../exchange/doctor/premises.ts';
import { codeTable } from '../../rooms/code/table.ts';
import { decisionTable } from '../../rooms/decisions/table.ts';
import { handoffTable } from '../../rooms/handoffs/table.ts';
import { RECORDS } from '../../rooms/index.ts';
import { knowledgeTable } from '../../rooms/knowledge/table.ts';
import { runTable } from '../../rooms/runs/ports.ts';
import type { Oid } from '../../store/port.ts';
import { Activity } from '../../views/activity/index.ts';
import { RecentEntries } from '../../views/recent/index.ts';
import { RowTables } from '../../views/rows/index.ts';
import { SearchIndexes } from '../../views/search/index.ts';
import { TaskIndexes } from '../../views/tasks/index.ts';
import { landedFile } from '../landed.ts';
import type { Seat } from '../seat.ts';

const TABLES = [codeTable, decisionTable, handoffTable, knowledgeTable, runTable];

/** Makes every derived file of the ledger anew, and counts what each holds against the tree and the history of the tip. */
export async function rebuildAll(
  seat: Seat,
  progress?: (done: number, total: number | undefined, what: string) => void,
): Promise<Rebuilt[]> {
  const { store, cacheFolder: folder, book } = seat;
  const tip = (await book.tip()).at;
  const kinds = await kindsAt(seat, tip);
  await rm(folder, { recursive: true, force: true });
  const tasks = new TaskIndexes(store, folder);
  const search = new SearchIndexes(store, RECORDS, folder);
  const tables = new RowTables(store, folder);
  const searched = RECORDS.filter(def => def.searched).reduce((sum, { kind }) => sum + (kinds.get(kind) ?? 0), 0);
  const steps: [view: string, make: () => Promise<Partial<Rebuilt>>][] = [
    [
      'entries',
      async () => ({
        count: (await new LandedIndex(store, landedFile(folder)).at(tip)).added,
        book: await entriesAt(),
      }),
    ],
    [
      'tasks',
      async () => ({
        count: (await (await tasks.at(tip)).query({ all: true }, { limit: 1, now: seat.now() })).total,
        book: kinds.get('task') ?? 0,
      }),
    ],
    ...TABLES.map((table): [string, () => Promise<Partial<Rebuilt>>] => [
      `${table.def.kind} rows`,
      // biome-ignore lint/suspicious/noExplicitAny: tables of every record type stand side by side
      async () => ({ count: (await tables.at(tip).rows(table as any)).length }),
    ]),
    [
      'search',
      async () => {
        await search.at(tip, progress).search({ text: 'anything', limit: 1 });
        return { count: searched };
      },
    ],
    [
      'logbook',
      async () => {
        const activity = new Activity({
          store,
          records: RECORDS,
          folder,
          tasksOf: (key, at) => tasks.tasksOf(key, at),
        });
        return { count: (await (await activity.at(tip)).entries({}, { limit: 1 })).total, book: await entriesAt() };
      },
    ],
    ['newest entries', async () => ({ count: (await new RecentEntries(store, folder).at(tip)).newest.length })],
  ];
  let entries: number | undefined;
  async function entriesAt(): Promise<number> {
    entries ??= await countEntries(seat, tip);
    return entries;
  }
  const out: Rebuilt[] = [];
  for (const [index, [view, make]] of steps.entries()) {
    progress?.(index, steps.length, `rebuilding ${view}:`);
    const from = Date.now();
    const { count = 0, book: said } = await make();
    out.push({ view, count, ms: Date.now() - from, ...(said === undefined ? {} : { book: said }) });
  }
  return out;
}

async function countEntries({ store }: Seat, tip: Oid): Promise<number> {
  let count = -1; // the genesis is none
  for await (const { commits } of store.logChunks(tip, null, 5_000)) count += commits.length;
  return count;
}

/** Records of the tip by kind. */
async function kindsAt({ store, book }: Seat, tip: Oid): Promise<Map<string, number>> {
  const kinds = new Map<string, number>();
  for (const { path } of await store.diff(null, tip)) {
    const kind = book.rulebook.locate(path)?.def.kind;
    if (kind !== undefined) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}
