import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { clonePort } from '../../exchange/site.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { isKey } from '../../kernel/record.ts';
import { mapBeads } from '../../rooms/importing/index.ts';
import { taskRecord } from '../../rooms/tasks/record.ts';
import { writeEntries } from './write.ts';

interface ImportInput {
  file: string;
  project?: string | undefined;
  github?: string | undefined;
  dry_run?: boolean | undefined;
}

/** Reads, maps, redacts and writes a beads export; the report says what became of every issue and dependency. */
export async function importBeads(context: Context, input: ImportInput): Promise<{ [key: string]: unknown }> {
  const clone = await context.use(clonePort);
  const project = projectOf(input);
  const exists = async (id: string): Promise<boolean> => (await context.view.get(taskRecord, id)) !== undefined;
  const { entries, report } = await mapBeads(linesOf(input.file), {
    project,
    exists,
    ...(input.github ? { github: input.github } : {}),
  });
  if (input.dry_run) return { dry_run: true, project, entries: entries.length, report };
  return {
    project,
    ...(await writeEntries(context, clone, { operation: 'import.beads', project, entries })),
    report,
    landed: clone.self,
    hints: { next: clone.self ? 'ledgenter task query --ready' : 'ledgenter sync' },
  };
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
