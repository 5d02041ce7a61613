import type { Further } from '../book/verify.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import { LedgerError } from '../kernel/errors.ts';
import { ADOPTION } from '../kernel/law.ts';
import type { FileChange, View } from '../kernel/view.ts';
import { forkInput, peopleOf } from '../rooms/ledger/fork.ts';
import { ledgerRecord } from '../rooms/ledger/record.ts';
import { type Adoption, adoption, digestOf, folderOf, isInside, MAX_BROUGHT } from '../rooms/tasks/adopted.ts';
import { blobId, blobRecord } from '../rooms/tasks/blob.ts';
import { askedOf } from '../rooms/tasks/gates.ts';
import { attachmentRecord, taskRecord } from '../rooms/tasks/record.ts';
import type { Oid } from '../store/port.ts';
import type { Ledgers } from './ledgers.ts';

/**
 * A task of a ledger as an entry of another brings it, with the bytes that travel beside.
 * @throws LedgerError TOO_LARGE for a task with more records than one entry brings
 */
export async function adoptionAt(
  from: string,
  view: View,
  tip: Oid,
  id: string,
): Promise<Adoption & { contents: FileChange[] }> {
  const folder = folderOf(id);
  const files = await filesIn(view, folder, '');
  const contents = files.map(({ path, text }) => ({ path: `${folder}/${path}`, text }));
  for (const { path, text } of [...contents]) {
    if (attachmentRecord.at(path) === undefined) continue;
    const { url, sha256 } = JSON.parse(text) as { url?: string; sha256: string };
    const blob = blobRecord.path(blobId(sha256));
    const bytes = url === undefined ? await view.reader.read(blob) : undefined;
    if (bytes !== undefined) contents.push({ path: blob, text: bytes });
  }
  return { ...(await saidAt(from, view, tip, id, files)), contents };
}

/** Gates that a task can ask of itself. */
const ASKED = ['requires_evidence', 'resolution_required', 'plan_required', 'validation_required'] as const;

interface File {
  path: string;
  text: string;
}

async function saidAt(from: string, view: View, tip: Oid, id: string, files: readonly File[]): Promise<Adoption> {
  const { hold: _claim, ...task } = (await view.get(taskRecord, id))!;
  const gates = await askedOf(view, task);
  const asked = Object.fromEntries(ASKED.filter(name => gates[name]).map(name => [name, true as const]));
  return {
    task_id: id,
    from,
    tip,
    task,
    ...(Object.keys(asked).length > 0 ? { asked } : {}),
    records: files.map(({ path }) => path),
    sha256: digestOf(files),
  };
}

/** Every file below the folder of a task but its own record, sorted by path. */
async function filesIn(view: View, folder: string, inside: string): Promise<File[]> {
  const found: File[] = [];
  for (const name of await view.reader.list(inside === '' ? folder : `${folder}/${inside}`)) {
    const path = inside === '' ? name : `${inside}/${name}`;
    if (path === taskRecord.file) continue;
    if (!name.endsWith('.json')) found.push(...(await filesIn(view, folder, path)));
    else if (isInside(path)) found.push({ path, text: (await view.reader.read(`${folder}/${path}`)) ?? '' });
    if (found.length > MAX_BROUGHT)
      throw new LedgerError('TOO_LARGE', `the task has more than ${MAX_BROUGHT} records`, {
        hint: 'link to it instead: it stays in its own ledger',
      });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What an entry says of another ledger, beside what that ledger says. */
export interface Origins {
  /** Judges one lawful entry; findings of `origin.*` for what the other ledger says otherwise. */
  further: Further;
  /** Entries whose other ledger, or the commit of it that they name, is not here. */
  unchecked: string[];
  checked: number;
}

/**
 * Looks whether adoptions and forks say what the ledgers that they name say at that place. No law can: it sees one ledger.
 * A commit that is in no book here proves nothing either way, for what waited may have been laid anew.
 */
export function origins(ledgers: Ledgers): Origins {
  const out: Origins = {
    unchecked: [],
    checked: 0,
    async further({ id, intent }) {
      if (intent.op !== ADOPTION && intent.op !== 'ledger.fork') return undefined;
      const { from, tip } = intent.input as { from: string; tip: string };
      const view = await stateAt(ledgers, from, tip);
      if (!view) {
        out.unchecked.push(id);
        return undefined;
      }
      out.checked++;
      const same =
        intent.op === ADOPTION ? await sameTask(from, view, tip, intent.input) : await sameRules(view, intent.input);
      if (same) return undefined;
      const what = intent.op === ADOPTION ? String(intent.input.task_id) : 'its settings and people';
      return {
        law: `origin.${intent.op === ADOPTION ? 'task' : 'fork'}`,
        message: `${from} at ${tip.slice(0, 12)} says otherwise of ${what}`,
      };
    },
  };
  return out;
}

/** The state of another ledger at one commit of its book; undefined where that is not here. */
async function stateAt(ledgers: Ledgers, from: string, tip: Oid): Promise<View | undefined> {
  if (!(await ledgers.names()).includes(from)) return undefined;
  const { book, store } = await ledgers.open(from);
  const [commit] = await store.readCommits([tip]);
  if (!commit || (await store.mergeBase(tip, (await book.tip()).book)) !== tip) return undefined;
  return book.view(tip);
}

async function sameTask(from: string, view: View, tip: Oid, input: unknown): Promise<boolean> {
  const read = adoption().safeParse(input);
  if (!read.success || !(await view.get(taskRecord, read.data.task_id))) return false;
  const { task_id } = read.data;
  const said = await saidAt(from, view, tip, task_id, await filesIn(view, folderOf(task_id), ''));
  return canonicalJson(said) === canonicalJson(read.data);
}

async function sameRules(view: View, input: unknown): Promise<boolean> {
  const read = forkInput().safeParse(input);
  if (!read.success) return false;
  const { policies = {} } = (await view.get(ledgerRecord, 'ledger')) ?? {};
  const told = [read.data.policies ?? {}, read.data.actors];
  return canonicalJson(told) === canonicalJson([policies, await peopleOf(view)]);
}
