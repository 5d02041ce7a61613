import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { writeMany } from '../../book/bulk.ts';
import { clonePort } from '../../exchange/site.ts';
import { canonicalJson, type Json } from '../../kernel/canonical.ts';
import { FORMAT, type Intent } from '../../kernel/entry.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { isKey } from '../../kernel/record.ts';
import { redactInput } from '../../kernel/redact/input.ts';
import { instant } from '../../kernel/time.ts';
import { importEntry } from '../../rooms/importing/entry.ts';
import { mapBeads } from '../../rooms/importing/index.ts';
import { projectRecord } from '../../rooms/projects/record.ts';
import { taskRecord } from '../../rooms/tasks/record.ts';

interface ImportInput {
  file: string;
  project?: string | undefined;
  github?: string | undefined;
  dry_run?: boolean | undefined;
}

/** Reads, maps, redacts and writes a beads export; the report says what became of every issue and dependency. */
export async function importBeads(context: Context, input: ImportInput): Promise<{ [key: string]: unknown }> {
  const clone = await context.use(clonePort);
  const { book } = clone;
  const project = projectOf(input);
  const exists = async (id: string): Promise<boolean> => (await context.view.get(taskRecord, id)) !== undefined;
  const { entries, report } = await mapBeads(linesOf(input.file), {
    project,
    exists,
    ...(input.github ? { github: input.github } : {}),
  });
  if (input.dry_run) return { dry_run: true, project, entries: entries.length, report };
  const has = await context.view.get(projectRecord, project);
  const intents: Intent[] = [];
  let redacted = 0;
  if (!has)
    intents.push(intentOf(context, clone.nonce(), 'project.create', { project, title: project }, book.names.ledger));
  for (const entry of entries) {
    const clean = redactInput(importEntry(), entry);
    redacted += clean.count;
    intents.push(intentOf(context, clone.nonce(), 'import.beads', clean.input, book.names.ledger));
  }
  const read = clone.now();
  const done = await writeMany(book, intents, {
    ...(context.signal ? { signal: context.signal } : {}),
    ...(context.progress ? { progress: (at, total) => context.progress!(at, total, 'importing entries') } : {}),
  });
  return {
    project,
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
    report,
    landed: clone.self,
    hints: { next: clone.self ? 'ledgenter task query --ready' : 'ledgenter sync' },
  };
}

function intentOf(context: Context, nonce: string, op: string, input: object, ledger: string): Intent {
  const { actor, kind, run } = context.who;
  const plain = JSON.parse(canonicalJson(input)) as { [key: string]: Json };
  return { op, ledger, format: FORMAT, actor, kind, run, at: instant(Date.now()), nonce, input: plain };
}

/** The project named, else the file's own name. @throws LedgerError BAD_INPUT */
function projectOf({ project, file }: ImportInput): string {
  const key = (project ?? basename(file).replace(/\.[^.]*$/, '')).trim().toLowerCase();
  if (isKey(key)) return key;
  throw new LedgerError('BAD_INPUT', `${JSON.stringify(key)} is no project key`, {
    hint: 'ledgenter import beads <file> --project <key>',
  });
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const stream = createReadStream(resolve(file), { encoding: 'utf8' });
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new LedgerError('NOT_FOUND', `no file ${file}`, { hint: 'ledgenter import beads <file.jsonl>' });
    throw new LedgerError('BAD_INPUT', `${file} cannot be read: ${message}`);
  } finally {
    stream.destroy();
  }
}

function firstRef(intent: Intent): string {
  const tasks = intent.input.tasks as { ref?: string }[] | undefined;
  return tasks?.[0]?.ref ?? intent.op;
}
