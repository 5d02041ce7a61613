import type { Entry } from './entry.ts';
import type { ErrorCode } from './errors.ts';
import type { Proof } from './proof.ts';
import type { RecordDef } from './record.ts';
import type { View } from './view.ts';

/** One record that a transition adds (`before` undefined), changes or removes (`after` undefined). */
export interface Change<R = unknown> {
  def: RecordDef<R>;
  id: string;
  parent?: string;
  path: string;
  before?: R;
  after?: R;
}

/** What a law judges: two states, the entry that leads from one to the other, its signature, and the records it touched. */
export interface Transition {
  before: View;
  after: View;
  entry: Entry;
  proof: Proof;
  changes: Change[];
}

/** Why a transition is unlawful, and the command that closes the gap. */
export interface Violation {
  law: string;
  message: string;
  code: ErrorCode;
  hint?: string;
  path?: string;
  details?: Record<string, unknown>;
}

export type Finding = Omit<Violation, 'law' | 'code'> & { code?: ErrorCode };
type Findings = Finding[] | Finding | undefined;

/** Op of the entries that bring a task, and all that lies in its folder, from another ledger of the same repository. */
export const ADOPTION = 'ledger.adopt';

/**
 * True for what such an entry puts into the folder of the task that it brings: made and judged in the other ledger, under
 * the entries of its own authors, which no law can see here.
 */
export function isBrought({ def, parent, before }: Change, { intent }: Pick<Entry, 'intent'>): boolean {
  return (
    intent.op === ADOPTION &&
    def.owner !== undefined &&
    before === undefined &&
    parent === (intent.input.task_id ?? null)
  );
}

interface LawHead {
  /** `task.status`: named in refusals, in `verify` and in docs/SPEC.md. */
  id: string;
  /** The rule in one sentence, for docs/SPEC.md. */
  says: string;
  /** Test file that shows it, relative to test/. */
  enforcedBy: string;
  /** First and last entry format it judges. */
  since?: number;
  until?: number;
  /** Judges also what is brought from another ledger; the others see nothing of it. */
  brought?: true;
}

export interface Law extends LawHead {
  /** A promise only where the law had to read something: most know at once. */
  check(transition: Transition): Promise<Violation[]> | Violation[];
}

/** A law on every changed record of one kind. */
export function defineRecordLaw<R>(
  head: LawHead & {
    on: RecordDef<R>;
    check(change: Change<R>, transition: Transition): Promise<Findings> | Findings;
  },
): Law {
  return defineLaw({
    ...head,
    check(transition) {
      const on = transition.changes.filter(change => change.def === (head.on as RecordDef<unknown>));
      return on.length === 0 ? undefined : each(on as Change<R>[], change => head.check(change, transition));
    },
  });
}

/** A law on the transition as a whole. */
export function defineLaw(head: LawHead & { check(transition: Transition): Promise<Findings> | Findings }): Law {
  const { id, says, enforcedBy, since, until, brought } = head;
  return {
    id,
    says,
    enforcedBy,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(brought ? { brought } : {}),
    check(transition) {
      const named = (found: Findings): Violation[] =>
        many(found).map(finding => ({ code: 'REFUSED' as const, ...finding, law: id }));
      const found = head.check(transition);
      return found instanceof Promise ? found.then(named) : named(found);
    },
  };
}

async function each<R>(
  changes: readonly Change<R>[],
  check: (change: Change<R>) => Promise<Findings> | Findings,
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const change of changes) {
    const one = check(change);
    const findings = many(one instanceof Promise ? await one : one);
    for (const finding of findings) found.push({ path: change.path, ...finding });
  }
  return found;
}

/** All laws of the entry's own format, in order; stops at the first law that is broken (one gap, one command). */
export async function judge(laws: readonly Law[], transition: Transition): Promise<Violation[]> {
  const { format } = transition.entry.intent;
  const own = transition.changes.filter(change => !isBrought(change, transition.entry));
  const native = own.length === transition.changes.length ? transition : { ...transition, changes: own };
  for (const law of laws) {
    if (format < (law.since ?? 1) || format > (law.until ?? Number.POSITIVE_INFINITY)) continue;
    const checked = law.check(law.brought ? transition : native);
    const violations = checked instanceof Promise ? await checked : checked;
    if (violations.length > 0) return violations;
  }
  return [];
}

function many(found: Findings): Finding[] {
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
}
