import * as z from 'zod/mini';
import { EXIT, LedgerError } from '../../kernel/errors.ts';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { instant } from '../../kernel/time.ts';
import { ledgerRecord } from '../../rooms/ledger/record.ts';
import { claimMeta, probeName } from '../claimref.ts';
import type { Clone } from '../clone.ts';
import { seenTip } from '../fetch.ts';
import { type Site, type SiteCheck, sitePort } from '../site.ts';
import { checkSigning } from './signing.ts';

/** One thing looked at: what was found, and the command that mends a fault. */
export interface Check extends SiteCheck {
  check: string;
}

export const doctorOperation = defineOperation({
  name: 'doctor',
  kind: 'act',
  bare: true,
  toolset: 'ledger',
  summary: 'Look at git, hooks, remote, namespace, refs and caches; name each fault and the command that mends it',
  input: () => z.strictObject({}),
  examples: [{ cli: 'ledgenter doctor', says: 'what is wrong, and what to run' }],
  exit: answer => ((answer.faults as number) > 0 ? EXIT.notSetUp : EXIT.ok),
  async act(context) {
    const site = await context.use(sitePort);
    const checks: Check[] = [await checkGit(site), await checkHooks(site)];
    const clone = await site.clone();
    const tip = await clone.book.tryTip();
    if (!tip) {
      const lost = await seenTip(clone);
      checks.push(
        lost
          ? {
              check: 'book',
              state: 'fault',
              says: 'the local book ref is gone, what the remote had is still here',
              mend: `git update-ref ${clone.names.book} ${lost}`,
            }
          : { check: 'book', state: 'fault', says: `no ledger "${clone.names.ledger}" here`, mend: 'ledgenter init' },
      );
      return report(checks);
    }
    checks.push({ check: 'book', state: 'good', says: `tip ${tip.at.slice(0, 12)}` });
    await checkRemote(clone, checks, context);
    checks.push(await checkParked(clone), await checkDraft(clone), await checkSigning(clone, site, context));
    checks.push({
      check: 'cache',
      state: 'good',
      says: `${await site.dropCaches()} derived files put away; they are built anew`,
    });
    return report(checks);
  },
});

function report(checks: Check[]): { [key: string]: unknown } {
  return {
    healthy: checks.every(one => one.state !== 'fault'),
    faults: checks.filter(one => one.state === 'fault').length,
    checks,
  };
}

async function checkGit(site: Site): Promise<Check> {
  try {
    return { check: 'git', state: 'good', says: `git ${await site.checkGit()}` };
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return { check: 'git', state: 'fault', says: error.message, mend: error.hint };
  }
}

async function checkHooks(site: Site): Promise<Check> {
  try {
    return { check: 'hooks', ...(await site.hooks()) };
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return { check: 'hooks', state: 'fault', says: error.message, mend: error.hint };
  }
}

async function checkParked(clone: Clone): Promise<Check> {
  const { size } = await clone.store.refs(clone.names.parkedPrefix);
  if (size === 0) return { check: 'parked', state: 'good', says: 'no entry was refused' };
  return {
    check: 'parked',
    state: 'note',
    says: `${size} entries were refused at replay`,
    mend: 'ledgenter parked list',
  };
}

async function checkDraft(clone: Clone): Promise<Check> {
  const { draft } = await clone.book.tip();
  if (draft === null) return { check: 'offline', state: 'good', says: 'no provisional claim waits' };
  return { check: 'offline', state: 'note', says: 'a provisional claim waits for the remote', mend: 'ledgenter sync' };
}

async function checkRemote(clone: Clone, checks: Check[], context: Context): Promise<void> {
  if (clone.self) {
    checks.push({ check: 'authority', state: 'good', says: 'this repository decides claims' });
    return;
  }
  const record = await clone.book.view((await clone.book.tip()).at).get(ledgerRecord, 'ledger');
  try {
    const listing = await clone.remote.fetch(clone.names.shared);
    if (listing.kind === 'broken') {
      checks.push({
        check: 'remote',
        state: 'fault',
        says: `${clone.remote.name} cannot be read: ${listing.reason}`,
        mend: 'git remote -v',
      });
      return;
    }
    checks.push({ check: 'authority', state: 'good', says: `${record?.authority} is remote ${clone.remote.name}` });
    checks.push(await checkBook(clone, listing.refs.get(clone.names.book), record?.namespace));
    checks.push(await probe(clone, context));
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    checks.push({ check: 'authority', state: 'fault', says: error.message, mend: error.hint });
  }
}

