import { enact } from '../../src/book/enact.ts';
import { Rulebook } from '../../src/book/rulebook.ts';
import type { Intent } from '../../src/kernel/entry.ts';
import type { Context } from '../../src/kernel/operation.ts';
import type { RecordDef } from '../../src/kernel/record.ts';
import { Overlay, View } from '../../src/kernel/view.ts';
import type { SourceFiles } from '../../src/rooms/importing/common/files.ts';
import type { ImportEntry } from '../../src/rooms/importing/index.ts';
import { LAWS, OPERATIONS, RECORDS } from '../../src/rooms/index.ts';
import { genesisFiles } from '../../src/rooms/ledger/genesis.ts';
import { nothing } from '../../src/rooms/nothing.ts';
import { askedTaskId } from '../../src/rooms/tasks/asks.ts';
import { type Note, noteRecord, type Task, taskRecord } from '../../src/rooms/tasks/record.ts';
import { readDirectory } from '../../src/surfaces/importing/directory.ts';

const rulebook = new Rulebook({ records: RECORDS, laws: LAWS, operations: OPERATIONS });
const AT = '2026-06-01T09:00:00.000Z';

/** A ledger in memory that takes import entries under all laws. */
export class Ledger {
  readonly state = new Overlay(nothing, genesisFiles('main'));
  readonly refused: { ref: string; reason: string }[] = [];
  written = 0;
  same = 0;
  readonly #operation: string;
  readonly #written = new Map<string, string>();
  #n = 0;

  constructor(operation = 'import.beads') {
    this.#operation = operation;
  }

  async take(entries: readonly ImportEntry[]): Promise<this> {
    for (const input of entries) {
      const n = ++this.#n;
      const intent: Intent = {
        op: this.#operation,
        ledger: 'main',
        format: 1,
        actor: 'importer',
        kind: 'human',
        run: ['r-0000000000'],
        at: AT,
        nonce: `n${n}`,
        input: JSON.parse(JSON.stringify(input)),
      };
      const outcome = await enact(rulebook, this.state, intent, { writer: 'w', n, landed: AT });
      if (outcome.kind === 'refused') {
        this.refused.push({
          ref: input.tasks[0]?.ref ?? input.pages?.[0]?.ref ?? 'more',
          reason: outcome.error.message,
        });
      } else if (outcome.kind === 'same') this.same++;
      else {
        this.written++;
        this.state.apply(outcome.files);
        for (const { path, text } of outcome.files) this.#written.set(path, text ?? '');
      }
    }
    return this;
  }

  task(ref: string): Promise<Task | undefined> {
    return new View(this.state).get(taskRecord, askedTaskId(ref));
  }

  /** Every record of a kind that entries wrote, as it is now. */
  records<R>(def: RecordDef<R>): R[] {
    return [...this.#written].filter(([path]) => def.at(path) !== undefined).map(([, text]) => JSON.parse(text) as R);
  }

  async notes(ref: string): Promise<Note[]> {
    const all = await new View(this.state).all(noteRecord, askedTaskId(ref));
    return all.map(({ record }) => record);
  }
}

/** Lines of an export from issues. */
export const jsonl = (...issues: object[]): string[] => issues.map(issue => JSON.stringify(issue));

/** An issue with the fields that every export has. */
export const issue = (id: string, more: object = {}): Record<string, unknown> => ({
  id,
  title: `Issue ${id}`,
  status: 'open',
  priority: 2,
  issue_type: 'task',
  created_at: '2026-01-05T10:00:00+02:00',
  updated_at: '2026-01-06T10:00:00Z',
  created_by: 'marta',
  ...more,
});

export const ties = (id: string, ...pairs: [type: string, target: string][]): object => ({
  dependencies: pairs.map(([type, target]) => ({ issue_id: id, depends_on_id: target, type })),
});

export const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, one) => total + one, 0);

/** Every file below a folder, as an import reads it. */
export const filesOf = (folder: string): Promise<SourceFiles> => readDirectory(folder, {} as Context);

/** Reasons of a report, with how often each was told. */
export const reasons = ({ why }: { why: { code: string; count: number }[] }): Record<string, number> =>
  Object.fromEntries(why.map(({ code, count }) => [code, count]));
