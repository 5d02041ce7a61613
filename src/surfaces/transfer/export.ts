import { closeSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { genesisOid } from '../../book/genesis.ts';
import { leafOf, type RefNames } from '../../book/refs.ts';
import type { Clone } from '../../exchange/clone.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { runGit } from '../../store/git/index.ts';
import { MAX_HEAD, readHead } from '../../store/git/transfer/bundle.ts';
import { writeBundle } from '../../store/git/transfer/outgoing.ts';
import type { Oid } from '../../store/port.ts';
import { quoted, type TransferSite, transferPort } from './port.ts';

const MEGABYTE = 1 << 20;

/** Book and live claims in one git bundle; what only this clone knows (drafts, parked entries, its desk) is no part of it. */
export async function exportLedger(context: Context, input: { file: string }): Promise<{ [key: string]: unknown }> {
  const site = await context.use(transferPort);
  const clone = await site.clone();
  const tip = await clone.book.tip();
  const file = resolve(input.file);
  await mayReplace(file, clone.names);
  await needWhole(site, clone, tip.book);
  const claims = await claimRefs(clone);
  const run = {
    cwd: site.location.commonDir,
    gitDir: site.location.commonDir,
    env: site.env,
    objectFormat: site.location.objectFormat,
    signal: context.signal,
  };
  const bytes = await writeBundle(run, new Map([[clone.names.book, tip.book], ...claims]), file, size =>
    context.progress?.(Math.floor(size / MEGABYTE), undefined, 'megabytes written:'),
  );
  const [commit] = await clone.store.readCommits([tip.book]);
  const parked = (await clone.store.refs(clone.names.parkedPrefix)).size;
  return {
    file: input.file,
    bytes,
    ledger: clone.names.ledger,
    entries: (await countOf(site, tip.book)) - 1,
    tip: tip.book,
    tree: commit!.tree,
    claims: claims.size,
    ...(parked > 0 || tip.draft !== null ? { left_out: { parked, provisional: tip.draft !== null } } : {}),
    hints: { next: `ledgenter import ${quoted(input.file)} --dry-run` },
  };
}

/** Claim refs as they are where this repository decides, else as they were last seen; by their shared names. */
async function claimRefs({ self, names, store }: Clone): Promise<Map<string, Oid>> {
  const prefix = self ? names.claims : names.knownPrefix;
  const out = new Map<string, Oid>();
  for (const [ref, oid] of await store.refs(prefix)) {
    const id = leafOf(prefix, ref);
    if (id !== undefined) out.set(names.claim(id), oid);
  }
  return out;
}

/** @throws LedgerError BAD_LEDGER where the beginning of the history is not here (a shallow clone) */
async function needWhole({ location }: TransferSite, clone: Clone, tip: Oid): Promise<void> {
  const args = ['rev-list', '--first-parent', '--max-parents=0', tip, '--'];
  const run = await runGit(args, { cwd: location.commonDir, gitDir: location.commonDir });
  if (run.stdout.toString('latin1').trim() === genesisOid(clone.names.ledger, clone.store.objectFormat)) return;
  throw new LedgerError('BAD_LEDGER', 'the history of the book is cut off here: nothing was exported', {
    hint: 'git fetch --unshallow <remote>',
  });
}

async function countOf({ location }: TransferSite, tip: Oid): Promise<number> {
  const args = ['rev-list', '--count', '--first-parent', tip, '--'];
  const run = await runGit(args, { cwd: location.commonDir, gitDir: location.commonDir });
  return Number(run.stdout.toString('latin1'));
}

/** An older export of the same ledger is replaced, and no other file. @throws LedgerError REFUSED */
async function mayReplace(file: string, names: RefNames): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  const folder = found ?? (await stat(dirname(file)).catch(() => undefined));
  if (!found && !folder?.isDirectory())
    throw new LedgerError('NOT_FOUND', 'the folder of that file is not there', { hint: 'ledgenter export <file>' });
  if (found === undefined || (found.isFile() && found.size === 0)) return;
  if (found.isFile()) {
    const start = Buffer.alloc(Math.min(found.size, MAX_HEAD));
    const handle = openSync(file, 'r');
    try {
      readSync(handle, start, 0, start.length, 0);
      if (readHead(start).refs.has(names.book)) return;
    } catch {
      // something else: told below
    } finally {
      closeSync(handle);
    }
  }
  throw new LedgerError('REFUSED', 'there is something else by that name, which no export replaces', {
    hint: 'ledgenter export <another file>',
  });
}
