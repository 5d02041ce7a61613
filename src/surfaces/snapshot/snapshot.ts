import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isEntry } from '../../book/entry.ts';
import type { Rulebook } from '../../book/rulebook.ts';
import type { Clone } from '../../exchange/clone.ts';
import { clonePort } from '../../exchange/site.ts';
import { canonicalJson, type Json } from '../../kernel/canonical.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { faultOf } from '../../store/git/faults.ts';
import type { Oid } from '../../store/port.ts';
import { contentsOf, type Listed } from './contents.ts';
import { type PageRecord, pageOf } from './page.ts';
import { MANIFEST, Place, sha256 } from './place.ts';

/** Files read at once. */
const BATCH = 1_000;
/** What no person reads: look-ups, bytes, idempotency keys, runs. */
const UNSHOWN = new Set(['ask', 'blob', 'key', 'run', 'reserved', 'ledger']);

/** The state at the tip of the book as one Markdown file a record: built beside, then put in place at once. */
export async function snapshot(context: Context, input: { dir: string }): Promise<{ [key: string]: unknown }> {
  const clone = await context.use(clonePort);
  const tip = (await clone.book.tip()).book;
  const place = Place.take(resolve(input.dir));
  try {
    const files = new Map<string, string>();
    const listed: Listed[] = [];
    let bytes = 0;
    const write = (file: string, text: string): void => {
      const path = join(place.building, file);
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text, { flag: 'wx' });
      } catch (error) {
        throw faultOf('writing a page', error);
      }
      bytes += Buffer.byteLength(text);
      if (file !== MANIFEST) files.set(file, sha256(text));
    };
    for await (const { about, parts, done, total } of recordsOf(clone, tip)) {
      if (context.signal?.aborted) throw new LedgerError('CANCELLED', 'stopped; the folder is as it was');
      context.progress?.(done, total, 'records written:');
      const row = listedAs(clone.book.rulebook, about);
      write(row.file, pageOf(about, parts));
      listed.push(row);
    }
    write('README.md', contentsOf(await stateOf(clone, tip), listed));
    const named = Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
    write(MANIFEST, `${canonicalJson({ files: named, format: 1, ledger: clone.names.ledger, tip })}\n`);
    place.put();
    return { dir: input.dir, files: files.size, bytes, tip };
  } finally {
    place.drop();
  }
}

async function stateOf(clone: Clone, tip: Oid): Promise<{ ledger: string; tip: Oid; landed: string }> {
  const { entry } = await clone.book.entryAt(tip);
  return { ledger: clone.names.ledger, tip, landed: isEntry(entry) ? entry.stamp.landed : 'never' };
}

function listedAs(rulebook: Rulebook, { kind, id, record }: PageRecord): Listed {
  const text = (name: string): string | undefined =>
    typeof record[name] === 'string' ? (record[name] as string) : undefined;
  const status = text('status');
  return {
    kind,
    id,
    // Ids and keys are legal names on every file system, and rooms are ours.
    file: `${rulebook.kind(kind)!.room}/${id}.md`,
    title: text('title') ?? text('description') ?? text('name') ?? '',
    ...(status === undefined ? {} : { status }),
  };
}

/** Every record of the tip that has a page, with what lies in its folder; in the order of their paths. */
async function* recordsOf(
  clone: Clone,
  tip: Oid,
): AsyncGenerator<{ about: PageRecord; parts: PageRecord[]; done: number; total: number }> {
  const { rulebook } = clone.book;
  const found = (await clone.store.diff(null, tip)).flatMap(({ path, after }) => {
    const place = rulebook.locate(path);
    if (!place || after === null) return [];
    const { def, id, parent } = place;
    const top = def.owner ? { kind: def.owner.kind, id: parent! } : { kind: def.kind, id };
    return UNSHOWN.has(top.kind) ? [] : [{ kind: def.kind, id, oid: after, key: `${top.kind} ${top.id}`, top }];
  });
  // What belongs together stands together, the record before its parts, however the paths sort.
  found.sort((a, b) =>
    a.key === b.key ? Number(b.kind === b.top.kind) - Number(a.kind === a.top.kind) : a.key < b.key ? -1 : 1,
  );
  let about: PageRecord | undefined;
  let parts: PageRecord[] = [];
  let key = '';
  for (let at = 0; at < found.length; at += BATCH) {
    const some = found.slice(at, at + BATCH);
    const texts = await clone.store.readBlobs(some.map(({ oid }) => oid));
    for (const [index, one] of some.entries()) {
      const text = texts[index];
      if (text === undefined) throw new LedgerError('BAD_LEDGER', `${one.kind} ${one.id} cannot be read`);
      const read: PageRecord = { kind: one.kind, id: one.id, record: JSON.parse(text) as { [key: string]: Json } };
      if (one.key !== key) {
        if (about) yield { about, parts, done: at + index, total: found.length };
        [about, parts, key] = [read, [], one.key];
      } else parts.push(read);
    }
  }
  if (about) yield { about, parts, done: found.length, total: found.length };
}
