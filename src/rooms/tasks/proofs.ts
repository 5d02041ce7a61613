import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { mark, text } from '../../kernel/fields.ts';
import { sha256Hex } from '../../kernel/ids.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { parseInstant } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { plain } from '../room.ts';
import { type CodeRef, type Criterion, codeRefRecord, taskRecord } from './record.ts';

/** Most that a proof keeps of what a check printed, in UTF-8 bytes. */
export const MAX_TAIL = 4_096;
/** Longest that a check may run, in ms. */
export const MAX_CHECK_MS = 7_200_000;

const closed = (form: RegExp) => mark(z.string().check(z.regex(form)), { machine: true });
const digest = () => closed(/^[0-9a-f]{64}$/);
const count = () => z.int().check(z.minimum(0));

/** What was measured when a check ran, as the entry and the record have it. */
export const factFields = () => ({
  criterion: closed(/^c[1-9][0-9]{0,3}$/),
  /** {@link checkHash} of the criterion whose check ran. */
  check_sha256: digest(),
  /** null when it was ended by a signal, or by us. */
  exit_code: z.nullable(count()),
  /** The signal that ended it, if it was not us who sent it. */
  signal: z.optional(closed(/^SIG[A-Z0-9]{1,12}$/)),
  /** Why we ended it. */
  ended: z.optional(mark(z.enum(['timeout']), { machine: true })),
  duration_ms: count(),
  /** HEAD of the checkout it ran in, whole. */
  commit: closed(/^([0-9a-f]{40}|[0-9a-f]{64})$/),
  /** HEAD was the same and nothing was changed or untracked, before and after. */
  clean: z.boolean(),
  /** Of everything it printed, both streams as they came. */
  output_sha256: digest(),
  output_bytes: count(),
  /** Its end, redacted. */
  output_tail: z.optional(mark(text().check(z.maxLength(MAX_TAIL)), { long: true })),
});

const proof = lazy(() =>
  z.strictObject({
    ...factFields(),
    /** Slug of the commit's repository, where the code ref names one. */
    repo: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
    by: z.string().check(z.minLength(1), z.maxLength(200)),
    at: z.string().check(z.refine(value => parseInstant(value) === value, { error: 'is no stored time' })),
  }),
);
export type Proof = z.infer<ReturnType<typeof proof>>;

export const proofRecord: RecordDef<Proof> = defineRecord<Proof>({
  kind: 'proof',
  letter: 'x',
  room: 'proofs',
  owner: plain(taskRecord),
  schema: proof,
  appendOnly: true,
});

/** What a proof is of: the criterion as it is worded, with its check. */
export function checkHash({ id, text, check }: Criterion): string {
  return sha256Hex(canonicalJson([id, text, check ?? null]));
}

/** True when the check ran to its end and said yes. */
export function hasPassed({ exit_code, signal, ended }: Pick<Proof, 'exit_code' | 'signal' | 'ended'>): boolean {
  return exit_code === 0 && signal === undefined && ended === undefined;
}

/** The live code ref that makes a commit one of the task's; refs may be abbreviated. `commit` is whole. */
export async function refOf(view: View, id: string, commit: string): Promise<CodeRef | undefined> {
  const refs = (await view.all(codeRefRecord, id)).map(({ record }) => record);
  return refs.find(
    ({ ref_type, live, sha }) => ref_type === 'commit' && live && sha !== undefined && commit.startsWith(sha),
  );
}

/** Why a criterion with a check is not proven as it stands, as a clause; undefined when it is, or has no check. */
export async function unproven(view: View, id: string, criterion: Criterion): Promise<string | undefined> {
  if (criterion.check === undefined) return undefined;
  const found = criterion.proof === undefined ? undefined : await find(view, proofRecord, criterion.proof, id);
  if (!found) return 'has no proof';
  if (found.criterion !== criterion.id) return `names a proof of ${found.criterion}`;
  if (!hasPassed(found)) return 'names a proof that failed';
  if (!found.clean) return 'was proven on a tree that was not clean';
  if (found.check_sha256 !== checkHash(criterion)) return 'changed since it was proven';
  if (await refOf(view, id, found.commit)) return undefined;
  return `was proven at ${found.commit.slice(0, 12)}, which is no live commit of the task`;
}

/** The command that proves a criterion. */
export function proveCommand(id: string, criterion: string): string {
  return `ledgenter task prove ${id} --criterion ${criterion}`;
}
