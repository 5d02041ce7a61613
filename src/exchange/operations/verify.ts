import * as z from 'zod/mini';
import { type Verified, verify } from '../../book/verify.ts';
import { EXIT, LedgerError } from '../../kernel/errors.ts';
import { mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import type { Store } from '../../store/port.ts';
import { clonePort } from '../site.ts';

const OID = /^[0-9a-f]{40,64}$/;

export const verifyOperation = defineOperation({
  name: 'verify',
  toolset: 'ledger',
  kind: 'act',
  summary: 'Replay the history against the laws and say which entry, by whom, broke which law',
  input: () =>
    z.strictObject({
      range: z.optional(mark(z.string().check(z.regex(/^[0-9a-f]{40,64}\.\.[0-9a-f]{40,64}$/)), { machine: true })),
      ref: z.optional(mark(z.string().check(z.maxLength(200)), { machine: true })),
      signatures: z.optional(z.boolean()),
    }),
  examples: [
    { cli: 'ledgenter verify', says: 'the whole book of this clone' },
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
    const clone = await context.use(clonePort);
    const [base, head] = input.range ? input.range.split('..') : [null, undefined];
    const tip = head ?? (input.ref ? await readRef(clone.store, input.ref) : (await clone.book.tip()).at);
    const verified = await verify(clone.book, tip, base ?? null, {
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
      names_proven: proven,
      ...(proven ? {} : { note: whyUnproven(verified) }),
      ...(input.signatures ? { signatures: byActor(verified) } : {}),
    };
  },
});

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
