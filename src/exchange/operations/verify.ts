import * as z from 'zod/mini';
import { genesisOid } from '../../book/genesis.ts';
import { type Verified, verify } from '../../book/verify.ts';
import { EXIT, LedgerError } from '../../kernel/errors.ts';
import { mark } from '../../kernel/fields.ts';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import type { Oid, Store } from '../../store/port.ts';
import { type Origins, origins } from '../brought.ts';
import type { Clone } from '../clone.ts';
import { ledgersPort } from '../ledgers.ts';
import { commitOf, endsOf, range, revisionsPort } from '../revisions.ts';
import { clonePort } from '../site.ts';

const OID = /^[0-9a-f]{40,64}$/;

interface VerifyInput {
  range?: string;
  ref?: string;
  signatures?: boolean;
  pre_receive?: boolean;
}

export const verifyOperation = defineOperation<VerifyInput>({
  name: 'verify',
  toolset: 'ledger',
  kind: 'act',
  summary: 'Replay the history against the laws and say which entry, by whom, broke which law',
  input: () =>
    z.strictObject({
      range: z.optional(range()),
      ref: z.optional(mark(z.string().check(z.maxLength(200)), { machine: true })),
      signatures: z.optional(z.boolean()),
      pre_receive: z.optional(z.boolean()),
    }),
  examples: [
    { cli: 'ledgenter verify', says: 'the whole book of this clone' },
    {
      cli: 'ledgenter verify --range refs/ledgenter/main/book~1..refs/ledgenter/main/book',
      says: 'only what the commits of the book behind the first one added',
    },
    { cli: 'ledgenter verify --signatures', says: 'and whose entries are proven to be theirs' },
    {
      cli: 'ledgenter verify --ref refs/ledgenter-remotes/origin/main/book',
      says: 'what the remote had at the last fetch',
    },
  ],
  exit(answer) {
    if ((answer.findings as unknown[]).length > 0) return EXIT.data;
    return answer.signatures !== undefined && !answer.names_proven ? EXIT.no : EXIT.ok;
  },
  async act(context, input) {
    if (input.pre_receive)
      throw new LedgerError('USAGE', '--pre-receive is for the hook of a server: it reads what git tells it', {
        hint: 'ledgenter verify',
      });
    const clone = await context.use(clonePort);
    const ends = input.range === undefined ? undefined : await endsIn(context, clone, input.range);
    const tip = ends?.head ?? (input.ref ? await readRef(clone.store, input.ref) : (await clone.book.tip()).at);
    const base = ends?.base ?? null;
    const landed = ends?.whole ? await clone.book.landed.at(base) : undefined;
    const origin = origins(await context.use(ledgersPort));
    const verified = await verify(clone.book, tip, base, {
      further: origin.further,
      ...(landed ? { landed } : {}),
      ...(context.signal ? { signal: context.signal } : {}),
      ...(context.progress ? { progress: (done, total) => context.progress!(done, total, 'verifying entries') } : {}),
    });
    const proven = namesProven(verified);
    return {
      verified: verified.findings.length === 0,
      entries: verified.entries,
      findings: verified.findings,
      ...(verified.newer ? { newer: verified.newer } : {}),
      tip,
      ...(ends ? { base, replays_checked: ends.whole } : {}),
      names_proven: proven,
      ...(proven ? {} : { note: whyUnproven(verified) }),
      ...originsOf(origin),
      ...(input.signatures ? { signatures: byActor(verified) } : {}),
    };
  },
});

/** Of entries that name other ledgers: how many say what those say, and which nobody here can look at. */
function originsOf({ checked, unchecked }: Origins): { [key: string]: unknown } {
  if (checked + unchecked.length === 0) return {};
  return { origins: { checked, unchecked: unchecked.map(id => id.slice(0, 16)) } };
}

/** True when every entry is proven by a key that the ledger knew as its actor's. */
function namesProven({ entries, names, findings, newer }: Verified): boolean {
  const proven = [...names.values()].reduce((sum, one) => sum + one.proven, 0);
  return entries > 0 && proven === entries && findings.length === 0 && !newer;
}

function whyUnproven({ names }: Verified): string {
  const unchecked = [...names.values()].reduce((sum, one) => sum + one.unchecked, 0);
  const unproven = [...names.values()].some(one => one.unproven > 0);
  if (unchecked > 0 && !unproven) return `${unchecked} signatures cannot be checked on this machine: it has no gpg`;
  return 'names are unproven: entries without a signature say who wrote them, and nothing shows it';
}

function byActor({ names }: Verified): { [key: string]: unknown }[] {
  return [...names].map(([actor, counts]) => ({ actor, ...counts })).sort((a, b) => (a.actor < b.actor ? -1 : 1));
}

/** @throws LedgerError NOT_FOUND when an end of the range, or what lies between, is not here */
async function endsIn(context: Context, clone: Clone, text: string): Promise<{ base: Oid; head: Oid; whole: boolean }> {
  const revisions = await context.use(revisionsPort);
  const [base, head] = await Promise.all(endsOf(text).map(name => commitOf(revisions, name)));
  const cut = await revisions.shallow();
  // Entries from before the base that come again are known by the history before it alone, which a clone of the code that
  // is shallow may have.
  const genesis = genesisOid(clone.names.ledger, clone.store.objectFormat);
  const whole = !cut || (await revisions.root(base!)) === genesis;
  if (cut && base !== head && (await clone.store.mergeBase(base!, head!)) !== base)
    throw new LedgerError('NOT_FOUND', `what lies between ${text.slice(0, 100)} is not in this shallow clone`, {
      hint: 'git fetch --unshallow <remote>',
    });
  return { base: base!, head: head!, whole };
}

/** @throws LedgerError NOT_FOUND when no such ref is here */
async function readRef(store: Store, ref: string): Promise<string> {
  if (OID.test(ref)) return ref;
  const oid = ref.startsWith('refs/') ? (await store.refs(ref)).get(ref) : undefined;
  if (oid === undefined)
    throw new LedgerError('NOT_FOUND', `no ref ${JSON.stringify(ref)} here`, {
      hint: 'git for-each-ref refs/ledgenter refs/ledgenter-remotes',
    });
  return oid;
}
