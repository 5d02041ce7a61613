import * as z from 'zod/mini';
import { canonicalJson } from '../kernel/canonical.ts';
import { type Entry, entryId, type Intent, type Stamp } from '../kernel/entry.ts';
import { isKey } from '../kernel/record.ts';
import { epochMs, instant } from '../kernel/time.ts';
import { beginSchema } from '../rooms/runs/begin.ts';
import type { Commit, CommitMeta, Person } from '../store/port.ts';

/** Largest commit message of an entry, in UTF-16 units; a larger one is no entry. */
export const MAX_ENTRY = 262_144;
const MAX_SUBJECT = 120;
/** Mail domain of commits: reserved (RFC 2606), so that no mail program and no host takes it for somebody's address. */
const MAIL = 'ledgenter.invalid';

const clock = z.string().check(z.refine(text => !Number.isNaN(epochMs(text)) && instant(epochMs(text)) === text));
const name = z.string().check(z.refine(isKey));
const token = z.string().check(z.regex(/^[a-z0-9-]{1,64}$/));
const oid = z.string().check(z.regex(/^[0-9a-f]{40,64}$/));
const intentSchema = z.strictObject({
  op: z.string().check(z.regex(/^[a-z_]{1,40}(\.[a-z_]{1,40})?$/)),
  ledger: token,
  format: z.int().check(z.minimum(1)),
  actor: name,
  kind: z.enum(['agent', 'human', 'service']),
  run: z.array(token).check(z.minLength(1), z.maxLength(8)),
  at: clock,
  nonce: token,
  input: z.record(z.string(), z.unknown()),
  key: z.optional(z.string().check(z.maxLength(200))),
  claim: z.optional(z.strictObject({ root: token, oid, actor: name, run: token, lease_until: clock })),
  prev: z.optional(z.strictObject({ root: token, actor: name, lease_until: clock, offer: z.optional(token) })),
  chain: z.optional(z.array(token).check(z.maxLength(1000))),
  provisional: z.optional(z.literal(true)),
  seen: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
  begin: z.optional(z.unknown().check(z.refine(begin => beginSchema().safeParse(begin).success))),
});
const bodySchema = z.strictObject({
  intent: intentSchema,
  stamp: z.strictObject({ writer: token, n: z.int().check(z.minimum(1)), landed: clock }),
  signature: z.optional(z.string().check(z.maxLength(8192))),
});

const person = (actor: string, at: string): Person => ({
  name: actor,
  email: `${actor}@${MAIL}`,
  time: Math.max(0, Math.floor(epochMs(at) / 1000)),
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g;

/** One line for `git log`: who, what; cut at 120 characters, control and bidi characters made visible as spaces. */
export function subjectLine(intent: Intent, says: string): string {
  const line = `${intent.actor} ${says}`.replace(UNSEEN, ' ').trim();
  const chars = [...line];
  return chars.length > MAX_SUBJECT ? `${chars.slice(0, MAX_SUBJECT - 1).join('')}…` : line;
}

/** The commit that carries an entry: author is the actor at `at`, committer whoever lands it. */
export function entryMeta(entry: Entry, says: string, lander: string): CommitMeta {
  const { intent, stamp, signature } = entry;
  const body = canonicalJson({ intent, stamp, ...(signature === undefined ? {} : { signature }) });
  return {
    author: person(intent.actor, intent.at),
    committer: person(lander, stamp.landed),
    message: `${subjectLine(intent, says)}\n\n${body}\n`,
  };
}

/** Why a commit is not an entry. */
export interface NoEntry {
  problem: string;
}

/** Entries of commits that were read before: a replay meets the same ones in every round. */
const read = new WeakMap<Pick<Commit, 'message'>, Entry | NoEntry>();

/** What would make the entry unreadable once it is committed: nothing may be written that {@link parseEntry} refuses. */
export function formProblem({ intent, stamp, signature }: Entry): string | undefined {
  const parsed = bodySchema.safeParse({ intent, stamp, ...(signature === undefined ? {} : { signature }) });
  return parsed.success ? undefined : fieldProblem(parsed.error.issues[0]!.path);
}

const fieldProblem = (path: readonly PropertyKey[]): string =>
  `entry field ${path.join('.') || '(top)'} is not as it must be`;

/** Reads a commit of the book; what is not an entry is a value, not an exception. */
export function parseEntry(commit: Pick<Commit, 'message'>): Entry | NoEntry {
  let entry = read.get(commit);
  if (!entry) {
    entry = readEntry(commit);
    read.set(commit, entry);
  }
  return entry;
}

function readEntry(commit: Pick<Commit, 'message'>): Entry | NoEntry {
  const { message } = commit;
  if (message.length > MAX_ENTRY) return { problem: `message larger than ${MAX_ENTRY} characters` };
  const cut = message.indexOf('\n\n');
  if (cut < 0 || !message.endsWith('\n')) return { problem: 'no entry in the commit message' };
  const text = message.slice(cut + 2, -1);
  let body: unknown;
  try {
    body = JSON.parse(text);
    if (canonicalJson(body) !== text) return { problem: 'entry is not canonical JSON' };
  } catch {
    return { problem: 'entry is not JSON' };
  }
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return { problem: fieldProblem(parsed.error.issues[0]!.path) };
  const { intent, stamp, signature } = body as { intent: Intent; stamp: Stamp; signature?: string };
  return { id: entryId(intent), intent, stamp, ...(signature === undefined ? {} : { signature }) };
}

/** Narrowing for {@link parseEntry}. */
export function isEntry(parsed: Entry | NoEntry): parsed is Entry {
  return 'id' in parsed;
}
