import { Book } from '../../src/book/book.ts';
import { Rulebook } from '../../src/book/rulebook.ts';
import { FORMAT, type Intent } from '../../src/kernel/entry.ts';
import { recordId } from '../../src/kernel/ids.ts';
import type { Law } from '../../src/kernel/law.ts';
import { instant } from '../../src/kernel/time.ts';
import { LAWS, OPERATIONS, RECORDS } from '../../src/rooms/index.ts';
import { MemoryDesk, MemoryStore, type ObjectPool } from '../../src/store/memory/index.ts';
import type { Oid } from '../../src/store/port.ts';

export const LEDGER = 'main';
/** When every world begins. */
export const EPOCH = Date.parse('2026-01-01T00:00:00.000Z');

/** The office's rulebook; `laws` are others where a rule is switched off. */
export function rulebookWith(laws: readonly Law[] = LAWS): Rulebook {
  return new Rulebook({ records: RECORDS, laws, operations: OPERATIONS });
}

export const RULEBOOK = rulebookWith();

/** What every clone starts from: an initialised ledger with two tasks, and questions to everybody. */
export interface Ground {
  pool: ObjectPool;
  tip: Oid;
  tasks: string[];
  questions: string[];
}

export const runId = (n: number): string => recordId('r', 'model', String(n));

let ground: Promise<Ground> | undefined;

export function theGround(): Promise<Ground> {
  ground ??= lay();
  return ground;
}

async function lay(): Promise<Ground> {
  const store = new MemoryStore();
  const now = (): number => EPOCH - 3_600_000;
  const book = new Book({
    store,
    desk: new MemoryDesk({ writer: 'founder', now }),
    rulebook: RULEBOOK,
    ledger: LEDGER,
    now,
    sleep: async () => {},
    random: () => 0,
  });
  await book.found();
  const intent = (op: string, input: Intent['input'], nonce: string): Intent => ({
    op,
    ledger: LEDGER,
    format: FORMAT,
    actor: 'boss',
    kind: 'human',
    run: [runId(0)],
    at: instant(now()),
    nonce,
    input,
  });
  await book.transact(intent('ledger.init', { namespace: 'refs/ledgenter', authority: 'git.example/team/repo' }, 'n0'));
  const tasks: string[] = [];
  for (const title of ['a', 'b']) {
    const made = await book.transact(intent('task.create', { title }, `n-${title}`));
    if (made.kind === 'written') tasks.push(String(made.enacted.result.task_id));
  }
  const questions: string[] = [];
  for (const title of ['q', 'r', 's']) {
    const asked = { to: ['member'], kind: 'question', title };
    const made = await book.transact(intent('handoff.create', asked, `n-${title}`));
    if (made.kind === 'written') questions.push(String(made.enacted.result.handoff_id));
  }
  return { pool: store.pool, tip: (await book.tip()).at, tasks, questions };
}
