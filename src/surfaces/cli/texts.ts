import { LedgerError } from '../../kernel/errors.ts';
import type { Operation } from '../../kernel/operation.ts';
import { type InputField, inputFields } from '../inputs.ts';

/** Most bytes that are read from stdin for one command. */
export const MAX_STDIN = 2 << 20;

/** Where a command line gets long texts from. */
export interface TextSources {
  readStdin(limit: number): Promise<string>;
  /** The text of a file that was typed; without it nothing but stdin is read. @throws LedgerError NOT_FOUND, TOO_LARGE */
  readFile?(path: string, limit: number): Promise<string>;
  /** Opens the editor on a text; undefined where there is no terminal. */
  edit?(initial: string, title: string): Promise<string>;
}

/**
 * Fills in what stands elsewhere: `-` is stdin, a file is read, and a long text that is missing comes from the editor.
 * @throws LedgerError USAGE when two fields ask for stdin; TOO_LARGE above {@link MAX_STDIN}.
 */
export async function fillTexts(
  operation: Operation,
  input: Record<string, unknown>,
  sources: TextSources,
  wantsEditor: boolean,
): Promise<void> {
  const fields = inputFields(operation);
  const dashes = fields.filter(field => isText(field) && input[field.name] === '-');
  if (dashes.length > 1)
    throw new LedgerError('USAGE', `only one of ${dashes.map(field => `--${field.flag}`).join(' and ')} can be stdin`);
  for (const { name } of fields.filter(
    field => field.file && typeof input[field.name] === 'string' && input[field.name] !== '-',
  ))
    if (sources.readFile) input[name] = await sources.readFile(String(input[name]), MAX_STDIN);
  if (dashes[0]) input[dashes[0].name] = (await sources.readStdin(MAX_STDIN)).replace(/\r?\n$/, '');
  const long = fields.filter(field => field.long && !field.many);
  const field =
    long.find(each => each.required && input[each.name] === undefined) ?? (wantsEditor ? long[0] : undefined);
  if (!field || (!wantsEditor && input[field.name] !== undefined)) return;
  if (!sources.edit) {
    if (wantsEditor)
      throw new LedgerError('USAGE', '--edit needs a terminal', { hint: `--${field.flag} <text>, or - for stdin` });
    return;
  }
  const text = await sources.edit(typeof input[field.name] === 'string' ? String(input[field.name]) : '', field.flag);
  if (text.trim() === '') throw new LedgerError('USAGE', `nothing was written for --${field.flag}`);
  input[field.name] = text;
}

const isText = (field: InputField) => (field.free || field.long) && !field.many;