/** A lost or rewound book at the remote, and how any clone that still has it brings it back. */
async function checkBook(clone: Clone, shown: string | undefined, namespace: string | undefined): Promise<Check> {
  const seen = await seenTip(clone);
  if (shown === undefined && seen !== null) {
    const from = (await clone.book.tip()).book;
    const there = namespace === undefined ? clone.names.book : clone.names.book.replace(/^refs\/ledgenter/, namespace);
    return {
      check: 'refs',
      state: 'fault',
      says: `${clone.remote.name} lost the book (a mirror push from a clone without it does that); this clone still has it`,
      mend: `git push ${clone.remote.name} ${from}:${there}`,
    };
  }
  if (shown === undefined)
    return { check: 'refs', state: 'note', says: 'the ledger was not published yet', mend: 'ledgenter sync' };
  if (seen !== null && shown !== seen && (await clone.store.mergeBase(seen, shown)) !== seen) {
    return {
      check: 'refs',
      state: 'fault',
      says: `the book at ${clone.remote.name} (${shown.slice(0, 12)}) does not descend from what was seen (${seen.slice(0, 12)}): somebody rewrote it`,
      mend: `ledgenter verify --ref ${shown}`,
    };
  }
  return { check: 'refs', state: 'good', says: `the book at ${clone.remote.name} is ${shown.slice(0, 12)}` };
}

/** Create, swap, delete of a ref in the namespace, on the real remote, each with an exact lease. */
async function probe(clone: Clone, context: Context): Promise<Check> {
  const name = probeName(clone.nonce());
  const ref = clone.names.claim(name);
  const at = instant(context.now);
  const body = {
    id: name,
    actor: context.who.actor,
    run: context.who.run[0]!,
    root: name,
    chain: [],
    since: at,
    lease_until: at,
  };
  const one = await clone.store.commit([], [], claimMeta({ ...body, nonce: clone.nonce() }, at));
  const two = await clone.store.commit([], [], claimMeta({ ...body, nonce: clone.nonce() }, at));
  const steps = [
    { what: 'create', old: null, new: one },
    { what: 'swap', old: one, new: two },
    { what: 'delete', old: two, new: null },
  ];
  for (const step of steps) {
    const pushed = await clone.push([{ ref, old: step.old, new: step.new }]);
    if (pushed.kind === 'accepted') continue;
    const reason = 'reason' in pushed ? pushed.reason : pushed.refs.map(each => each.reason).join('; ');
    const error = pushed.kind === 'denied' ? new LedgerError(pushed.code, reason) : undefined;
    return {
      check: 'namespace',
      state: 'fault',
      says: `${clone.remote.name} did not ${step.what} a probe ref: ${reason}`,
      mend: error?.hint ?? 'ledgenter doctor',
    };
  }
  const atomic = await clone.push([
    { ref, old: null, new: one },
    { ref: clone.names.claim(`${name}b`), old: two, new: one },
  ]);
  if (atomic.kind === 'accepted')
    return {
      check: 'namespace',
      state: 'fault',
      says: 'the remote ignores the lease of a push',
      mend: 'use another host',
    };
  const left = await clone.remote.fetch(clone.names.claims);
  if (left.kind === 'fetched' && left.refs.has(ref)) {
    await clone.push([{ ref, old: one, new: null }]);
    return {
      check: 'namespace',
      state: 'fault',
      says: 'the remote applies half of an atomic push',
      mend: 'use another host, or --home <url>',
    };
  }
  return { check: 'namespace', state: 'good', says: 'create, swap and delete of a ref work, all or nothing' };
}
