import { readFile, stat } from 'node:fs/promises';
import { LedgerError } from '../../kernel/errors.ts';

/**
 * The text of a file that the caller named, without the line end at its end.
 * @param limit bytes
 * @throws LedgerError NOT_FOUND, BAD_INPUT for what is no file or no text, TOO_LARGE
 */
export async function readTextFile(path: string, named: string, limit: number): Promise<string> {
  const hint = 'name a file of text, or - for stdin';
  try {
    const found = await stat(path);
    // A pipe or a device may never end.
    if (!found.isFile()) throw new LedgerError('BAD_INPUT', `${named} is no file`, { hint });
    if (found.size > limit)
      throw new LedgerError('TOO_LARGE', `the file ${named} has ${found.size} bytes, at most ${limit}`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    return text.replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new LedgerError('BAD_INPUT', `the file ${named} is no text in UTF-8`, { hint });
    throw new LedgerError('NOT_FOUND', `the file ${named} cannot be read: ${code ?? message}`, { hint });
  }
}
