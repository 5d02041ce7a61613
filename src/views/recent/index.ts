import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isEntry, parseEntry } from '../../book/entry.ts';
import { runOf } from '../../kernel/entry.ts';
import type { Recent, RecentEntry } from '../../rooms/logbook/ports.ts';
import type { Commit, Oid, Store } from '../../store/port.ts';
import { checkText } from '../check.ts';
import { writeWhole } from '../files.ts';

const FILE = 'recent-1.json';
/** Entries kept: what happened before them is told as "more". */
const KEEP = 200;
/** Commits looked at without a process of git: nearly always the known ones begin there. */
const NEAR = 32;

interface Kept {
  tip: Oid;
  /** Newest first, each with its commit. */
  rows: (RecentEntry & { oid: Oid })[];
}

/** The newest entries of one ledger, small enough to be read by every `whoami`; in a file that any process may replace. */
export class RecentEntries {
  readonly #store: Store;
  readonly #folder: string | undefined;
  #kept: Kept | undefined;

  constructor(store: Store, folder?: string) {
    this.#store = store;
    this.#folder = folder;
  }

  async at(tip: Oid): Promise<Recent> {
    const before = this.#kept ?? this.#load();
    const kept = before?.tip === tip ? before : await this.#moved(before, tip);
    this.#kept = kept;
    return {
      newest: kept.rows,
      since(entry) {
        const at = kept.rows.findIndex(row => row.entry === entry);
        return { entries: at < 0 ? kept.rows : kept.rows.slice(0, at), more: at < 0 };
      },
    };
  }

  async #moved(before: Kept | undefined, tip: Oid): Promise<Kept> {
    const known = new Map((before?.rows ?? []).map((row, index) => [row.oid, index]));
    let commits = await this.#store.newest(tip, NEAR);
    let at = commits.findIndex(({ oid }) => known.has(oid));
    if (at < 0 && commits.length === NEAR) {
      commits = await this.#store.newest(tip, KEEP);
      at = commits.findIndex(({ oid }) => known.has(oid));
    }
    const fresh = (at < 0 ? commits : commits.slice(0, at)).flatMap(rowOf);
    const old = at < 0 ? [] : before!.rows.slice(known.get(commits[at]!.oid)!);
    const kept = { tip, rows: [...fresh, ...old].slice(0, KEEP) };
    this.#keep(kept);
    return kept;
  }

  #load(): Kept | undefined {
    if (this.#folder === undefined) return undefined;
    try {
      const text = readFileSync(join(this.#folder, FILE), 'utf8');
      const body = text.slice(9);
      return text.slice(0, 9) === `${checkText(body)} ` ? (JSON.parse(body) as Kept) : undefined;
    } catch {
      return undefined; // missing or torn: read anew
    }
  }

  #keep(kept: Kept): void {
    if (this.#folder === undefined) return;
    const body = JSON.stringify(kept);
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeWhole(this.#folder, FILE, [Buffer.from(`${checkText(body)} ${body}`)]);
    } catch {
      // a folder that cannot be written leaves the answer as it is
    }
  }
}

/** Characters kept of a title. */
const TITLE = 80;

function rowOf(commit: Commit): Kept['rows'] {
  const entry = parseEntry(commit);
  if (!isEntry(entry)) return [];
  const { actor, op, at, input } = entry.intent;
  const word = (name: string): { [key: string]: string } => {
    const value = input[name];
    return typeof value === 'string' ? { [name]: value.slice(0, TITLE) } : {};
  };
  return [
    {
      oid: commit.oid,
      entry: entry.id,
      actor,
      run: runOf(entry.intent),
      op,
      at,
      ...word('task_id'),
      ...word('handoff_id'),
      ...word('status'),
      ...word('title'),
    },
  ];
}
