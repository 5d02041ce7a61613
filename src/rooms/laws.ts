import { recordText } from '../kernel/canonical.ts';
import { intentText } from '../kernel/entry.ts';
import { FUTURE_MS } from '../kernel/hold.ts';
import { holdLaws } from '../kernel/holdlaws.ts';
import { recordId } from '../kernel/ids.ts';
import { type Change, defineLaw, type Finding, type Law, type Transition } from '../kernel/law.ts';
import type { Operation, WriteOperation } from '../kernel/operation.ts';
import { epochMs } from '../kernel/time.ts';
import type { View } from '../kernel/view.ts';
import { actorRecord } from './actors/record.ts';
import { entrySignature } from './actors/signed.ts';
import { requiresSignatures, standingOf } from './actors/standing.ts';
import { graceOf } from './ledger/grace.ts';
import { find } from './lookup.ts';

const enforcedBy = 'rooms/laws.test.ts';

/** Largest intent, in bytes of its canonical JSON, and largest record file, in UTF-16 units. */
export const MAX_INTENT = 262_144;
const MAX_RECORD = 262_144;
/** Records of one kind that one entry may create. */
const MAX_CREATED = 1_000;

const recordSchema = defineLaw({
  id: 'record.schema',
  brought: true,
  says: 'Every file of the ledger is a record of a known kind: canonical JSON, of its schema, with no key beyond it, within its size.',
  enforcedBy,
  async check({ changes, after }) {
    const found: Finding[] = [];
    for (const change of changes) {
      if (change.after === undefined) continue;
      const text = (await after.reader.read(change.path)) ?? '';
      const problem = schemaProblem(change, text);
      if (problem) found.push({ path: change.path, ...problem });
    }
    return found;
  },
});

function schemaProblem({ def, after, path }: Change, text: string): Finding | undefined {
  if (text.length > (def.maxSize ?? MAX_RECORD))
    return { code: 'TOO_LARGE', message: `${path} is too large for a ${def.kind}` };
  const parsed = def.schema().safeParse(after);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const field = issue.path.join('.') || def.kind;
    return { code: 'BAD_INPUT', message: `${path}: ${field}: ${issue.message}` };
  }
  try {
    return recordText(parsed.data) === text ? undefined : { message: `${path} is not canonical JSON` };
  } catch {
    return { message: `${path} holds text that JSON cannot carry` };
  }
}

const recordKept = defineLaw({
  id: 'record.kept',
  brought: true,
  says: 'No record is ever removed.',
  enforcedBy,
  check: ({ changes }) =>
    changes
      .filter(({ before, after }) => before !== undefined && after === undefined)
      .map(({ path }) => ({ path, message: `${path} was removed` })),
});

const appendOnly = defineLaw({
  id: 'append-only',
  says: 'What is kept for the record (notes, attachments, kept keys and the like) is never changed once written.',
  enforcedBy,
  check: ({ changes }) =>
    changes
      .filter(({ def, before, after }) => def.appendOnly && before !== undefined && after !== undefined)
      .map(({ path, def }) => ({ path, message: `${path}: a ${def.kind} is never changed` })),
});

const recordOwner = defineLaw({
  id: 'record.owner',
  brought: true,
  says: 'What lies in the folder of a record belongs to a record that exists.',
  enforcedBy,
  async check({ changes, after }) {
    const found: Finding[] = [];
    for (const { def, parent, path } of changes) {
      if (!def.owner || parent === undefined || (await after.get(def.owner, parent)) !== undefined) continue;
      found.push({ path, message: `${path} belongs to no ${def.owner.kind}` });
    }
    return found;
  },
});

const recordIdLaw = defineLaw({
  id: 'record.id',
  says: 'The id of a new record follows from its entry, or from its idempotency key, and its place among those created with it; what is adopted keeps its own.',
  enforcedBy,
  check({ changes, entry }) {
    const created = new Map<string, string[]>();
    for (const { def, id, before, after } of changes) {
      if (before !== undefined || after === undefined || def.letter === '' || def.derived?.(after)) continue;
      created.set(def.letter, [...(created.get(def.letter) ?? []), id]);
    }
    const source = entry.intent.key === undefined ? ['entry', entry.id] : ['key', entry.intent.key];
    const found: Finding[] = [];
    for (const [letter, ids] of created) {
      const open = new Set(ids);
      for (let index = 0; open.size > 0 && index < MAX_CREATED; index++) {
        open.delete(recordId(letter, ...source, String(index)));
      }
      for (const id of open) found.push({ message: `the id ${id} does not follow from its entry` });
    }
    return found;
  },
});

const entrySize = defineLaw({
  id: 'entry.size',
  says: 'What an entry means to do takes at most 256 KB.',
  enforcedBy,
  check({ entry }) {
    const size = new TextEncoder().encode(intentText(entry.intent)).length;
    return size > MAX_INTENT ? { code: 'TOO_LARGE', message: `the entry has ${size} bytes` } : undefined;
  },
});

const entryTime = defineLaw({
  id: 'entry.time',
  says: 'An entry is written at most ten minutes after it lands, by the clocks of writer and lander.',
  enforcedBy,
  check({ entry }) {
    const { at } = entry.intent;
    const { landed } = entry.stamp;
    return epochMs(at) > epochMs(landed) + FUTURE_MS
      ? { message: `the entry is from ${at}, but landed at ${landed}` }
      : undefined;
  },
});

/** Operations that only people may write, as the laws of every room meet them. */
function humanOnly(operations: readonly Operation[]): Law {
  const reserved = new Map<string, ((before: View, input: unknown, actor: string) => Promise<boolean>) | undefined>(
    operations
      .filter((one): one is WriteOperation<never> => one.kind === 'write' && one.humanUnless !== undefined)
      .map(one => [
        one.name,
        // A forged entry may say anything: what is no input of the operation is let through by nothing.
        async (before: View, input: unknown, actor: string) =>
          one.input().safeParse(input).success && (await one.humanUnless!(before, input as never, actor)),
      ]),
  );
  for (const { name, humanOnly } of operations) if (humanOnly) reserved.set(name, undefined);
  return defineLaw({
    id: 'human-only',
    says: 'Operations that are reserved to people, where no policy says otherwise, are written by people: never by an actor that the book knows as none and that proved it, and under `require_signatures` by one that proved to be a person.',
    enforcedBy,
    async check(transition: Transition) {
      const { op, kind, actor } = transition.entry.intent;
      if (!reserved.has(op)) return undefined;
      const { before, after } = transition;
      if (await reserved.get(op)?.(before, transition.entry.intent.input, actor)) return undefined;
      if (kind !== 'human') return { code: 'HUMAN_ONLY', message: `${op} is reserved to people` };
      const recorded = (await find(before, actorRecord, actor)) ?? (await find(after, actorRecord, actor));
      if (recorded?.kind === 'human') return undefined;
      const { state } = await standingOf(transition);
      if (state !== 'proven' && !(await requiresSignatures(before))) return undefined;
      return {
        code: 'HUMAN_ONLY',
        message: `${op} is reserved to people, and ${actor} is entered as ${recorded?.kind}`,
      };
    },
  });
}

/** The laws of every room, before those of each: form first, so that the others read only well-formed records. */
export function generalLaws(operations: readonly Operation[]): Law[] {
  return [
    recordSchema,
    entrySignature,
    entrySize,
    entryTime,
    recordKept,
    appendOnly,
    recordOwner,
    recordIdLaw,
    humanOnly(operations),
    ...holdLaws('rooms/hold.test.ts', graceOf),
  ];
}
