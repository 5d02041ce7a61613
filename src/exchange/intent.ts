import type { Book } from '../book/book.ts';
import type { Enacted } from '../book/enact.ts';
import { canonicalJson, type Json } from '../kernel/canonical.ts';
import { type ClaimStamp, FORMAT, type Intent } from '../kernel/entry.ts';
import { sha256Hex } from '../kernel/ids.ts';
import type { Who, WriteOperation } from '../kernel/operation.ts';
import { instant } from '../kernel/time.ts';
import { type Run, runRecord } from '../rooms/runs/record.ts';
import type { HoldFile } from '../store/desk.ts';
import type { Circumstances } from './begin.ts';
import type { OfficeParts } from './parts.ts';
import { holdableKind } from './records.ts';

type Input = { [key: string]: unknown };

/** The intent of one call, under the circumstances that are found out beforehand. `human`: a person signs it. */
export function makeIntent(
  { who, book, now, nonce }: OfficeParts,
  operation: Pick<WriteOperation<never>, 'name'>,
  input: Input,
  key: string | undefined,
  circumstances: Circumstances,
  human = false,
): Intent {
  const { actor, run } = who;
  return {
    op: operation.name,
    ledger: book.names.ledger,
    format: FORMAT,
    actor,
    kind: human ? 'human' : who.kind,
    run,
    at: instant(now()),
    nonce: nonce(),
    input: JSON.parse(canonicalJson(input)) as { [key: string]: Json },
    ...(key === undefined ? {} : { key }),
    ...circumstances,
  };
}

/** The same words by the same run are the same creation. */
export function repeatKey(operation: WriteOperation<never>, { actor, run }: Who, input: Input): string {
  return sha256Hex(canonicalJson([operation.name, actor, run, input]));
}

/** A record by the name of its id in inputs and results. */
export function nameOf(book: Book, id: string): { [key: string]: Json } {
  return { [`${holdableKind(book, id)?.kind}_id`]: id };
}

/** True when this very run is over now. */
export function endsRun({ changes }: Enacted, { run }: Who): boolean {
  const own = changes.find(({ def, id }) => def.kind === runRecord.kind && id === run[0]);
  return (own?.after as Run | undefined)?.ended_at !== undefined;
}

export function stampOf({ root, oid, actor, run, lease_until }: HoldFile): ClaimStamp {
  return { root, oid, actor, run, lease_until };
}
