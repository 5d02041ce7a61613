import { writeMany } from '../../book/bulk.ts';
import type { Clone } from '../../exchange/clone.ts';
import { canonicalJson, type Json } from '../../kernel/canonical.ts';
import { FORMAT, type Intent } from '../../kernel/entry.ts';
import type { Context } from '../../kernel/operation.ts';
import { redactInput } from '../../kernel/redact/input.ts';
import { instant } from '../../kernel/time.ts';
import { importEntry } from '../../rooms/importing/entry.ts';
import type { ImportEntry } from '../../rooms/importing/index.ts';
import { projectRecord } from '../../rooms/projects/record.ts';

interface Work {
  /** Internal operation that takes the entries. */
  operation: string;
  project: string;
  entries: readonly ImportEntry[];
}

/** Redacts and writes the entries of an import, and their project first where it is not there. */
export async function writeEntries(context: Context, clone: Clone, work: Work): Promise<{ [key: string]: unknown }> {
  const { book } = clone;
  const { operation, project, entries } = work;
  const intents: Intent[] = [];
  let redacted = 0;
  if (!(await context.view.get(projectRecord, project)))
    intents.push(intentOf(context, clone.nonce(), 'project.create', { project, title: project }, book.names.ledger));
  for (const entry of entries) {
    const clean = redactInput(importEntry(), entry);
    redacted += clean.count;
    intents.push(intentOf(context, clone.nonce(), operation, clean.input, book.names.ledger));
  }
  const read = clone.now();
  const done = await writeMany(book, intents, {
    ...(context.signal ? { signal: context.signal } : {}),
    ...(context.progress ? { progress: (at, total) => context.progress!(at, total, 'importing entries') } : {}),
  });
  return {
    entries: done.written,
    already_there: done.same,
    refused: done.refused.map(({ intent, error }) => ({
      op: intent.op,
      first: firstRef(intent),
      reason: error.message,
    })),
    redacted,
    read_ms: read - context.now,
    write_ms: clone.now() - read,
  };
}

function intentOf(context: Context, nonce: string, op: string, input: object, ledger: string): Intent {
  const { actor, kind, run } = context.who;
  const plain = JSON.parse(canonicalJson(input)) as { [key: string]: Json };
  return { op, ledger, format: FORMAT, actor, kind, run, at: instant(Date.now()), nonce, input: plain };
}

function firstRef({ op, input }: Intent): string {
  for (const list of [input.tasks, input.pages, input.decisions, input.more]) {
    const [first] = (list as { ref?: string }[] | undefined) ?? [];
    if (first?.ref !== undefined) return first.ref;
  }
  return op;
}
