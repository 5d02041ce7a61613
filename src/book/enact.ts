import type { Json } from '../kernel/canonical.ts';
import { type Entry, entryId, FORMAT, type Intent, intentText, type Stamp } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import { type Change, judge, type Violation } from '../kernel/law.ts';
import { byOf, type WriteOperation } from '../kernel/operation.ts';
import { type FileChange, Overlay, type Reader, View } from '../kernel/view.ts';
import { enrol } from '../rooms/actors/enrol.ts';
import { type Standing, standingOf } from '../rooms/actors/standing.ts';
import { inputHash, keyFiles, keyOf, reused } from '../rooms/keys/record.ts';
import { formProblem, MAX_ENTRY } from './entry.ts';
import type { Rulebook } from './rulebook.ts';
import { type Checker, prove } from './signatures.ts';

/** What a lawful intent does to a state. */
export interface Enacted {
  kind: 'lawful';
  entry: Entry;
  files: FileChange[];
  result: { [key: string]: Json };
  changes: Change[];
  /** Whether the name on it is proven. */
  standing: Standing;
  /** Records whose hold this entry ends, and those whose hold it begins or moves. */
  ended: string[];
}

export type Outcome =
  | Enacted
  | { kind: 'same'; result: { [key: string]: Json } }
  | { kind: 'refused'; error: LedgerError };

/** A signature that is there, or one that is made once it is sure that there is something to sign. */
export type Signed = string | undefined | (() => Promise<string | undefined>);

/**
 * Decide and laws on one state, in memory; nothing is written. Used at first write, at replay, when combining, so that
 * an entry means the same wherever it lands. Outside of tests it is called by `Book.decide` and `Book.redecide`.
 */
export async function enact(
  rulebook: Rulebook,
  before: Reader,
  intent: Intent,
  stamp: Stamp,
  carried: Reader = before,
  signed?: Signed,
  checker?: Checker,
): Promise<Outcome> {
  try {
    return await enactOrThrow(rulebook, before, intent, stamp, carried, signed, checker);
  } catch (error) {
    if (error instanceof LedgerError && error.code !== 'INTERNAL') return { kind: 'refused', error };
    throw error;
  }
}

async function enactOrThrow(
  rulebook: Rulebook,
  before: Reader,
  intent: Intent,
  stamp: Stamp,
  carried: Reader,
  signed: Signed,
  checker: Checker | undefined,
): Promise<Outcome> {
  const operation = knownOperation(rulebook, intent);
  const view = new View(before);
  const id = entryId(intent);
  if (intent.key !== undefined) {
    const kept = await keyOf(view, intent.key);
    if (kept) {
      if (kept.op === intent.op && kept.input === inputHash(intent)) return { kind: 'same', result: kept.result };
      throw reused(kept);
    }
  }
  const by = byOf(intent, carried);
  const decided = await operation.decide(view, parseInput(operation, intent) as never, by);
  // A key is kept even when there was nothing to do: repeated later, it must not do then what was not needed now.
  if ('same' in decided && intent.key === undefined) return { kind: 'same', result: decided.same };
  const decision = 'same' in decided ? { files: [], result: decided.same } : decided;
  const files = [
    ...decision.files,
    ...(await enrol(view, by, decision.files)),
    ...(intent.key === undefined ? [] : keyFiles(intent, id, decision.result)),
  ];
  const signature = typeof signed === 'function' ? await signed() : signed;
  const entry: Entry = { id, intent, stamp, ...(signature === undefined ? {} : { signature }) };
  const malformed = formProblem(entry);
  if (malformed !== undefined) throw new LedgerError('BAD_INPUT', malformed);
  const found = await judgeFiles(rulebook, before, files, entry, checker);
  if ('violation' in found) throw asError(found.violation);
  if (intentText(intent).length > MAX_ENTRY - 1024) {
    throw new LedgerError('TOO_LARGE', `the entry is larger than ${Math.floor(MAX_ENTRY / 1024)} KB`);
  }
  return {
    kind: 'lawful',
    entry,
    files,
    result: decision.result,
    changes: found.changes,
    standing: found.standing,
    ended: endedHolds(found.changes),
  };
}

/** The laws on a set of file changes: the first violation, or the record changes they amount to and whether the name is proven. */
export async function judgeFiles(
  rulebook: Rulebook,
  before: Reader,
  files: FileChange[],
  entry: Entry,
  checker?: Checker,
): Promise<{ violation: Violation } | { changes: Change[]; standing: Standing }> {
  const { changes, strange, unreadable } = await rulebook.changes(files, before);
  const lost = strange[0] ?? unreadable[0];
  if (lost !== undefined) {
    const what = strange.length > 0 ? 'no kind of record lives there' : 'the record is not JSON';
    return { violation: { law: 'record.schema', code: 'REFUSED', message: `${lost}: ${what}`, path: lost } };
  }
  const states = { before: new View(before), after: new View(new Overlay(before, files)) };
  const proof = await prove(checker, entry, states.before, states.after);
  const transition = { ...states, entry, proof, changes };
  const violations = await judge(rulebook.laws, transition);
  return violations.length > 0 ? { violation: violations[0]! } : { changes, standing: await standingOf(transition) };
}

function knownOperation(rulebook: Rulebook, intent: Intent): WriteOperation<never> {
  if (intent.format > FORMAT)
    throw new LedgerError('NEWER_FORMAT', `entry has format ${intent.format}, this is ${FORMAT}`);
  const operation = rulebook.write(intent.op);
  if (!operation) throw new LedgerError('UNKNOWN_OPERATION', `no operation writes ${intent.op}`);
  return operation;
}

/** An intent may come from another clone: its input meets the same schema as a surface's. */
function parseInput(operation: WriteOperation<never>, intent: Intent): unknown {
  const parsed = operation.input().safeParse(intent.input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new LedgerError('BAD_INPUT', `${intent.op}: ${issue.path.join('.') || 'input'}: ${issue.message}`);
}

function asError(violation: Violation): LedgerError {
  const { law, message, code, hint, details } = violation;
  return new LedgerError(code, message, { ...(hint ? { hint } : {}), details: { ...details, law } });
}

interface MaybeHeld {
  hold?: { root: string };
}

function endedHolds(changes: Change[]): string[] {
  return changes
    .filter(({ def, before, after }) => def.holdable && (before as MaybeHeld)?.hold && !(after as MaybeHeld)?.hold)
    .map(change => change.id);
}
